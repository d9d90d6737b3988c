/**
 * One cause that combines others.
 *
 * @module
 */
import type { Cause } from "../cause.ts";
import { clampPercent, formatPercent } from "../percent.ts";
import type { CombinedCause } from "./cause_policy.ts";

const WORDS = { max: "highest", mean: "mean", sum: "sum" } as const;

/** Works out one {@link CombinedCause} from the causes below it. */
export class CombinedCauseRunner {
  readonly policy: CombinedCause;
  /** What it asks for; the same object until something changes, null while nothing can be said. */
  cause: Cause | null = null;
  readonly #parts: readonly { readonly cause: Cause | null }[];
  #seen: (Cause | null)[] = [];

  constructor(policy: CombinedCause, parts: readonly { readonly cause: Cause | null }[]) {
    this.policy = policy;
    this.#parts = parts;
  }

  /** Combines what its parts ask for now; those that cannot say anything do not count. */
  evaluate(): void {
    const seen = this.#parts.map(({ cause }) => cause);
    if (seen.every((cause, index) => cause === this.#seen[index]) && this.#seen.length > 0) return;
    this.#seen = seen;
    const causes = seen.filter((cause) => cause !== null);
    if (causes.length === 0) {
      this.cause = null;
      return;
    }
    const { name, combine } = this.policy;
    const percent = clampPercent(combined(combine, causes.map((cause) => cause.percent)));
    const parts = causes.map((cause) => `${cause.name} ${formatPercent(cause.percent)}`).join(", ");
    const text = `${WORDS[combine]} of ${parts} -> ${formatPercent(percent)}`;
    this.cause = { kind: "curve", name, percent, text };
  }
}

function combined(how: CombinedCause["combine"], percents: readonly number[]): number {
  if (how === "max") return Math.max(...percents);
  const sum = percents.reduce((total, percent) => total + percent, 0);
  return how === "sum" ? sum : sum / percents.length;
}
