import { deepEqual, equal, rejects, throws } from "node:assert/strict";
import { BadArgumentsError, ConfigError } from "../../../src/errors.ts";
import { ConfigTrial } from "../../../src/server/program/config_trial.ts";
import type { ServerConfig } from "../../../src/config/config.ts";
import { defaultConfig } from "../../../src/config/default_config.ts";
import { RecordedLog } from "../../support/recorded_log.ts";
import { VirtualClock } from "../../support/virtual_clock.ts";

function setUp() {
  const clock = new VirtualClock();
  const log = new RecordedLog();
  const old = { ...defaultConfig([]), source: "fand.toml" };
  const candidate = {
    config: { ...old, tickMs: 500, source: "fand.candidate.toml" },
    sha256: "abc",
  };
  const state = { current: old as ServerConfig, candidate, fails: false, failingPuts: 0 };
  const trial = new ConfigTrial({
    clock,
    log,
    current: () => state.current,
    compare: () => [["shelf1", 30, 40]],
    read: () =>
      state.fails
        ? Promise.reject(new ConfigError("Cannot use it", ["x:1: bad"]))
        : Promise.resolve(state.candidate),
    put: (config) => {
      state.current = config;
      if (state.failingPuts === 0) return Promise.resolve();
      state.failingPuts--;
      return Promise.reject(new Error("a board does not answer"));
    },
  });
  return { clock, log, old, state, trial };
}

Deno.test("a configuration on trial is in force and taken back when nobody confirms it", async () => {
  const { clock, log, old, state, trial } = setUp();
  await trial.begin("abc", 30_000);
  equal(state.current.tickMs, 500);
  equal(trial.candidate, `${Deno.cwd()}/fand.candidate.toml`);
  await clock.advance(20_000);
  deepEqual(trial.running, { sha256: "abc", leftMs: 10_000 });
  await clock.advance(10_000);
  equal(state.current, old);
  equal(trial.running, null);
  await log.line(/nobody has confirmed it in time/);
});

Deno.test("a confirmed configuration stays", async () => {
  const { clock, state, trial } = setUp();
  await trial.begin("abc", 30_000);
  trial.confirm("abc");
  await clock.advance(60_000);
  equal(state.current.tickMs, 500);
  equal(clock.waiting, 0);
  equal(await trial.takeBack("too late"), false);
});

Deno.test("a trial can be taken back at once", async () => {
  const { clock, old, state, trial } = setUp();
  await trial.begin("abc", 30_000);
  equal(await trial.takeBack("it is loud"), true);
  equal(state.current, old);
  equal(clock.waiting, 0);
});

Deno.test("only what was looked at is tried and confirmed", async () => {
  const { old, state, trial } = setUp();
  await rejects(trial.begin("other", 30_000), BadArgumentsError);
  equal(state.current, old);
  await trial.begin("abc", 30_000);
  throws(() => trial.confirm("other"), BadArgumentsError);
  trial.forget();
});

Deno.test("one trial at a time, and only with a time that one can confirm in", async () => {
  const { trial } = setUp();
  for (const ms of [0, 4999, 600_001, NaN, Infinity]) {
    await rejects(trial.begin("abc", ms), BadArgumentsError);
  }
  const [first, second] = await Promise.allSettled([
    trial.begin("abc", 5000),
    trial.begin("abc", 5000),
  ]);
  deepEqual([first?.status, second?.status], ["fulfilled", "rejected"]);
  trial.forget();
});

Deno.test("a candidate with problems changes nothing, and the next one can be tried", async () => {
  const { old, state, trial } = setUp();
  state.fails = true;
  await rejects(trial.begin("abc", 5000), ConfigError);
  equal(state.current, old);
  state.fails = false;
  await trial.begin("abc", 5000);
  trial.forget();
});

Deno.test("the candidate is a file beside the one in force, and there is none beside no file", async () => {
  const { old, state, trial } = setUp();
  equal(trial.candidate, `${Deno.cwd()}/fand.candidate.toml`);
  state.current = { ...old, source: "/etc/fand.ini" };
  equal(trial.candidate, "/etc/fand.candidate.ini");
  state.current = { ...old, source: "/etc/fand.conf" };
  equal(trial.candidate, "/etc/fand.candidate.conf");
  state.current = { ...old, source: "built-in default" };
  equal(trial.candidate, null);
  await rejects(trial.check("abc"), ConfigError);
});

Deno.test("a dry run tells what would change and changes nothing", async () => {
  const { old, state, trial } = setUp();
  deepEqual(await trial.check("abc"), [["shelf1", 30, 40]]);
  equal(state.current, old);
  equal(trial.running, null);
});

Deno.test("a configuration that cannot be put in force wholly is taken back at once", async () => {
  const { clock, old, state, trial } = setUp();
  state.failingPuts = 1;
  await rejects(trial.begin("abc", 30_000), /a board does not answer/);
  equal(state.current, old);
  equal(trial.running, null);
  equal(clock.waiting, 0);
});

Deno.test("what could not be taken back is tried again until it works", async () => {
  const { clock, log, old, state, trial } = setUp();
  await trial.begin("abc", 30_000);
  state.failingPuts = 2;
  await clock.advance(30_000);
  await log.line(/Cannot take the configuration on trial back: a board does not answer/);
  equal(trial.running?.sha256, "abc");
  await clock.advance(10_000);
  equal(state.current, old);
  equal(trial.running, null);
  equal(clock.waiting, 0);
});
