import assert from "node:assert/strict";
import type { Decision } from "../../../src/control/engine/decision.ts";
import { dutyAt } from "../../../src/server/shelves/duty.ts";

const TIMES = { tickMs: 1000, dutyTtlMs: 5000 };

function decision(validForMs: number): Decision {
  return {
    percent: 42,
    pending: false,
    causes: [],
    validForMs,
    limit: null,
    decidedMs: 10_000,
    born: true,
  };
}

Deno.test("dutyAt forwards the smaller of its own time and the validity that is left", () => {
  assert.equal(dutyAt(decision(60_000), 10_400, TIMES).ttlMs, 5000);
  const duty = dutyAt(decision(3000), 10_400, TIMES);
  assert.deepEqual(duty, { percent: 42, ageMs: 400, ttlMs: 2600, fault: null });
});

Deno.test("dutyAt does not renew a decision whose tick is overdue", () => {
  assert.equal(dutyAt(decision(60_000), 12_000, TIMES).percent, 42);
  const late = dutyAt(decision(60_000), 12_001, TIMES);
  assert.equal(late.percent, 100);
  assert.match(late.fault ?? "", /last tick ran 2001 ms ago/);
});

Deno.test("dutyAt gives full speed when the readings behind a decision have run out", () => {
  const duty = dutyAt(decision(500), 10_500, TIMES);
  assert.equal(duty.percent, 100);
  assert.ok(duty.ttlMs > 0);
});
