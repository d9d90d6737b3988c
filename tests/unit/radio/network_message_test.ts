/** The JSON of network servers, as their documentation shows it. */

import assert from "node:assert/strict";
import { inputLines, MOST_LINE_CHARS } from "../../../src/cli/radio/input_lines.ts";
import { downlinkMessage, readUplink } from "../../../src/cli/radio/network_message.ts";

const CHIRPSTACK = {
  deduplicationId: "3ac7e3c4-4401-4b8d-9386-a5c902f9202d",
  time: "2030-01-01T00:00:00+00:00",
  deviceInfo: { applicationId: "app", deviceName: "attic", devEui: "ac1f09fffe000001" },
  devAddr: "00189440",
  dr: 5,
  fCnt: 4,
  fPort: 9,
  confirmed: false,
  data: "qrs=",
  rxInfo: [{ rssi: -70, snr: 8 }],
};
const THINGS = {
  end_device_ids: {
    device_id: "attic",
    application_ids: { application_id: "fans" },
    dev_eui: "AC1F09FFFE000001",
  },
  received_at: "2030-01-01T00:00:00Z",
  uplink_message: { f_port: 9, f_cnt: 4, frm_payload: "qrs=" },
};

Deno.test("uplinks of both networks are read, and answered in their own form", () => {
  for (const [message, network] of [[CHIRPSTACK, "chirpstack"], [THINGS, "things"]] as const) {
    const uplink = readUplink(message);
    const payload = Uint8Array.of(0xaa, 0xbb);
    const receivedMs = Date.UTC(2030, 0, 1);
    const device = "AC1F09FFFE000001";
    assert.deepEqual(uplink, { device, port: 9, payload, receivedMs, network });
    const timeless = { ...message, time: undefined, received_at: "yesterday" };
    assert.equal(readUplink(timeless)?.receivedMs, null);
  }
  const payload = Uint8Array.of(1, 2);
  const device = "AC1F09FFFE000001";
  assert.deepEqual(downlinkMessage({ device, network: "chirpstack" }, 9, payload), {
    devEui: "ac1f09fffe000001",
    confirmed: false,
    fPort: 9,
    data: "AQI=",
  });
  assert.deepEqual(downlinkMessage({ device, network: "things" }, 9, payload), {
    downlinks: [{ f_port: 9, frm_payload: "AQI=", priority: "NORMAL" }],
  });
});

Deno.test("anything else is no uplink", () => {
  const others = [null, 1, "x", [], {}, { deviceInfo: null }, { uplink_message: 1 }].concat([
    { ...CHIRPSTACK, data: "!" },
    { ...CHIRPSTACK, data: undefined },
    { ...CHIRPSTACK, fPort: "9" },
    { ...CHIRPSTACK, deviceInfo: { devEui: "ac1f" } },
    { ...THINGS, end_device_ids: {} },
    JSON.parse('{"__proto__": {"deviceInfo": {"devEui": "ac1f09fffe000001"}}}'),
  ]);
  for (const other of others) assert.equal(readUplink(other), null, JSON.stringify(other));
});

Deno.test("lines of input come whole, however they are cut; one that is too long is left out", async () => {
  const text = `one\n\ntwo ü\r\n${"x".repeat(MOST_LINE_CHARS + 10)}\nthree`;
  const bytes = new TextEncoder().encode(text);
  for (const size of [1000, bytes.length, 7]) {
    const parts = Array.from(
      { length: Math.ceil(bytes.length / size) },
      (_, at) => bytes.subarray(at * size, (at + 1) * size),
    );
    const lines = inputLines(ReadableStream.from(parts), new AbortController().signal);
    const found: string[] = [];
    for await (const line of lines) found.push(line.trim());
    assert.deepEqual(found, ["one", "two ü", "three"], String(size));
  }
});

Deno.test("input ends when the command does", async () => {
  const stop = new AbortController();
  const input = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(new TextEncoder().encode("one\n")),
  });
  const found: string[] = [];
  for await (const line of inputLines(input, stop.signal)) {
    found.push(line);
    stop.abort();
  }
  assert.deepEqual(found, ["one"]);
});
