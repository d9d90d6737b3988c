/**
 * fanctl: asks a fand server, overrides it, explains it, watches it, and drives a fan board for it.
 *
 * Run it from where it is, or install it as a command. It needs the network permission for the
 * server and nothing else:
 *
 * ```sh
 * deno run --allow-net=127.0.0.1:9999 client.ts ping
 * deno install -g -n fanctl --allow-net=nas.example:9999 https://example.org/fand/client.ts
 * fanctl -a nas.example status
 * ```
 *
 * `fanctl --help` lists the commands and docs/fanctl.md explains them. The exit status is 0 when
 * the command is done, 1 when it failed and 2 for wrong usage.
 *
 * @module
 */
import { runFanctl } from "./src/cli/main.ts";
import { processIo } from "./src/cli/process_io.ts";

if (import.meta.main) Deno.exit(await runFanctl(Deno.args, processIo()));
