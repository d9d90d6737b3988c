/** A process that only holds open connections, with a read waiting on each; run by main.ts. */

import { Socket } from "../../mod.ts";

const [kind, port = "", count = ""] = Deno.args;
const kept: unknown[] = [];
for (let index = 0; index < Number(count); index++) {
  if (kind === "socket") {
    const socket = new Socket();
    await socket.connect(["127.0.0.1", Number(port)]);
    kept.push(socket, socket.recv(1));
  } else {
    const conn = await Deno.connect({ hostname: "127.0.0.1", port: Number(port) });
    kept.push(conn, conn.read(new Uint8Array(1024)));
  }
}
// What connecting has left behind is no part of a connection.
(globalThis as unknown as { gc(): void }).gc();
const { rss, heapUsed, external } = Deno.memoryUsage();
const report = `idle ${rss} ${heapUsed + external}\n`;
await Deno.stdout.write(new TextEncoder().encode(report));
