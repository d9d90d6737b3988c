import { deepEqual, equal, match, rejects } from "node:assert/strict";
import { systemClock } from "../../src/clock.ts";
import type { AlertView } from "../../src/control/alerts/alert_conditions.ts";
import type { AlertCondition } from "../../src/control/alerts/alert_rule.ts";
import { Libc } from "../../src/libc/libc.ts";
import { AlertDesk } from "../../src/server/alerts/alert_desk.ts";
import type { AlertConfig, DeliveryConfig } from "../../src/config/alert_config.ts";
import type { Notice } from "../../src/server/alerts/notice.ts";
import { MOST_QUEUED, MOST_TRIES, Outlet } from "../../src/server/alerts/outlet.ts";
import { webhook } from "../../src/server/alerts/webhook.ts";
import { RecordedLog } from "../support/recorded_log.ts";
import { TempDir } from "../support/temp_dir.ts";
import { VirtualClock } from "../support/virtual_clock.ts";

const HOT: AlertCondition = { type: "temperature", sensors: ["cpu"], aboveC: 80, belowC: null };

const NOTICE: Notice = {
  type: "raised",
  rule: "hot",
  severity: "warning",
  subject: "cpu",
  text: "hot",
  at: "2030-01-01T00:00:00.000Z",
  lasted_ms: 0,
  from: "fand/0",
};

function view(tempC: number): AlertView {
  return { tempC: () => tempC, percent: () => 30, shelves: ["case"], findings: [] };
}

function rule(deliver: string[], more: Partial<AlertConfig> = {}): AlertConfig {
  return {
    name: "hot",
    severity: "critical",
    condition: HOT,
    warmUpMs: 0,
    holdMs: 0,
    clearMs: 0,
    repeatMs: null,
    deliver,
    shutdown: null,
    ...more,
  };
}

async function judged(
  rules: AlertConfig[],
  deliveries: DeliveryConfig[],
  temps: number[],
): Promise<RecordedLog> {
  const log = new RecordedLog();
  const desk = new AlertDesk({ rules, deliveries }, {
    clock: systemClock,
    log,
    random: () => 0,
  });
  for (const tempC of temps) desk.judge(view(tempC));
  await Promise.all(desk.outlets.map((outlet) => outlet.idle()));
  await desk.stop();
  return log;
}

Deno.test("an alert reaches a program as JSON on its input, in the order of its events", async () => {
  await using dir = await TempDir.make();
  const file = dir.join("told");
  const argv = ["sh", "-c", 'cat >> "$0"', file];
  await judged(
    [rule(["p"])],
    [{ type: "command", name: "p", argv, timeoutMs: 10_000 }],
    [85, 86, 20],
  );
  const told: Notice[] = (await Deno.readTextFile(file)).trim().split("\n")
    .map((line) => JSON.parse(line));
  deepEqual(told.map(({ type, subject, text }) => [type, subject, text]), [
    ["raised", "cpu", '"cpu" is 85.0 °C, above 80.0 °C'],
    ["cleared", "cpu", 'over: "cpu" is 86.0 °C, above 80.0 °C'],
  ]);
});

Deno.test("what a sensor is called never reaches a shell", async () => {
  await using dir = await TempDir.make();
  const evil = `$(touch ${dir.join("evil")})\n;touch ${dir.join("evil")}`;
  const file = dir.join("told");
  await judged(
    [rule(["p"], { condition: { ...HOT, sensors: [evil] } })],
    [{ type: "command", name: "p", argv: ["tee", file], timeoutMs: 10_000 }],
    [85],
  );
  const told: Notice = JSON.parse(await Deno.readTextFile(file));
  equal(told.subject, evil.replace("\n", " "));
  const files = await Array.fromAsync(Deno.readDir(dir.path));
  deepEqual(files.map(({ name }) => name), ["told"]);
});

Deno.test("a critical alert runs its shutdown once, when it is raised", async () => {
  await using dir = await TempDir.make();
  const file = dir.join("stopped");
  const shutdown = ["sh", "-c", 'echo stop >> "$0"', file];
  await judged([rule([], { shutdown })], [], [85, 86, 20]);
  equal(await Deno.readTextFile(file), "stop\n");
});

Deno.test("a program that fails is tried again, and then given up with what it said", async () => {
  const log = new RecordedLog();
  using libc = new Libc();
  const { program } = await import("../../src/server/alerts/program.ts");
  const outlet = new Outlet(
    "p",
    program(["sh", "-c", "echo no mail today >&2; exit 3"], libc),
    10_000,
    { clock: systemClock, log, random: () => 0 },
  );
  outlet.tell(NOTICE);
  await outlet.idle();
  match(await log.line(/^error/), /in 4 tries: .* it ended with 3 and said "no mail today"/);
  deepEqual(outlet.counters, { delivered: 0, failed: 1, dropped: 0 });
});

