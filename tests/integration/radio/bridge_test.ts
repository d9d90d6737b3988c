/** `fanctl radio bridge` against a server that the test speaks for. */

import assert from "node:assert/strict";
import { runFanctl } from "../../../src/cli/main.ts";
import { decodeOrders } from "../../../src/wire/radio/orders.ts";
import { RADIO_PORT } from "../../../src/wire/radio/limits.ts";
import { encodeReport, type RadioShelf } from "../../../src/wire/radio/report.ts";
import type { WireMap } from "../../../src/wire/value.ts";
import { TestIo } from "../../support/test_io.ts";
import { VirtualClock } from "../../support/virtual_clock.ts";
import { WireServer } from "../../support/wire_server.ts";

const DEVICE = "AC1F09FFFE000001";
const SHELF: RadioShelf = {
  index: 0,
  state: "safe",
  percent: 100,
  rpm: 1180,
  tempsC: [31.5, null],
};

/** An uplink of the device, whose clock is ahead, and which came so long ago. */
function uplink(
  clock: VirtualClock,
  { aheadS = 0, lateS = 0, seq = 0, shelves = [SHELF], port = RADIO_PORT, device = DEVICE } = {},
): string {
  const timeS = clock.wallMs() / 1000 + aheadS - lateS;
  const [payload] = encodeReport({ timeS, ordersSeq: seq, shelves }, 242);
  return JSON.stringify({
    time: new Date(clock.wallMs() - lateS * 1000).toISOString(),
    deviceInfo: { devEui: device.toLowerCase() },
    fPort: port,
    data: payload?.toBase64(),
  });
}

/** Runs a bridge over these lines, with these overrides at the server. */
async function bridge(
  lines: (clock: VirtualClock) => readonly string[],
  overrides: readonly WireMap[] = [],
  refused: readonly string[] = [],
  words = "radio bridge AC1F09FFFE000001=attic,barn",
) {
  const clock = new VirtualClock();
  await using server = new WireServer(async ({ request, args }, connection) => {
    if (request === "overrides") await connection.send("overrides", [...overrides], null);
    else if (refused.includes(String(args[0]))) {
      await connection.send("error", "sensor_not_found", `Cannot take "${args[0]}": no; add it`);
    } else if (request !== "disconnect") await connection.send("ack");
  });
  const stdin = new Blob([lines(clock).join("\n")]).stream();
  const io = new TestIo({ clock, stdin });
  const status = await runFanctl(["-p", String(server.port), "-v", ...words.split(" ")], io);
  const asked = server.asked.filter(({ request }) => request !== "disconnect")
    .map(({ request, args }) => [request, ...args]);
  return { status, out: io.out, err: io.err, asked, clock };
}

Deno.test("readings and speeds become what a server knows them as", async () => {
  const { status, asked, out } = await bridge((clock) => [uplink(clock)]);
  assert.equal(status, 0);
  assert.deepEqual(asked, [
    ["push_reading", "attic-1", 31.5, 1_800_000],
    ["push_reading", "attic-2", null, 1_800_000],
    ["set_rpm", "attic", 1180, { board: `radio ${DEVICE}`, state: "safe", applied: [100] }],
    ["overrides"],
  ]);
  assert.equal(out, "");
});

Deno.test("an override goes down with its end, and once it is there no more", async () => {
  const expires = new Date(Date.UTC(2030, 0, 1, 0, 20));
  const override = { shelf: "barn", percent: 42.5, expires, in_force: true };
  const { out } = await bridge((clock) => {
    const nowS = clock.wallMs() / 1000;
    return [uplink(clock), uplink(clock), uplink(clock, { seq: nowS + 1 })];
  }, [override]);
  const found = out.trim().split("\n").map((line) => JSON.parse(line));
  assert.equal(found.length, 2);
  assert.deepEqual([found[0].devEui, found[0].fPort], [DEVICE.toLowerCase(), RADIO_PORT]);
  const { orders } = decodeOrders(Uint8Array.fromBase64(found[0].data));
  assert.deepEqual(orders, [{ index: 1, permille: 425, expiresS: expires.getTime() / 1000 }]);
});

Deno.test("an override that something limits on the server does not go down", async () => {
  const override = { shelf: "attic", percent: 40, expires: null, in_force: false, limit: "hot" };
  const { out } = await bridge((clock) => [uplink(clock)], [override]);
  assert.equal(out, "");
});

