/**
 * The server: `deno run server.ts`. It reads temperatures, decides how hard each shelf of fans
 * must work and serves clients over TCP. Started without permissions, it names the command that
 * has them; docs/permissions.md explains each.
 *
 * @module
 */

import { runServer } from "./src/server/program/main.ts";

if (import.meta.main) {
  const script = import.meta.url.startsWith("file:") ? "server.ts" : import.meta.url;
  Deno.exit(await runServer(Deno.args, script));
}
