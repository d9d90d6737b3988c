import assert from "node:assert/strict";
import { watchedShelf } from "../support/watched_shelf.ts";
import { fc } from "../deps.ts";

const DAY_S = 86_400;

Deno.test("PhysicsWatch is silent over three days of random loads, whatever they are", () => {
  const quanta = fc.constantFrom(0, 0.125, 0.5, 1);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e6 }), quanta, (seed, quantumK) => {
      const shelf = watchedShelf({ seed, quantumK });
      for (const { findings } of shelf.run(3 * DAY_S)) assert.deepEqual(findings, []);
    }),
    { numRuns: 12 },
  );
});

Deno.test("PhysicsWatch finds a blocked filter within half a day, under any load", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e6 }), (seed) => {
      const shelf = watchedShelf({ seed });
      shelf.settle(2 * DAY_S);
      shelf.fault = "blocked";
      const kinds = shelf.settle(DAY_S / 2).findings.map(({ kind }) => kind);
      assert.ok(kinds.includes("dust"), kinds.join());
    }),
    { numRuns: 12 },
  );
});
