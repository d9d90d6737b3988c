/**
 * The findings that hold now, and since when each does.
 *
 * @module
 */
import { type Finding, findingKey } from "./finding.ts";

/** Findings that are kept at once; what is more is counted. */
export const MOST_FINDINGS = 1000;

/** What has begun or ended with a tick. */
export interface FindingChange {
  finding: Finding;
  /** Whether it holds from now on, or holds no longer. */
  holds: boolean;
}

/** Takes all findings of each tick anew, and knows the earlier ones again. */
export class FindingBook {
  #findings: ReadonlyMap<string, Finding>;
  /** How many found no room at the last tick. */
  dropped = 0;
  #changes: readonly FindingChange[] = [];

  constructor(findings: readonly Finding[] = []) {
    this.#findings = new Map(findings.map((finding) => [findingKey(finding), finding]));
  }

  /** What holds now. */
  list(): Finding[] {
    return [...this.#findings.values()];
  }

  /** What began and ended with the last tick. */
  get changes(): readonly FindingChange[] {
    return this.#changes;
  }

  /** Replaces everything; of one that goes on only the words change. */
  take(found: readonly Finding[]): void {
    const before = this.#findings;
    if (found.length === 0 && before.size === 0) {
      if (this.#changes.length > 0) this.#changes = [];
      return;
    }
    const now = new Map<string, Finding>();
    const changes: FindingChange[] = [];
    this.dropped = 0;
    for (const finding of found) {
      const key = findingKey(finding);
      if (now.has(key)) continue;
      if (now.size === MOST_FINDINGS) {
        this.dropped++;
        continue;
      }
      const earlier = before.get(key);
      const kept = earlier === undefined ? finding : { ...finding, sinceMs: earlier.sinceMs };
      now.set(key, kept);
      if (earlier === undefined) changes.push({ finding: kept, holds: true });
    }
    for (const [key, finding] of before) {
      if (!now.has(key)) changes.push({ finding, holds: false });
    }
    this.#findings = now;
    this.#changes = changes;
  }
}
