import { deepEqual, equal } from "node:assert/strict";
import { NORMAL_PROFILE } from "../../src/control/profile/profile.ts";
import type { ServerConfig } from "../../src/config/config.ts";
import { isWireMap, type WireMap } from "../../src/wire/value.ts";
import { RecordedLog } from "../support/recorded_log.ts";
import { type Client, serve, testConfig } from "../support/serve.ts";
import { VirtualClock } from "../support/virtual_clock.ts";

const QUIET = {
  ...NORMAL_PROFILE,
  name: "quiet",
  maxPercent: 30,
  maxMs: 3_600_000,
  schedule: null,
};

async function status(client: Client): Promise<WireMap> {
  const [, [entries]] = await client.ask("status", "nas");
  const [shelf] = Array.isArray(entries) ? entries : [];
  if (!isWireMap(shelf)) throw new Error("no status");
  return shelf;
}

async function percent(client: Client): Promise<number> {
  const [, args] = await client.ask("get_pwm", "nas");
  return Number(args[1]);
}

Deno.test("a profile set by hand bends the curve until its time is up, and says so", async () => {
  const clock = new VirtualClock();
  await using server = serve({ clock, tempsC: { nas: 50 }, config: { profiles: [QUIET] } });
  await clock.advance(1000);
  const client = await server.connect();
  equal(await percent(client), 50);
  deepEqual(await client.ask("set_profile", "quiet", null, "a recording"), ["ack", []]);
  await clock.advance(120_000);
  equal(await percent(client), 30);
  const { causes } = await status(client);
  const [first] = Array.isArray(causes) ? causes : [];
  equal(isWireMap(first) ? first["kind"] : null, "profile");
  await clock.advance(3_600_000);
  equal(await percent(await server.connect()), 50);
});

Deno.test("critical temperatures, failsafes, floors and overrides outrank a profile", async () => {
  const clock = new VirtualClock();
  const config: Partial<ServerConfig> = { profiles: [{ ...QUIET, maxPercent: 5 }] };
  await using server = serve({ clock, tempsC: { nas: 50 }, config });
  const client = await server.connect();
  await client.ask("set_profile", "quiet");
  await clock.advance(120_000);
  equal(await percent(client), 20);
  await client.ask("set_pwm_override", "nas", 70);
  equal(await percent(client), 70);
  await client.ask("set_pwm_override", "nas", null);
  server.tempsC.set("nas", 95);
  await clock.advance(1000);
  equal(await percent(client), 100);
  server.tempsC.delete("nas");
  await clock.advance(10_000);
  equal(await percent(client), 100);
});

Deno.test("an alert of the configuration is told, listed, acknowledged and cleared", async () => {
  const clock = new VirtualClock();
  const log = new RecordedLog();
  const alerts: ServerConfig["alerts"] = {
    deliveries: [{ type: "log", name: "log" }],
    rules: [{
      name: "warm",
      severity: "warning",
      condition: { type: "temperature", sensors: ["nas"], aboveC: 60, belowC: null },
      warmUpMs: 0,
      holdMs: 3000,
      clearMs: 3000,
      repeatMs: 5000,
      deliver: ["log"],
      shutdown: null,
    }],
  };
  await using server = serve({ clock, log, tempsC: { nas: 70 }, config: { alerts } });
  const client = await server.connect();
  await clock.advance(3000);
  await log.line(/Alert "warm" raised: "nas" is 70\.0 °C, above 60\.0 °C/);
  await clock.advance(5000);
  await log.line(/Alert "warm" repeated/);
  const [, [listed]] = await client.ask("alerts");
  const [alert] = Array.isArray(listed) ? listed : [];
  deepEqual(alert, {
    rule: "warm",
    severity: "warning",
    subject: "nas",
    text: '"nas" is 70.0 °C, above 60.0 °C',
    lasted_ms: 8000,
    acknowledged_by: null,
  });
  deepEqual(await client.ask("acknowledge_alert", "warm"), ["ack", [1]]);
  server.tempsC.set("nas", 40);
  await clock.advance(4000);
  await log.line(/Alert "warm" cleared/);
  deepEqual(await client.ask("alerts"), ["alerts", [[], null]]);
});

Deno.test("a reload keeps the profile in force and the alerts that are active", async () => {
  const clock = new VirtualClock();
  const config: Partial<ServerConfig> = { profiles: [QUIET] };
  await using server = serve({ clock, tempsC: { nas: 50 }, config });
  const client = await server.connect();
  await client.ask("set_profile", "quiet");
  await clock.advance(120_000);
  equal(await percent(client), 30);
  await server.server.reload({ ...testConfig({ config }), tickMs: 500 });
  await clock.advance(1000);
  equal(await percent(client), 30);
});

Deno.test("a schedule lasts by the wall clock, also when that is set back meanwhile", async () => {
  const clock = new VirtualClock();
  const schedule = { from: "0 0 * * *", forMs: 7_200_000, timeZone: "UTC" };
  const config: Partial<ServerConfig> = { profiles: [{ ...QUIET, schedule }] };
  await using server = serve({ clock, tempsC: { nas: 50 }, config });
  await clock.advance(5_400_000);
  equal(await percent(await server.connect()), 30);
  clock.stepWall(-3_600_000);
  await clock.advance(3_600_000);
  equal(await percent(await server.connect()), 30);
  await clock.advance(2_400_000);
  equal(await percent(await server.connect()), 50);
});
