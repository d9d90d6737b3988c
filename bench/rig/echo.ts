/**
 * The other end of the measurements: prints its port and sends back what comes, either bare or as
 * a rig.
 *
 * @module
 */

import { EchoCommunicator } from "../../mod.ts";

const [kind] = Deno.args;

if (kind === "bare") {
  const socket = Deno.listenDatagram({ transport: "udp", hostname: "127.0.0.1", port: 0 });
  say(String((socket.addr as Deno.NetAddr).port));
  const buffer = new Uint8Array(65_536);
  for (;;) {
    const [bytes, from] = await socket.receive(buffer);
    await socket.send(bytes, from);
  }
} else if (kind === "dgram") {
  const { createSocket } = await import("node:dgram");
  const socket = createSocket("udp4");
  socket.on("message", (bytes, from) => socket.send(bytes, from.port, from.address));
  socket.bind(0, "127.0.0.1", () => say(String(socket.address().port)));
} else {
  const rig = await EchoCommunicator.server(`${kind}://127.0.0.1:0`);
  say(String(rig.port));
}

function say(line: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
}
