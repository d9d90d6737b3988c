/**
 * The server as a program: its command line and its exit status.
 *
 * @module
 */

import { VERSION } from "../version.ts";
import type { ServerConfig } from "./config/config.ts";
import { loadConfig } from "./config/find.ts";
import { discovered } from "./discovered.ts";
import { parseServerOptions, serverHelp, type ServerOptions } from "./options.ts";
import {
  boardNeeds,
  configNeeds,
  listenNeed,
  requirePermissions,
  storeNeeds,
} from "./permissions.ts";
import { type ExitStatus, explain, print } from "./say.ts";
import { serve } from "./serve.ts";

/**
 * Runs the server until it is told to stop.
 *
 * @param script the module that was started, for messages that name a command.
 */
export async function runServer(args: readonly string[], script: string): Promise<ExitStatus> {
  try {
    const options = parseServerOptions(args);
    if (options.help) return say(serverHelp());
    if (options.version) return say(`fand ${VERSION}`);
    requirePermissions(configNeeds(options.config), script, args);
    const load = async () => await configured(options);
    const config = await load();
    if (options.check) return say(`${config.source}: no problems found`);
    requirePermissions(
      [
        ...configNeeds(options.config),
        listenNeed(config.address, config.port),
        ...storeNeeds(config.store),
        ...boardNeeds(config.boards.map(({ line }) => line)),
      ],
      script,
      args,
    );
    await serve(config, options, load);
    return 0;
  } catch (error) {
    return explain(error);
  }
}

/** The configuration in force, with what the command line says in the place of the file. */
async function configured(options: ServerOptions): Promise<ServerConfig> {
  const config = await loadConfig(options.config, { discover: discovered });
  return {
    ...config,
    address: options.address ?? config.address,
    port: options.port ?? config.port,
  };
}

function say(text: string): ExitStatus {
  print(text);
  return 0;
}
