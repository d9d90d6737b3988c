import assert from "node:assert/strict";
import { FanWatch } from "../../../../src/board/hwmon/fan_watch.ts";

Deno.test("a fan that turned at a duty and stands at it is stalled, until it turns", () => {
  const fan = new FanWatch();
  assert.equal(fan.judge(900, 100, 0), "spinning");
  assert.equal(fan.judge(900, 100, 4000), "spinning");
  assert.equal(fan.judge(0, 100, 5000), "starting");
  assert.equal(fan.judge(0, 101, 7999), "starting");
  assert.equal(fan.judge(0, 100, 8000), "stalled");
  assert.equal(fan.judge(800, 100, 9000), "spinning");
  assert.ok(fan.hasStalled);
  fan.clear();
  assert.ok(!fan.hasStalled);
});

Deno.test("a fan that stands below every duty that it turned at has stopped", () => {
  const fan = new FanWatch();
  fan.judge(900, 100, 0);
  fan.judge(900, 100, 4000);
  assert.equal(fan.judge(300, 40, 5000), "spinning");
  assert.equal(fan.judge(0, 40, 6000), "starting");
  assert.equal(fan.judge(0, 40, 9000), "stopped");
  assert.equal(fan.judge(0, 0, 9500), "stopped");
  assert.ok(!fan.hasStalled);
});

Deno.test("where nothing has ever turned at full duty no fan is fitted; before that, unknown", () => {
  const fan = new FanWatch();
  assert.equal(fan.judge(0, 100, 0), "starting");
  assert.equal(fan.judge(0, 100, 3000), "unknown");
  assert.equal(fan.judge(0, 255, 3500), "unknown");
  assert.equal(fan.judge(0, 255, 6500), "not fitted");
  assert.equal(fan.judge(0, 100, 7000), "not fitted");
  assert.equal(fan.judge(500, 100, 8000), "spinning");
});

Deno.test("no tachometer, or one that tells nonsense, is a state of its own", () => {
  const fan = new FanWatch();
  assert.equal(fan.judge(null, 100, 0), "unknown");
  assert.equal(fan.judge("implausible", 100, 0), "implausible");
});
