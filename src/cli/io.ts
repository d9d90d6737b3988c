/**
 * Everything outside that a command of fanctl touches, passed in so that tests can stand in
 * for a terminal.
 *
 * @module
 */
import type { HwmonPlaces } from "../board/hwmon/places.ts";
import type { Clock } from "../clock.ts";

/** The size of a terminal in characters. */
export interface TerminalSize {
  columns: number;
  rows: number;
}

/** The process around a command. */
export interface CliIo {
  /** Writes to standard output. */
  stdout(text: string): void;
  /** Writes to standard error. */
  stderr(text: string): void;
  /** Standard input. */
  stdin(): ReadableStream<Uint8Array>;
  /** The size of the terminal that standard output is; null when it is a pipe or a file. */
  terminal(): TerminalSize | null;
  /** A variable of the environment; undefined when it is not set, or may not be read. */
  variable(name: string): string | undefined;
  /** Fills `bytes` with what nobody can foresee. */
  random(bytes: Uint8Array<ArrayBuffer>): void;
  /** The IANA name of the user's time zone. */
  localZone(): string;
  /** Aborted when the user wants a lasting command to end: Ctrl-C, or a polite kill. */
  readonly signal: AbortSignal;
  /** Where the outputs of this machine's motherboard are. */
  readonly places: HwmonPlaces;
  readonly clock: Clock;
}
