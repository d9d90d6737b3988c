/**
 * Opens the line to a board by its spec, `KIND:REST`. A new kind of line is one entry here.
 *
 * @module
 */
import { BoardError } from "../errors.ts";
import { type Log, silentLog } from "../log.ts";
import type { Line } from "./line.ts";
import { SimLine } from "./sim/sim_line.ts";

/** How a line is opened. */
export interface OpenLineOptions {
  /** Where it is told what kind of board this is. */
  readonly log?: Log;
}

type Opener = (spec: string, rest: string, log: Log) => Promise<Line>;

const OPENERS: Readonly<Record<string, Opener>> = { sim: openSim };

const KNOWN_SPECS = '"sim:" or "sim:SEED"';
const DEFAULT_SEED = 1;

/**
 * Opens the line that `spec` names. `sim:` is a simulated board that runs the real firmware;
 * `sim:SEED` another one.
 * @throws BoardError when the spec is not usable or the board's line cannot be opened
 */
export function openLine(spec: string, options: OpenLineOptions = {}): Promise<Line> {
  const [kind = "", ...rest] = spec.split(":");
  const opener = Object.hasOwn(OPENERS, kind) && rest.length > 0 ? OPENERS[kind] : undefined;
  if (!opener) {
    return Promise.reject(
      new BoardError(
        `Cannot open the board line "${spec}": this is no known kind of line; use ${KNOWN_SPECS}`,
      ),
    );
  }
  return opener(spec, rest.join(":"), options.log ?? silentLog);
}

function openSim(spec: string, rest: string, log: Log): Promise<Line> {
  if (!/^[0-9]{0,9}$/.test(rest)) {
    return Promise.reject(
      new BoardError(
        `Cannot open the board line "${spec}": "${rest}" is not a seed; ` +
          "use an integer from 0 to 999999999",
      ),
    );
  }
  const seed = rest === "" ? DEFAULT_SEED : Number(rest);
  log.info(`board line "sim:${seed}" is a simulated board: real firmware, modelled fans`);
  return SimLine.open({ seed });
}
