import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { SharedRun } from "../../../src/sensors/tools/shared_run.ts";
import { VirtualClock } from "../../support/virtual_clock.ts";

const never = new AbortController().signal;

/** A run whose end a test decides. */
class Work {
  runs: { resolve(value: string): void; reject(error: Error): void; signal: AbortSignal }[] = [];

  run = (signal: AbortSignal): Promise<string> =>
    new Promise((resolve, reject) => {
      this.runs.push({ resolve, reject, signal });
      signal.addEventListener("abort", () => reject(new Error("called off")), { once: true });
    });
}

Deno.test("one run serves everybody who asks meanwhile, and for a while after", async () => {
  const work = new Work();
  const clock = new VirtualClock();
  const shared = new SharedRun(work.run, clock, 1000);
  const both = [shared.get(never), shared.get(never)];
  work.runs[0]?.resolve("first");
  deepStrictEqual(await Promise.all(both), ["first", "first"]);
  await clock.advance(999);
  strictEqual(await shared.get(never), "first");
  await clock.advance(1);
  const next = shared.get(never);
  strictEqual(work.runs.length, 2);
  work.runs[1]?.resolve("second");
  strictEqual(await next, "second");
});

Deno.test("a failure is shared and kept like a result", async () => {
  const work = new Work();
  const shared = new SharedRun(work.run, new VirtualClock(), 1000);
  const both = [shared.get(never), shared.get(never)].map((each) => rejects(each, /no tool/));
  work.runs[0]?.reject(new Error("no tool"));
  await Promise.all(both);
  await rejects(shared.get(never), /no tool/);
  strictEqual(work.runs.length, 1);
});

Deno.test("who gives up leaves the run to the others, and the last one ends it", async () => {
  const work = new Work();
  const shared = new SharedRun(work.run, new VirtualClock(), 1000);
  const [one, two] = [new AbortController(), new AbortController()];
  const first = rejects(shared.get(one.signal), /Cannot wait any longer/);
  const second = rejects(shared.get(two.signal), /called off/);
  one.abort();
  await first;
  strictEqual(work.runs[0]?.signal.aborted, false);
  two.abort();
  await second;
  strictEqual(work.runs[0]?.signal.aborted, true);
  const again = shared.get(never);
  work.runs[1]?.resolve("again");
  strictEqual(await again, "again", "what was called off is not handed out");
});

Deno.test("closing ends what runs and begins nothing", async () => {
  const work = new Work();
  const clock = new VirtualClock();
  const shared = new SharedRun(work.run, clock, 1000);
  const reading = rejects(shared.get(never), /called off/);
  await shared.close();
  await reading;
  await clock.advance(1000);
  await rejects(shared.get(never), /Cannot wait/);
  strictEqual(work.runs.length, 1);
});

Deno.test("who comes with its time over does not begin a run", async () => {
  const work = new Work();
  const shared = new SharedRun(work.run, new VirtualClock(), 1000);
  await rejects(shared.get(AbortSignal.abort()), /Cannot wait/);
  strictEqual(work.runs.length, 0);
});
