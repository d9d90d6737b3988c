/** What LoRaWAN modems say, in every spelling that their firmwares have. */

import assert from "node:assert/strict";
import {
  readEvent,
  regionOf,
  RUI3,
  statusFailure,
  valueOf,
} from "../../../src/radio/lorawan/rui3.ts";
import { readChannel, readDownlink, sendCommand, WISOL } from "../../../src/radio/sigfox/wisol.ts";

const EVENTS: readonly [line: string, kind: string][] = [
  ["+EVT:JOINED", "joined"],
  ["+EVT:JOIN FAILED", "join_failed"],
  ["+EVT:JOIN_FAILED_RX_TIMEOUT", "join_failed"],
  ["+EVT:JOIN_FAILED_TX_TIMEOUT", "join_failed"],
  ["+EVT:TX_DONE", "sent"],
  ["+EVT:SEND CONFIRMED OK", "confirmed"],
  ["+EVT:SEND_CONFIRMED_OK", "confirmed"],
  ["+EVT:SEND CONFIRMED FAILED", "unconfirmed"],
  ["+EVT:SEND_CONFIRMED_FAILED(4)", "unconfirmed"],
  ["Current Work Mode: LoRaWAN.", "started"],
  ["Restricted_Wait_3343902_ms", "restricted"],
  ["+EVT:RX_1:-70:8:UNICAST:1:1234", "packet"],
  ["+EVT:RX_2:-107:-7:UNICAST:15:beef", "packet"],
  ["+EVT:RX_C:-28:8:UNICAST:2:00000710", "packet"],
  ["+EVT:RX_1:-70:8:UNICAST:0:", "other"],
  ["+EVT:RX_1:-70:8:MULTICAST:1:1234", "other"],
  ["+EVT:TIMEREQ_OK", "other"],
  ["+BC: ONGOING", "other"],
];

for (const [line, kind] of EVENTS) {
  Deno.test(`"${line}" is an event: ${kind}`, () => {
    assert.ok(RUI3.isEvent(line) && !RUI3.isStatus(line));
    assert.equal(readEvent(line).kind, kind);
  });
}

Deno.test("a downlink has its FPort and its bytes", () => {
  const event = readEvent("+EVT:RX_1:-107:-7:UNICAST:15:beEF");
  assert.ok(event.kind === "packet");
  assert.deepEqual(event.packet, { port: 15, bytes: Uint8Array.of(0xbe, 0xef) });
});

Deno.test("values come bare or behind their name, bands by their number", () => {
  assert.equal(valueOf("BAND", ["AT+BAND=4"]), "4");
  assert.equal(valueOf("BAND", ["4"]), "4");
  assert.equal(valueOf("BAND", []), "");
  assert.deepEqual(["4", "5", "8", "11", "12", "", "x", "constructor"].map(regionOf), [
    "EU868",
    "US915",
    "AS923",
    "AS923",
    null,
    null,
    null,
    null,
  ]);
});

Deno.test("a status is a reason, and one that is not known is told", () => {
  const reason = (status: string, waitMs: number | null = null) => {
    assert.ok(RUI3.isStatus(status));
    return statusFailure("AT+SEND=1:00", status, waitMs).reason;
  };
  assert.equal(reason("AT_BUSY_ERROR"), "busy");
  assert.equal(reason("AT_BUSY_ERROR", 100), "restricted");
  assert.equal(reason("AT_DUTYCYLE_RESTRICTED"), "restricted");
  assert.equal(reason("AT_NO_NETWORK_JOINED"), "not_joined");
  assert.match(statusFailure("AT+X", "AT_CRYPTO_ERROR", null).message, /"AT_CRYPTO_ERROR" found/);
});

Deno.test("frames of Sigfox are commands of Wisol's modules", () => {
  const frame = { receive: false, repeat: 2 };
  assert.equal(sendCommand({ ...frame, content: { bytes: Uint8Array.of(0xab, 1) } }), "AT$SF=AB01");
  assert.equal(sendCommand({ ...frame, content: { bit: 1 }, receive: true }), "AT$SB=1,1");
  assert.equal(sendCommand({ ...frame, content: "out_of_band", receive: true }), "AT$SO");
});

Deno.test("downlinks and channels of Sigfox are read, and nothing else is", () => {
  const bytes = Uint8Array.of(0, 0, 0x0a, 0xe1, 0, 0, 0xff, 0x8f);
  for (const line of ["RX=00 00 0A E1 00 00 FF 8F", "RX =00000ae10000ff8f"]) {
    assert.ok(WISOL.isEvent(line));
    assert.deepEqual(readDownlink(line), bytes);
  }
  for (
    const line of ["RX=", "RX=00", "RX=00 00 0A E1 00 00 FF 8F 01", "RX=00 00 0A E1 00 00 FF 8"]
  ) {
    assert.equal(readDownlink(line), null);
  }
  assert.deepEqual(["1,6", "1,3", "1,2", "0,6", "OK", "1"].map(readChannel), [
    true,
    true,
    false,
    false,
    null,
    null,
  ]);
});
