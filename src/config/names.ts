/**
 * Names within one file: who has which, and what is meant by one that nobody has.
 *
 * @module
 */

import type { ServerLimits } from "./config.ts";
import { didYouMean, type KeyPath, type Problems, show } from "./problems.ts";

/** More names than this are counted instead of listed. */
const MAX_LISTED = 12;
/** Control characters would spoil every terminal and log that shows the name. */
const UNPRINTABLE = /\p{Cc}|\p{Zl}|\p{Zp}/u;

/** The names of one kind of thing, each once. */
export class Names {
  readonly #what: string;
  readonly #problems: Problems;
  readonly #nameBytes: number;
  readonly #known = new Set<string>();

  /** @param what The kind of thing, as messages call it: `sensor`. */
  constructor(what: string, problems: Problems, limits: Pick<ServerLimits, "nameBytes">) {
    this.#what = what;
    this.#problems = problems;
    this.#nameBytes = limits.nameBytes;
  }

  /** Takes `name` for the thing at `path`; what is not usable as a name is a problem. */
  claim(name: string, path: KeyPath): void {
    const bytes = new TextEncoder().encode(name).length;
    if (bytes > this.#nameBytes) {
      this.#problems.add(
        path,
        `a name of ${bytes} bytes`,
        `at most ${this.#nameBytes} (limits.name_bytes)`,
      );
    } else if (name.trim() !== name || UNPRINTABLE.test(name)) {
      this.#problems.add(
        path,
        show(name),
        "a name without control characters and without blanks at its ends",
      );
    } else if (this.#known.has(name)) {
      this.#problems.add(path, `${show(name)} again`, `a name that no other ${this.#what} has`);
    }
    this.#known.add(name);
  }

  /** Whether something has this name. */
  has(name: string): boolean {
    return this.#known.has(name);
  }

  /** Checks that the name referred to at `path` belongs to something. */
  expect(name: string, path: KeyPath): boolean {
    if (this.#known.has(name)) return true;
    this.#problems.add(path, show(name), `${this.#listed()}${didYouMean(name, this.#known)}`);
    return false;
  }

  #listed(): string {
    const count = this.#known.size;
    // A cause is of its shelf, and a source of its plant.
    const what = this.#what.includes(" of ") ? this.#what : `${this.#what} of this file`;
    if (count === 0) return `a ${what}, which has none`;
    if (count > MAX_LISTED) return `one of the ${count} names of a ${what}`;
    return `a ${what}: ${[...this.#known].map(show).join(", ")}`;
  }
}
