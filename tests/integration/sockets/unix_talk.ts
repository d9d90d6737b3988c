/** Run by python_stream_test.ts, with the permissions for one path. */

import { AF_UNIX, Socket } from "../../../mod.ts";

const [way, path = "", peer = ""] = Deno.args;
await using socket = new Socket(AF_UNIX);
if (way === "connect") {
  await socket.connect(path);
  await socket.sendall(new TextEncoder().encode("fans\n"));
  await Deno.stdout.write(await socket.readline());
} else {
  await socket.bind(path);
  await socket.listen();
  const args = [peer, "call", "AF_UNIX", path];
  const python = new Deno.Command("python3", { args, stdout: "inherit" }).spawn();
  const [connection] = await socket.accept();
  await connection.sendall(await connection.readline());
  await connection.close();
  await python.status;
}
