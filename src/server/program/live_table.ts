/**
 * The shelves as a table in the terminal: from a temperature to a register to a speed.
 *
 * @module
 */

import type { Controller } from "../shelves/controller.ts";
import type { ServedShelf } from "../shelves/served_shelf.ts";

const HEADINGS = ["shelf", "hottest", "duty", "register", "rpm", "why"];

/** Columns of numbers are read from the right. */
const IS_NUMBER = [false, false, true, true, true, false];

/** One row a shelf under the headings; as many shelves as fit in `rows`. */
export function liveTable(controller: Controller, nowMs: number, rows: number): string[] {
  const shown = controller.names.slice(0, rows)
    .map((name) => cellsOf(controller, controller.shelf(name), nowMs));
  const lines = align([HEADINGS, ...shown]);
  const hidden = controller.names.length - shown.length;
  return hidden > 0 ? [...lines, `… and ${hidden} more shelves`] : lines;
}

function cellsOf(controller: Controller, shelf: ServedShelf, nowMs: number): string[] {
  const duty = shelf.duty(nowMs);
  const [winner] = shelf.decision.causes;
  const rpm = shelf.rpm.rpm(nowMs);
  return [
    shelf.name,
    hottest(controller, shelf),
    `${Math.round(duty.percent * 10) / 10} %`,
    register(shelf, nowMs),
    rpm === null ? "unknown" : `${Math.round(rpm)}`,
    duty.fault ?? winner?.text ?? "",
  ];
}

function hottest(controller: Controller, shelf: ServedShelf): string {
  const known = controller.judgements(shelf).filter(({ tempC }) => tempC !== null)
    .sort((a, b) => (b.tempC ?? 0) - (a.tempC ?? 0));
  const [first] = known;
  return first === undefined ? "none yet" : `${first.name} ${first.tempC?.toFixed(1)} °C`;
}

/** The compare register of the first channel that carries the shelf's fans, of its full scale. */
function register(shelf: ServedShelf, nowMs: number): string {
  const details = shelf.rpm.details(nowMs);
  const [compare] = Array.isArray(details?.compare) ? details.compare : [];
  const [steps] = Array.isArray(details?.steps) ? details.steps : [];
  // Anything but numbers would be a peer's text on the terminal.
  const isKnown = typeof compare === "number" && typeof steps === "number";
  return isKnown ? `${compare}/${steps}` : "no board";
}

function align(rows: readonly (readonly string[])[]): string[] {
  const widths = HEADINGS.map((_, column) =>
    Math.max(...rows.map((row) => [...(row[column] ?? "")].length))
  );
  return rows.map((row) =>
    row.map((cell, column) => {
      const width = widths[column] ?? 0;
      return IS_NUMBER[column] ? cell.padStart(width) : cell.padEnd(width);
    }).join("  ").trimEnd()
  );
}

/** Where a table is drawn again and again. */
export interface Screen {
  /** Whether the cursor can be moved; else tables follow each other. */
  readonly isTerminal: boolean;
  /** Longer lines are cut, for a line that wraps would be two to draw over. */
  readonly columns: number;
  write(text: string): void;
}

/** Draws each table over the one before. */
export class LiveDisplay {
  readonly #screen: Screen;
  #drawn = 0;

  constructor(screen: Screen) {
    this.#screen = screen;
  }

  draw(lines: readonly string[]): void {
    const back = this.#screen.isTerminal && this.#drawn > 0 ? `\x1b[${this.#drawn}A` : "";
    const end = this.#screen.isTerminal ? "\x1b[K\n" : "\n";
    const below = this.#screen.isTerminal ? "\x1b[J" : "\n";
    const { columns } = this.#screen;
    const cut = lines.map((line) => [...line].slice(0, columns).join("") + end);
    this.#screen.write(back + cut.join("") + below);
    this.#drawn = lines.length;
  }
}
