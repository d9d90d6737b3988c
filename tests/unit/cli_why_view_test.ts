import { match, strictEqual } from "node:assert/strict";
import { whyLines } from "../../src/cli/why_view.ts";
import { Engine } from "../../src/control/engine/engine.ts";
import { findingEntry } from "../../src/server/requests/status.ts";
import { explanationEntry } from "../../src/server/requests/why.ts";
import type { EngineConfig } from "../../src/control/engine/engine_config.ts";
import { engineConfig, engineShelf } from "../support/engine_config.ts";

/** What `why` prints once `cpu` has been missed for this reason. */
function printed(reason: string, config: Partial<EngineConfig> = {}): string {
  const engine = new Engine(engineConfig(config), 0);
  for (let atMs = 0; atMs < 6000; atMs += 1000) {
    engine.apply({ type: "miss", sensor: "cpu", reason, fault: "missing", atMs });
    engine.tick({ atMs, wallMs: atMs, lateMs: 0 });
  }
  const findings = engine.findings().map((finding) => findingEntry(finding, 0));
  return whyLines({ ...explanationEntry(engine.explain("nas")), findings }, "UTC").join("\n");
}

const count = (text: string, part: string): number => text.split(part).length - 1;

Deno.test("a long reason is printed whole once, and everywhere else its beginning", () => {
  for (const length of [60, 200, 280, 1000]) {
    const reason = `Cannot read "x": ${"r".repeat(length)}`;
    const text = printed(reason);
    strictEqual(text.match(/r{60,}/g)?.length, 1, text);
    strictEqual(count(text, "……"), 0, text);
    strictEqual(count(text, '6 misses in 5.0 s: Cannot read "x": rrr'), 6, text);
  }
});

Deno.test("a reason that a computed sensor takes over is not printed whole again", () => {
  const reason = `Cannot read "x": ${"r".repeat(200)}`;
  const text = printed(reason, {
    derived: [{ name: "both", kind: "other", type: "max", of: ["cpu"] }],
    shelves: [engineShelf("nas", ["both"])],
  });
  match(text, /\n {2}sensor {2}both: failed \(failed: input "cpu": 6 misses [^…]+…\)\n/);
  strictEqual(text.match(/r{60,}/g)?.length, 1, text);
});

Deno.test("a short reason is printed wherever it belongs", () => {
  strictEqual(count(printed("no such file"), "6 misses in 5.0 s: no such file)"), 5);
});