Deno.test("a report that the network has kept for long is dropped", async () => {
  const { asked, err } = await bridge((clock) => [
    uplink(clock, { lateS: 600 }),
    uplink(clock, { lateS: -86_400 }),
  ]);
  assert.deepEqual(asked, []);
  assert.match(err, /dropped a report that the network received 600 s ago; it is late/);
  assert.match(err, /0 taken, 0 foreign, 2 late, 0 corrupt/);
});

Deno.test("a device whose clock is wrong gets its orders by that clock", async () => {
  const expires = new Date(Date.UTC(2030, 0, 1, 0, 20));
  const override = { shelf: "attic", percent: 40, expires, in_force: true };
  for (const [aheadS, expiresS] of [[-1_893_455_000, 2200], [86_400, 1_893_543_600]] as const) {
    const { out } = await bridge((clock) => [uplink(clock, { aheadS, lateS: 60 })], [override]);
    const { orders } = decodeOrders(Uint8Array.fromBase64(JSON.parse(out).data));
    assert.deepEqual(orders, [{ index: 0, permille: 400, expiresS }]);
  }
});

Deno.test("what is no uplink of its devices is counted, and ends nothing", async () => {
  const { asked, err, status } = await bridge((clock) => [
    "not JSON",
    "[]",
    uplink(clock, { device: "0000000000000000" }),
    uplink(clock, { port: 1 }),
    JSON.stringify({ deviceInfo: { devEui: DEVICE }, fPort: RADIO_PORT, data: "AAAA" }),
    "x".repeat(100_000),
    uplink(clock, { shelves: [{ ...SHELF, index: 3 }] }),
    uplink(clock),
  ]);
  assert.equal(status, 0);
  assert.equal(asked.filter(([request]) => request === "set_rpm").length, 1);
  assert.match(err, /shelf 3 has no name here; add one/);
  assert.match(err, /2 taken, 4 foreign, 0 late, 1 corrupt/);
});

Deno.test("a sensor that the server does not have is told once, and costs nothing else", async () => {
  const { asked, err } = await bridge(
    (clock) => [uplink(clock), uplink(clock)],
    [],
    ["attic-2"],
  );
  assert.equal(err.match(/Cannot take "attic-2"/g)?.length, 1);
  assert.equal(asked.filter(([request]) => request === "set_rpm").length, 2);
});

Deno.test("a server that is not there costs the uplink, and not the bridge", async () => {
  const clock = new VirtualClock();
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  const io = new TestIo({ clock, stdin: new Blob([uplink(clock)]).stream() });
  const words = ["-p", String(port), "radio", "bridge", `${DEVICE}=attic`];
  assert.equal(await runFanctl(words, io), 0);
  assert.match(io.err, new RegExp(`${DEVICE}: Cannot connect`));
});

for (
  const [words, told] of [
    [`radio bridge ${DEVICE}=a ${DEVICE}=b`, /a device or a shelf is given twice/],
    [`radio bridge ${DEVICE}=a 0000000000000000=a`, /a device or a shelf is given twice/],
    [`radio bridge ${DEVICE}=a --ttl 2h`, /readings for 7200 s found; give 1s to 1h/],
    [`radio bridge ${DEVICE}`, /it is not DEVEUI=SHELF/],
    [`radio bridge ${DEVICE}=a,b,c,d,e`, /1 to 4 shelves/],
    [`radio bridge AC1F=a`, /it is not DEVEUI=SHELF/],
    ["radio bridge", /No DEVEUI=SHELF is given|no DEVEUI=SHELF is given/],
    ["radio", /no command for radio is given/],
    ["radio agent a=0 --board sim: --modem sim:", /Cannot read the modem's line "sim:"/],
    ["radio agent a=0 --board sim: --modem /dev/x --data-rate 7", /Cannot read the data rate "7"/],
    ["radio agent a=0 b=0 --board sim: --modem /dev/x", /channel 0 is given to "a" and "b"/],
    ["radio agent a=0 --board sim: --modem /dev/x --temperature b=cpu", /which is no shelf/],
    ["radio agent a=0 --board sim: --modem /dev/x --temperature cpu", /not SHELF=cpu/],
    ["radio agent a=0 a=1 --board sim: --modem /dev/x", /each once/],
    ["radio agent a=0 b=1 c=2 d=3 e=4 --board sim: --modem /dev/x", /give 1 to 4 shelves/],
  ] as const
) {
  Deno.test(`"fanctl ${words}" is refused before anything is opened`, async () => {
    const io = new TestIo();
    assert.equal(await runFanctl(words.split(" "), io), 2);
    assert.match(io.err, told);
  });
}