Deno.test("a webhook posts the notice with its token, and a redirection is a failure", async () => {
  await using dir = await TempDir.make();
  const token = dir.join("token");
  await Deno.writeTextFile(token, "s3cret\n");
  const seen: string[] = [];
  await using server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {} },
    async (request) => {
      seen.push(
        `${request.method} ${request.headers.get("authorization")} ${await request.text()}`,
      );
      return new URL(request.url).pathname === "/moved"
        ? Response.redirect("http://127.0.0.1:1/")
        : new Response("thanks");
    },
  );
  const url = `http://127.0.0.1:${server.addr.port}`;
  await webhook(url, token)(NOTICE, AbortSignal.timeout(60_000));
  deepEqual(seen, [`POST Bearer s3cret ${JSON.stringify(NOTICE)}`]);
  let failure = "";
  try {
    await webhook(`${url}/moved`, null)(NOTICE, AbortSignal.timeout(60_000));
  } catch (error) {
    failure = String(error);
  }
  match(failure, /it answered 302/);
});

Deno.test(
  "a webhook without its permissions names the flags and asks nobody",
  { permissions: { net: ["127.0.0.1:1"] } },
  async () => {
    const signal = AbortSignal.timeout(60_000);
    await rejects(
      webhook("https://alerts.example.com/fand", null)(NOTICE, signal),
      /run with --allow-net=alerts\.example\.com:443$/,
    );
    await rejects(
      webhook("http://127.0.0.1:1/fand", "/etc/token")(NOTICE, signal),
      /run with --allow-read=\/etc\/token$/,
    );
  },
);

Deno.test("a webhook that never answers costs its own time only", async () => {
  const asked = Promise.withResolvers<void>();
  const over = Promise.withResolvers<Response>();
  await using server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, () => {
    asked.resolve();
    return over.promise;
  });
  const log = new RecordedLog();
  const clock = new VirtualClock();
  const deliver = webhook(`http://127.0.0.1:${server.addr.port}`, null);
  const outlet = new Outlet("hook", deliver, 5000, { clock, log, random: () => 0 });
  outlet.tell(NOTICE);
  await asked.promise;
  await clock.advance(5000);
  await log.line(/it took longer than 5000 ms/);
  over.resolve(new Response(""));
  await outlet.stop();
});

Deno.test("when alerts come faster than they can be told, critical ones stay", async () => {
  const told: string[] = [];
  const gate = Promise.withResolvers<void>();
  const outlet = new Outlet(
    "slow",
    async ({ rule }) => {
      await gate.promise;
      told.push(rule);
    },
    60_000,
    { clock: new VirtualClock(), log: new RecordedLog(), random: () => 0 },
  );
  outlet.tell({ ...NOTICE, rule: "first" });
  outlet.tell({ ...NOTICE, rule: "bad", severity: "critical" });
  for (let index = 0; index < MOST_QUEUED + 10; index++) {
    outlet.tell({ ...NOTICE, rule: `minor ${index}` });
  }
  gate.resolve();
  await outlet.idle();
  deepEqual(told.slice(0, 3), ["first", "bad", "minor 11"]);
  equal(told.length, 1 + MOST_QUEUED);
  equal(outlet.counters.dropped, 11);
});

Deno.test("a failing outlet tries no more often than it says", async () => {
  const clock = new VirtualClock();
  let tries = 0;
  const outlet = new Outlet(
    "broken",
    () => {
      tries++;
      return Promise.reject(new Error("no"));
    },
    1000,
    { clock, log: new RecordedLog(), random: () => 0.5 },
  );
  outlet.tell(NOTICE);
  await clock.advance(120_000);
  await outlet.idle();
  equal(tries, MOST_TRIES);
  equal(clock.waiting, 0);
});

Deno.test("what is not told yet outlives a new configuration, and goes where that says", async () => {
  const told: string[] = [];
  const asked = Promise.withResolvers<void>();
  const never = Promise.withResolvers<Response>();
  await using server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {} },
    async (request) => {
      const { rule }: Notice = await request.json();
      if (new URL(request.url).pathname === "/old") {
        asked.resolve();
        return await never.promise;
      }
      told.push(rule);
      return new Response();
    },
  );
  const hook = (path: string): DeliveryConfig => ({
    type: "webhook",
    name: "hook",
    url: `http://127.0.0.1:${server.addr.port}${path}`,
    timeoutMs: 60_000,
    bearerFile: null,
  });
  const parts = { clock: systemClock, log: new RecordedLog(), random: () => 0 };
  const rules = [rule(["hook"]), { ...rule(["hook"]), name: "again" }];
  const first = new AlertDesk({ rules, deliveries: [hook("/old")] }, parts);
  first.judge(view(85));
  await asked.promise;
  const same = new AlertDesk({ rules, deliveries: [hook("/old")] }, parts, first);
  deepEqual(same.outlets, first.outlets);
  const other = new AlertDesk({ rules, deliveries: [hook("/new")] }, parts, same);
  other.judge(view(86));
  await Promise.all(other.outlets.map((outlet) => outlet.idle()));
  deepEqual(told, ["hot", "again"]);
  never.resolve(new Response());
  await other.stop();
});
