/** Run by far_test.ts, with the permission for every address: what no loopback address shows. */

import { AF_INET, AF_INET6, SOCK_DGRAM, SOCK_STREAM, Socket } from "../../../mod.ts";
import { outcome } from "../../support/socket_observations.ts";

const found: unknown[] = [];
for (const [family, foreign] of [[AF_INET, "192.0.2.1"], [AF_INET6, "2001:db8::1"]] as const) {
  for (const type of [SOCK_STREAM, SOCK_DGRAM]) {
    await using socket = new Socket(family, type);
    found.push(await outcome(() => socket.bind([foreign, 0])));
    found.push(await outcome(() => socket.bind(["", 0])));
    found.push(socket.getsockname().slice(0, 1), Number(socket.getsockname()[1]) > 0);
  }
  await using listener = new Socket(family);
  await listener.listen();
  found.push(listener.getsockname().slice(0, 1), Number(listener.getsockname()[1]) > 0);
  await using again = new Socket(family);
  await again.bind(["", 0]);
  const port = again.getsockname()[1];
  await again.listen(3);
  found.push(again.getsockname()[1] === port);
}
await Deno.stdout.write(new TextEncoder().encode(JSON.stringify(found)));
