/**
 * One run of the server, from its first line to its last.
 *
 * @module
 */

import { systemClock } from "../../clock.ts";
import { FandError } from "../../errors.ts";
import { newReports } from "../../sensors/reported/reported_readings.ts";
import { boardsOf } from "../boards/boards.ts";
import type { ServerConfig } from "../../config/config.ts";
import { LiveDisplay, liveTable } from "./live_table.ts";
import type { Door } from "../doors/door.ts";
import { MoreDoors } from "../doors/open_doors.ts";
import { openLogging, verbosityOf } from "./logging.ts";
import type { ServerOptions } from "./options.ts";
import { openReadings } from "../shelves/readings.ts";
import { explain, print, write } from "./say.ts";
import { openService } from "./service.ts";
import { Server } from "../server.ts";
import { onReload, StopSignal } from "./signals.ts";
import { Journal } from "../journal/journal.ts";
import { openStore } from "../store/store.ts";

/** A stop that takes longer is cut short: every client has been told by then. */
const STOP_MS = 1800;
/** A board that does not take its last words within this time is left to its own time limit. */
const BOARDS_MS = 1000;
/** What agents are told about the next start: before it nobody would be there to answer them. */
const BACK_IN_MS = 1000;
const LIVE_MS = 1000;
/** Lines of the terminal that the table leaves for what was printed before it. */
const LIVE_MARGIN = 6;

/** How configurations are read while the server runs. */
export interface ConfigSource {
  /** Reads the one of the start again. */
  load(): Promise<ServerConfig>;
  /** Reads one file. */
  read(file: string): Promise<{ config: ServerConfig; sha256: string }>;
}

/** Serves until SIGINT or SIGTERM. */
export async function serve(
  config: ServerConfig,
  options: ServerOptions,
  source: ConfigSource,
): Promise<void> {
  const verbosity = verbosityOf(options.verbose, options.quiet);
  await using logging = await openLogging(verbosity, options.logfile);
  const log = logging.log("config");
  const warn = ({ warnings }: ServerConfig) => warnings.forEach((warning) => log.warn(warning));
  warn(config);
  using store = openStore(config.store, { log: logging.log("store") });
  using stop = new StopSignal();
  await using journal = Journal.start(config.journal, {
    log: logging.log("journal"),
    wallMs: systemClock.wallMs,
    source: () => config.source,
  });
  using service = openService(config.tickMs, log);
  const reports = newReports();
  using more = await MoreDoors.open(config, { clock: systemClock, log: logging.log("tls") });
  await using server = new Server(config, {
    clock: systemClock,
    reports,
    log: logging.log("server"),
    store,
    doors: more.doors,
    openReadings: (wanted, sink) => openReadings(wanted, { clock: systemClock, reports, sink }),
    taps: service.taps,
    insecure: options.insecure,
    readConfig: (file) => source.read(file),
    reloaded: (wanted) => {
      more.renew(wanted);
      return boards.apply(wanted.boards);
    },
    journal,
  });
  await server.listenToRigs();
  // Only once the port is ours: a second server must not take the file of the first.
  using _pid = pidFile(options.pidfile);
  const boards = boardsOf(server, logging);
  using _reload = onReload(async () => {
    try {
      await server.reload(await source.load());
      warn(server.config);
      print(`fand: reloaded; ${summary(server.config)}`);
    } catch (error) {
      explain(error);
      log.error("Cannot reload: the new configuration has problems; the old one stays in force");
    }
  });
  // Whoever waits for this line may send signals from here on.
  if (!options.quiet) introduce(server, more.doors);
  using _live = options.live ? liveLoop(server) : null;
  await boards.apply(config.boards);
  service.ready();
  const signal = await stop.heard;
  service.stopping();
  const overdue = setTimeout(() => Deno.exit(0), STOP_MS);
  await Promise.all([server.stop(...farewell(signal)), atMost(BOARDS_MS, boards.stop())]);
  clearTimeout(overdue);
}

/** Somebody at a terminal means the end, a service manager or an upgrade mostly another start. */
function farewell(signal: "SIGINT" | "SIGTERM"): [reason: string, backInMs?: number] {
  const reason = "the server is stopping";
  return signal === "SIGTERM" ? [reason, BACK_IN_MS] : [reason];
}

/** Resolves when `work` is done or its time is up. */
async function atMost(ms: number, work: Promise<void>): Promise<void> {
  const { promise: over, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  await Promise.race([work, over]);
  clearTimeout(timer);
}

function introduce(server: Server, more: readonly Door[]): void {
  const { hostname, port } = server.address;
  print(`fand: listening on ${hostname}:${port}; ${summary(server.config)}`);
  for (const { place } of more) print(`fand: listening on ${place}`);
  for (const line of simulated(server.config)) print(line);
}

function summary(config: ServerConfig): string {
  const counts = [
    [config.shelves.length, "shelf", "shelves"],
    [config.sensors.length, "sensor", "sensors"],
    [config.boards.length, "board", "boards"],
  ] as const;
  const counted = counts.map(([count, one, many]) => `${count} ${count === 1 ? one : many}`);
  return `${counted.join(", ")}; ${config.source}`;
}

/** What is not real here, and how it would be. */
function simulated(config: ServerConfig): string[] {
  const lines: string[] = [];
  const plants = Object.keys(config.plants);
  if (config.sensors.some(({ source }) => source.type === "simulated")) {
    lines.push(
      `Simulated: temperatures, by the thermal plant "${plants.join('", "')}". ` +
        "Name real sensors with [[sensor]] in fand.toml; docs/config.md tells how",
    );
  }
  const boards = config.boards.filter(({ line }) => line.startsWith("sim:"));
  if (boards.length > 0) {
    lines.push(
      `Simulated: fans, on the board "${
        boards.map(({ name }) => name).join('", "')
      }", which runs ` +
        'the firmware of a real ATmega328P. To connect one, see README.md, "A real board"',
    );
  }
  return lines;
}

function pidFile(file: string | undefined): Disposable | null {
  if (file === undefined) return null;
  try {
    Deno.writeTextFileSync(file, `${Deno.pid}\n`);
  } catch (error) {
    const found = error instanceof Error ? error.message : String(error);
    throw new FandError(
      `Cannot write the process id to "${file}": ${found}; name another file with -P`,
      { cause: error },
    );
  }
  return {
    [Symbol.dispose]() {
      try {
        Deno.removeSync(file);
      } catch (error) {
        if (!(error instanceof Deno.errors.NotFound)) throw error;
      }
    },
  };
}

/** Draws the table again and again. */
function liveLoop(server: Server): Disposable {
  const isTerminal = Deno.stdout.isTerminal();
  const size = isTerminal ? Deno.consoleSize() : { columns: Infinity, rows: Infinity };
  const display = new LiveDisplay({ isTerminal, columns: size.columns, write });
  const rows = Math.max(1, size.rows - LIVE_MARGIN);
  const draw = () => display.draw(liveTable(server.controller, systemClock.monotonicMs(), rows));
  const timer = setInterval(draw, LIVE_MS);
  return {
    [Symbol.dispose]() {
      clearInterval(timer);
    },
  };
}
