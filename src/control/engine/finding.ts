/**
 * What is worth being told about a sensor, a fan or a shelf, for as long as it holds.
 *
 * @module
 */

/** How much it matters: to know, to look after, to act on now. */
export type Severity = "info" | "warning" | "critical";

/** Something that holds now. Two of the same kind, shelf and subject are one. */
export interface Finding {
  /** One word of a small vocabulary: `stall`, `stuck`, `dust`, `wear`, `override`, `failsafe`… */
  kind: string;
  severity: Severity;
  /** Null when it concerns no single shelf. */
  shelf: string | null;
  /** What it is about: a sensor, a fan, a rule. */
  subject: string;
  /** In words, with its numbers. */
  text: string;
  /** When it began, monotonic. */
  sinceMs: number;
}

/** What tells one finding from another. */
export function findingKey({ kind, shelf, subject }: Finding): string {
  return JSON.stringify([kind, shelf, subject]);
}
