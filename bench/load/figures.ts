/**
 * Numbers about many durations, and how processes tell them to each other.
 *
 * @module
 */

/** What a list of durations comes to, in milliseconds. */
export interface Spread {
  readonly count: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** The median, the 99th percentile and the worst of some durations. */
export function spread(tookMs: readonly number[]): Spread {
  const sorted = Float64Array.from(tookMs).sort();
  const at = (share: number) => sorted[Math.floor(sorted.length * share)] ?? NaN;
  return { count: sorted.length, p50: at(0.5), p99: at(0.99), max: sorted.at(-1) ?? NaN };
}

/** How the name of a shelf follows from its number. */
export function shelfName(index: number): string {
  return `s${String(index).padStart(5, "0")}`;
}

/** Writes one line for the process that started this one: a word, then what it means. */
export function tell(word: string, value: unknown): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${word} ${JSON.stringify(value)}\n`));
}

/** Resolves after so many milliseconds. */
export function pause(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}

/** A duration to be read; JSON knows no NaN and says null. */
export function ms(value: number | null): string {
  return value === null ? "none" : `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;
}
