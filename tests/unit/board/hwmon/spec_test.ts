import assert from "node:assert/strict";
import { isLineSpec, parseLineSpec } from "../../../../src/board/line_spec.ts";

Deno.test.each([
  ["hwmon:nct6775", { chip: "nct6775", device: null, outputs: null }],
  ["hwmon:nct6775@nct6775.656", { chip: "nct6775", device: "nct6775.656", outputs: null }],
  ["hwmon:amdgpu@0000:01:00.0:pwm1", {
    chip: "amdgpu",
    device: "0000:01:00.0",
    outputs: [{ pwm: 1, fan: 1 }],
  }],
  ["hwmon:it8620@/sys/devices/platform/it87.2608:pwm3,pwm1=fan4", {
    chip: "it8620",
    device: "/sys/devices/platform/it87.2608",
    outputs: [{ pwm: 3, fan: 3 }, { pwm: 1, fan: 4 }],
  }],
])("the line %j is taken apart", (spec, parts) => {
  assert.deepEqual(parseLineSpec(String(spec)), { kind: "hwmon", ...parts as object });
});

Deno.test.each([
  "hwmon:",
  "hwmon:a b",
  "hwmon:a@",
  "hwmon:a:pwm0",
  "hwmon:a:pwm1,",
  "hwmon:a:pwm1,pwm1",
  "hwmon:a:fan1",
  "hwmon:a:pwm1=pwm2",
])("the line %j is refused", (spec: string) => {
  assert.ok(!isLineSpec(spec));
});
