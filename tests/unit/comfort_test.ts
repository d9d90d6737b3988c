import assert from "node:assert/strict";
import { loadTrace, plantUnder, runWay } from "../../bench/comfort/run.ts";
import { defaultWay, fandWay, lineWay } from "../../bench/comfort/ways.ts";

Deno.test("on the built-in plant the default is cooler, thriftier and quieter than the usual ways", () => {
  const spec = plantUnder(loadTrace(1), 1);
  const ours = runWay(spec, defaultWay());
  assert.equal(ours.overS, 0);
  for (const way of [fandWay(), lineWay()]) {
    const theirs = runWay(spec, way);
    for (const [source, tempC] of Object.entries(theirs.peakC)) {
      assert.ok((ours.peakC[source] ?? Infinity) < tempC, `${way.name}: peak of ${source}`);
    }
    assert.ok(ours.overS < theirs.overS, `${way.name}: time over a limit`);
    assert.ok(ours.powerPercent < theirs.powerPercent, `${way.name}: power`);
    assert.ok(ours.changes < theirs.changes, `${way.name}: audible changes`);
  }
});
