import assert from "node:assert/strict";
import { runFanctl } from "../../src/cli/main.ts";
import { openStore } from "../../src/server/store/store.ts";
import { serve, testSensor, type TestServer, testShelf } from "../support/serve.ts";
import { TestIo } from "../support/test_io.ts";
import { VirtualClock } from "../support/virtual_clock.ts";

/** Runs fanctl against a server whose virtual time stands still. */
async function fanctl(
  served: TestServer,
  ...words: string[]
): Promise<{ status: number; out: string; err: string }> {
  const io = new TestIo();
  const status = await runFanctl(["-p", String(served.port), ...words], io);
  return { status, out: io.out, err: io.err };
}

Deno.test("fanctl why tells every step, and who ordered what and why", async () => {
  const clock = new VirtualClock();
  await using served = serve({ clock, tempsC: { nas: 42.5 } });
  const calm = await fanctl(served, "why", "nas");
  assert.deepEqual(calm, {
    status: 0,
    out: [
      "nas: 42.5 %, because: nas 42.5 °C -> 42.5 %",
      "  sensor  nas: 42.5 °C, 0.0 s old",
      "  curve   curve: nas at 42.5 °C, linear between 20.0 °C (20 %) and 80.0 °C (80 %) -> 42.5 %",
      "  floor   never below 20 %",
      "  result  42.5 % because of nas 42.5 °C -> 42.5 %",
      "  causes  curve 42.5 %  nas 42.5 °C -> 42.5 %",
      "          floor 20 %    floor 20 %",
      "  would change it  curve: at 80.0 °C it asks for 80 %",
      "                   curve: below 42.5 °C it asks for less",
      '                   sensor "nas": from 90.0 °C on the shelf runs at full speed',
      "",
    ].join("\n"),
    err: "",
  });
  await fanctl(served, "set-pwm-override", "nas", "10", "--reason", "a recording");
  const { out } = await fanctl(served, "why", "nas");
  assert.match(out, /^nas: 20 %, because: floor 20 %\n/);
  assert.match(
    out,
    /\n {2}override {2}override 10 %, by 127\.0\.0\.1:\d+ \(a recording\); limited by floor 20 %\n/,
  );
  assert.match(out, /\n {2}would change it {2}override: when it ends or is taken back/);
});

Deno.test("fanctl why as JSON is the server's map, and an unknown shelf is an error", async () => {
  const clock = new VirtualClock();
  await using served = serve({ clock, tempsC: { nas: 42.5 } });
  const { out } = await fanctl(served, "why", "nas", "--json");
  const { shelf, steps, changes } = JSON.parse(out);
  assert.equal(shelf, "nas");
  assert.deepEqual(steps[0], {
    what: "sensor",
    text: "nas: 42.5 °C, 0.0 s old",
    value: 42.5,
    unit: "°C",
  });
  assert.equal(changes.length, 3);
  const unknown = await fanctl(served, "why", "moon");
  assert.equal(unknown.status, 1);
  assert.match(unknown.err, /^fanctl: Cannot find shelf "moon"/);
});

Deno.test("fanctl whatif tells where the fans would go and when, and changes nothing", async () => {
  const clock = new VirtualClock();
  await using served = serve({ clock, tempsC: { nas: 42.5 } });
  const missing = await fanctl(served, "whatif", "nas", "nas=missing");
  assert.match(missing.out, /^nas: settled; run on for 2m4s\n {2}now +42\.5 % +nas 42\.5 °C/);
  assert.match(missing.out, /\n {2}after 4\.0s +100 % +failsafe: sensor "nas" lost/);
  const all = await fanctl(served, "whatif", "nas", "sensor=70");
  assert.match(all.out, /\n {2}after 1\.0s +70 % /);
  const ordered = await fanctl(served, "whatif", "nas", "override=33");
  assert.match(ordered.out, /\n {2}after 1\.0s +33 % +override 33 %\n/);
  assert.match(
    (await fanctl(served, "whatif", "nas", "override=none")).out,
    /nothing would change/,
  );
  const after = await fanctl(served, "get-pwm", "nas");
  assert.equal(after.out, "42.5\n");
});

Deno.test("fanctl whatif refuses what it cannot suppose", async () => {
  await using served = serve({ clock: new VirtualClock(), tempsC: { nas: 42.5 } });
  for (
    const [word, status, problem] of [
      ["missing", 2, /it is not NAME=VALUE/],
      ["moon=70", 1, /rests on no sensor "moon"; name one of nas$/m],
      ["nas=gone", 1, /sensor "nas" cannot be supposed so; send °C, "missing" or "asleep"/],
      ["fan=happy", 1, /"fans" is no state of a fan; send one of stalled, spinning, stopped/],
      ["profile=loud", 1, /"profile" names none; send one of normal/],
      ["override=101", 1, /"override" is no percentage/],
    ] as const
  ) {
    const found = await fanctl(served, "whatif", "nas", word);
    assert.equal(found.status, status, word);
    assert.match(found.err, problem);
  }
});

Deno.test("fanctl whatif says of a computed sensor what to suppose instead", async () => {
  const config = {
    sensors: [testSensor("cpu"), testSensor("disk")],
    derived: [
      { name: "disks", kind: "other", type: "max" as const, of: ["disk"] },
      { name: "both", kind: "other", type: "max" as const, of: ["cpu", "disks"] },
    ],
    shelves: [testShelf("nas", ["both"])],
  };
  const tempsC = { cpu: 40, disk: 30 };
  await using served = serve({ clock: new VirtualClock(), config, tempsC });
  const { status, err } = await fanctl(served, "whatif", "nas", "both=80");
  assert.equal(status, 1);
  assert.match(err, /sensor "both" is computed; suppose what it is computed from: cpu, disk$/m);
  const { out } = await fanctl(served, "whatif", "nas", "disk=80");
  assert.match(out, /\n {2}after 1\.0s +80 % +both 80\.0 °C/);
});

Deno.test("fanctl overrides lists who ordered what until when and why", async () => {
  const clock = new VirtualClock();
  await using served = serve({ clock, shelves: ["a", "b", "c"], tempsC: { a: 40, b: 40, c: 40 } });
  const none = await fanctl(served, "overrides");
  assert.equal(none.out, "no override is in force\n");
  await fanctl(served, "set-pwm-override", "c", "60", "--reason", "a recording");
  await fanctl(served, "set-pwm-override", "a", "10");
  const lines = (await fanctl(served, "overrides")).out.trimEnd().split("\n");
  assert.match(lines[0] ?? "", /^SHELF +SET TO +GETS +UNTIL +BY +WHY +LIMITED BY$/);
  assert.match(lines[1] ?? "", /^a +10 % +20 % +no end +127\.0\.0\.1:\d+ +- +floor 20 %$/);
  assert.match(lines[2] ?? "", /^c +60 % +60 % +no end +127\.0\.0\.1:\d+ +a recording +-$/);
  assert.equal(lines.length, 3);
});

Deno.test("who ordered what and why survives a restart", async () => {
  const clock = new VirtualClock();
  using store = openStore(null, { clock });
  {
    await using served = serve({ clock, store, tempsC: { nas: 42.5 } });
    await fanctl(served, "set-pwm-override", "nas", "30", "--reason", "a recording");
  }
  await using served = serve({ clock, store, tempsC: { nas: 42.5 } });
  assert.match((await fanctl(served, "overrides")).out, /nas +30 % +30 % .* a recording /);
});
