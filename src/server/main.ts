/**
 * The server as a program: its command line, its files, its signals, its exit status.
 *
 * @module
 */

import { systemClock } from "../clock.ts";
import { ConfigError, FandError, ServerNoConfigError, UsageError } from "../errors.ts";
import { VERSION } from "../version.ts";
import { runBoards } from "./boards.ts";
import type { ServerConfig } from "./config/config.ts";
import { loadConfig } from "./config/find.ts";
import { type Logging, openLogging, verbosityOf } from "./logging.ts";
import { LiveDisplay, liveTable } from "./live_table.ts";
import { parseServerOptions, serverHelp, type ServerOptions } from "./options.ts";
import { configNeeds, listenNeed, requirePermissions, storeNeeds } from "./permissions.ts";
import { openReadings } from "./readings.ts";
import { Server } from "./server.ts";
import { openStore } from "./store/store.ts";

/** Exit status: done, failed, or asked for in a way that cannot be understood. */
export type ExitStatus = 0 | 1 | 2;

/** A stop that takes longer is cut short: every client has been told by then. */
const STOP_MS = 1800;
const LIVE_MS = 1000;

const encoder = new TextEncoder();
const print = (text: string) => void Deno.stdout.writeSync(encoder.encode(`${text}\n`));
const complain = (text: string) => void Deno.stderr.writeSync(encoder.encode(`fand: ${text}\n`));

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
    const config = withOptions(await loadConfig(options.config), options);
    if (options.check) return say(`${config.source}: no problems found`);
    requirePermissions(
      [
        ...configNeeds(options.config),
        listenNeed(config.address, config.port),
        ...storeNeeds(config.store),
      ],
      script,
      args,
    );
    await serve(config, options);
    return 0;
  } catch (error) {
    return explain(error);
  }
}

function say(text: string): ExitStatus {
  print(text);
  return 0;
}

/** Every failure in the words of the error tree; a stack only for what nobody foresaw. */
function explain(error: unknown): ExitStatus {
  if (error instanceof ConfigError) {
    for (const problem of error.problems) complain(problem);
    complain(error.message);
    return 2;
  }
  if (error instanceof FandError) {
    complain(error.message);
    return error instanceof UsageError || error instanceof ServerNoConfigError ? 2 : 1;
  }
  complain(error instanceof Error ? error.stack ?? error.message : String(error));
  return 1;
}

function withOptions(config: ServerConfig, options: ServerOptions): ServerConfig {
  return {
    ...config,
    address: options.address ?? config.address,
    port: options.port ?? config.port,
  };
}

async function serve(config: ServerConfig, options: ServerOptions): Promise<void> {
  const verbosity = verbosityOf(options.verbose, options.quiet);
  await using logging = await openLogging(verbosity, options.logfile);
  for (const warning of config.warnings) logging.log("config").warn(warning);
  using store = openStore(config.store);
  using _pid = writePid(options.pidfile);
  using stopping = new StopSignal();
  await using server = new Server(config, {
    clock: systemClock,
    log: logging.log("server"),
    store,
    openReadings: (wanted) =>
      openReadings(wanted, { clock: systemClock, log: logging.log("sensor") }),
  });
  const { hostname, port } = server.address;
  if (!options.quiet) {
    print(`fand: listening on ${hostname}:${port}; ${summary(config)}`);
    for (const line of simulated(config)) print(line);
  }
  using _reload = new Reload(server, options, logging);
  using _live = options.live ? new LiveLoop(server) : null;
  const boards = runBoards(server, stopping.signal, logging);
  await stopping.signalled;
  const overdue = setTimeout(() => Deno.exit(0), STOP_MS);
  await boards;
  await server.stop();
  clearTimeout(overdue);
}

function summary(config: ServerConfig): string {
  const count = (many: number, what: string) => `${many} ${what}${many === 1 ? "" : "s"}`;
  return [
    count(config.shelves.length, "shelf").replace("shelfs", "shelves"),
    count(config.sensors.length, "sensor"),
    count(config.boards.length, "board"),
  ].join(", ") + `; ${config.source}`;
}

/** What is not real here, and how it would be. */
function simulated(config: ServerConfig): string[] {
  const lines: string[] = [];
  const plants = Object.keys(config.plants);
  if (plants.length > 0) {
    lines.push(
      `Simulated: the temperatures (thermal plant "${plants.join('", "')}"). Name real sensors ` +
        "with [[sensor]] in fand.toml; see docs/config.md",
    );
  }
  const boards = config.boards.filter(({ line }) => line.startsWith("sim:"));
  if (boards.length > 0) {
    lines.push(
      `Simulated: the fan board "${boards.map(({ name }) => name).join('", "')}" and its fans. ` +
        "It runs firmware/fand_328p.hex, the image for a real ATmega328P; flash that, and see " +
        '"Connecting a board" in README.md',
    );
  }
  return lines;
}

function writePid(file: string | undefined): Disposable {
  if (file === undefined) return { [Symbol.dispose]() {} };
  Deno.writeTextFileSync(file, `${Deno.pid}\n`);
  return {
    [Symbol.dispose]() {
      Deno.removeSync(file);
    },
  };
}

/** SIGINT and SIGTERM ask for the end. */
class StopSignal implements Disposable {
  readonly #controller = new AbortController();
  readonly #heard = Promise.withResolvers<void>();
  readonly #listener = (): void => {
    this.#heard.resolve();
    this.#controller.abort();
  };

  constructor() {
    Deno.addSignalListener("SIGINT", this.#listener);
    Deno.addSignalListener("SIGTERM", this.#listener);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get signalled(): Promise<void> {
    return this.#heard.promise;
  }

  [Symbol.dispose](): void {
    Deno.removeSignalListener("SIGINT", this.#listener);
    Deno.removeSignalListener("SIGTERM", this.#listener);
  }
}

/** SIGHUP reads the configuration again; a bad one leaves the old one in force. */
class Reload implements Disposable {
  readonly #listener: () => void;

  constructor(server: Server, options: ServerOptions, logging: Logging) {
    const log = logging.log("config");
    this.#listener = () => {
      loadConfig(options.config)
        .then((config) => server.reload(withOptions(config, options)))
        .then(() => print(`fand: reloaded; ${summary(server.config)}`))
        .catch((error) => {
          explain(error);
          log.error("Reload refused; the configuration before stays in force");
        });
    };
    if (Deno.build.os !== "windows") Deno.addSignalListener("SIGHUP", this.#listener);
  }

  [Symbol.dispose](): void {
    if (Deno.build.os !== "windows") Deno.removeSignalListener("SIGHUP", this.#listener);
  }
}

/** Draws the table once a second. */
class LiveLoop implements Disposable {
  readonly #timer: number;

  constructor(server: Server) {
    const isTerminal = Deno.stdout.isTerminal();
    const display = new LiveDisplay({
      isTerminal,
      write: (text) => void Deno.stdout.writeSync(encoder.encode(text)),
    });
    const rows = isTerminal ? Math.max(1, Deno.consoleSize().rows - 6) : 20;
    this.#timer = setInterval(() => {
      display.draw(liveTable(server.controller, systemClock.monotonicMs(), rows));
    }, LIVE_MS);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}
