/**
 * The server as a program: its command line and its exit status.
 *
 * @module
 */

import { UsageError } from "../../errors.ts";
import { isLoopback } from "../../sockets/address.ts";
import { VERSION } from "../../version.ts";
import { systemClock } from "../../clock.ts";
import { withIdentity } from "../../config/tls/identity.ts";
import { withCalibrations } from "../../config/calibrations.ts";
import { DEFAULT_SERVER, type ServerConfig } from "../../config/config.ts";
import { loadConfig, readConfigFile } from "../../config/find.ts";
import { alertNeeds } from "./alert_needs.ts";
import { discovered } from "./discovered.ts";
import { parseServerOptions, serverHelp, type ServerOptions } from "./options.ts";
import {
  boardNeeds,
  calibrationNeeds,
  commandWith,
  configNeeds,
  journalNeeds,
  libcNeed,
  type Need,
  netNeed,
  outputNeeds,
  requirePermissions,
  stateNeeds,
  storeNeeds,
  tlsNeeds,
  unixNeeds,
} from "./permissions.ts";
import { boardWarnings } from "../boards/board_warnings.ts";
import { rigNeeds } from "./rig_needs.ts";
import { sensorNeeds } from "./sensor_needs.ts";
import { complain, type ExitStatus, explain, print } from "./say.ts";
import { type ConfigSource, serve } from "./serve.ts";

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
    const invocation = { script, args };
    requirePermissions(configNeeds(options.config), invocation, usualNeeds(options));
    const source = configSource(options);
    const config = await source.load();
    if (options.check) return await report(config, options, script);
    requireAuthentication(config, options.insecure);
    requirePermissions(runNeeds(config, options), invocation);
    await serve(config, options, source);
    return 0;
  } catch (error) {
    return explain(error);
  }
}

/** Configurations with what the command line says in the place of the file. */
function configSource(options: ServerOptions): ConfigSource {
  const complete = async (read: ServerConfig): Promise<ServerConfig> => {
    const config = await withIdentity(await withCalibrations(read), systemClock.wallMs());
    return {
      ...config,
      address: options.address ?? config.address,
      port: options.port ?? config.port,
    };
  };
  return {
    async load() {
      return await complete(await loadConfig(options.config, { discover: discovered }));
    },
    async read(file) {
      const { config, sha256 } = await readConfigFile(file);
      return { config: await complete(config), sha256 };
    },
  };
}

/**
 * Nobody listens beyond this machine by accident where clients cannot prove who they are.
 *
 * @throws {UsageError}
 */
function requireAuthentication({ address, tls, clients }: ServerConfig, insecure: boolean): void {
  if (insecure) return;
  if (!isLoopback(address)) {
    throw new UsageError(
      `Cannot listen on ${address}: anybody who reaches it could slow your fans; ` +
        "listen on 127.0.0.1 and for others with [tls], or say --insecure if you mean it",
    );
  }
  const canProve = (tls?.files.clientCa ?? null) !== null ||
    clients.some(({ token }) => token !== null);
  if (tls !== null && !canProve && !isLoopback(tls.address)) {
    throw new UsageError(
      `Cannot listen for TLS on ${tls.address}: nobody could prove there who they are; ` +
        "name a client_ca, give a [[client]] a token, or say --insecure if you mean it",
    );
  }
}

function runNeeds(config: ServerConfig, options: ServerOptions): Need[] {
  return [
    ...configNeeds(options.config),
    netNeed(config.address, config.port),
    ...unixNeeds(config.unix),
    ...tlsNeeds(config.tls),
    ...rigNeeds(config.rig),
    ...storeNeeds(config.store),
    ...journalNeeds(config.journal),
    ...outputNeeds(options.logfile, options.pidfile),
    ...boardNeeds(config.boards.map(({ line }) => line)),
    ...stateNeeds(config.boards),
    ...calibrationNeeds(config.boards),
  ];
}

/** What the built-in default needs: the best guess while no configuration may be read. */
function usualNeeds(options: ServerOptions): Need[] {
  const { address, port } = DEFAULT_SERVER;
  const listening = netNeed(options.address ?? address, options.port ?? port);
  return [listening, ...boardNeeds(["sim:"]), libcNeed()];
}

/** Tells what is worth knowing before a start: warnings, boards that are not there, the command. */
async function report(
  config: ServerConfig,
  options: ServerOptions,
  script: string,
): Promise<ExitStatus> {
  for (const warning of [...config.warnings, ...await boardWarnings(config.boards)]) {
    complain(warning);
  }
  print(`${config.source}: no problems found`);
  const args = options.config === undefined ? [] : ["-c", options.config];
  const needs = [
    ...runNeeds(config, options),
    ...sensorNeeds(config.sensors, config.tools),
    ...alertNeeds(config.alerts),
  ];
  return say(`it runs with: ${commandWith(needs, { script, args })}`);
}

function say(text: string): ExitStatus {
  print(text);
  return 0;
}
