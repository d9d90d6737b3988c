import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { parseTemperature } from "../../../src/cli/temperature.ts";
import { always, fanctl } from "../../support/run_fanctl.ts";

for (
  const [line, args] of [
    ["push inlet 21.5", ["inlet", 21.5, 60_000]],
    ["push inlet none --ttl 5m", ["inlet", null, 300_000]],
    ["push --ttl 1.5s inlet -- -4", ["inlet", -4, 1500]],
  ] as const
) {
  Deno.test(`fanctl ${line} sends one reading`, async () => {
    const { status, out, asked } = await fanctl(line, always("ack"));
    strictEqual(status, 0);
    strictEqual(out, "ok\n");
    deepStrictEqual(asked.map(({ request, args }) => [request, args]), [["push_reading", args]]);
  });
}

Deno.test("fanctl push tells programs what it has sent", async () => {
  const { out } = await fanctl("push inlet 21.5 --json", always("ack"));
  deepStrictEqual(JSON.parse(out), { ok: true, sensor: "inlet", temp_c: 21.5, ttl_ms: 60_000 });
});

Deno.test("a sensor that the server does not take readings of is an error", async () => {
  const text = 'Cannot take a reading of "cpu": no; configure it';
  const { status, err } = await fanctl("push cpu 20", always("error", "sensor_not_found", text));
  strictEqual(status, 1);
  strictEqual(err, `fanctl: ${text}\n`);
});

for (const text of ["warm", "", "NaN", "1e3", "21,5", "0x10"]) {
  Deno.test(`${JSON.stringify(text)} is no temperature`, () => {
    throws(
      () => parseTemperature(text),
      /it is no number; write degrees Celsius as 21.5, or "none"/,
    );
  });
}
