/**
 * Opens the line to a board by its name. A new kind of line is a case here and in `line_spec.ts`.
 *
 * @module
 */
import { type Log, silentLog } from "../log.ts";
import type { Line } from "./line.ts";
import { type LineSpec, parseLineSpec } from "./line_spec.ts";
import { BoardError } from "../errors.ts";
import { SimLine } from "./sim/sim_line.ts";
import { TcpLine } from "./tcp_line.ts";
import { TtyLine } from "./tty_line.ts";

/** How a line is opened. */
export interface OpenLineOptions {
  /** Where it is told what kind of board this is. */
  readonly log?: Log;
  /** The speed of a serial port that names none; default: what the firmware here speaks. */
  readonly baudRate?: number;
}

/**
 * Opens the line that `spec` names, as {@link parseLineSpec} takes it: a simulated board that runs
 * the real firmware, a serial port, or a serial port of another machine.
 * @throws BoardError when the spec is not usable or the board's line cannot be opened
 */
export async function openLine(spec: string, options: OpenLineOptions = {}): Promise<Line> {
  return await open(parseLineSpec(spec, options.baudRate), options.log ?? silentLog);
}

function open(line: LineSpec, log: Log): Promise<Line> {
  switch (line.kind) {
    case "sim":
      log.info(`board line "sim:${line.seed}" is a simulated board: real firmware, modelled fans`);
      return SimLine.open({ seed: line.seed });
    case "tty":
      return TtyLine.open(line);
    case "tcp":
      return TcpLine.open(line);
    case "hwmon":
      return Promise.reject(
        new BoardError(
          `Cannot open a line to "${line.chip}": the outputs of a motherboard have none; ` +
            "name a serial port, another machine's, or a simulated board",
        ),
      );
  }
}
