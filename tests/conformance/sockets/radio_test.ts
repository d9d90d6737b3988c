/** Every row of what is observed of radios, over the air of this process and over a modem. */

import assert from "node:assert/strict";
import { AF_LORA, attachRadio, LoraAir, openLorawanModem, SOCK_RAW, Socket } from "../../../mod.ts";
import { ModemLine } from "../../support/modem/modem_line.ts";
import { Rak3172 } from "../../support/modem/rak3172.ts";
import { testOnPty } from "../../support/pty.ts";
import { until } from "../../support/until.ts";
import { RADIO_ROWS } from "./radio_rows.ts";

for (const { name, observe, expected } of RADIO_ROWS) {
  Deno.test(`AF_LORA in the process, ${name}`, async () => {
    let isLost = false;
    const air = new LoraAir({ isLost: () => isLost });
    const radio = air.device("d");
    using _attached = attachRadio(radio);
    await using socket = new Socket(AF_LORA, SOCK_RAW);
    const found = await observe({
      socket,
      radio,
      uplinks: () => air.gateway.uplinks,
      downlink: (port, bytes) => air.gateway.send("d", port, bytes),
      lose: () => void (isLost = true),
    });
    assert.deepEqual(found, expected);
  });

  testOnPty(`AF_LORA over a modem, ${name}`, async () => {
    const modem = new Rak3172();
    await using line = await ModemLine.open(modem);
    await using radio = openLorawanModem(line.path);
    using _attached = attachRadio(radio);
    await using socket = new Socket(AF_LORA, SOCK_RAW);
    await until(() => radio.isUp, "the network");
    const downlinks: { port: number; bytes: Uint8Array }[] = [];
    let heard = true;
    modem.network = () => {
      const downlink = downlinks.shift();
      return { heard, ...downlink && { downlink } };
    };
    const found = await observe({
      socket,
      radio,
      uplinks: () => modem.uplinks,
      downlink: (port, bytes) => void downlinks.push({ port, bytes }),
      lose: () => void (heard = false),
    });
    assert.deepEqual(found, expected);
  });
}
