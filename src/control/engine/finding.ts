/**
 * What is worth being told about a sensor, a fan or a shelf, for as long as it holds.
 *
 * @module
 */

/** Everything that can be found: of sensors, of fans, of what air does, of a shelf itself. */
export const FINDING_KINDS = [
  "missing",
  "timeout",
  "range",
  "slope",
  "stuck",
  "disagree",
  "stall",
  "implausible",
  "no board",
  "wear",
  "dust",
  "no effect",
  "detached",
  "critical",
  "failsafe",
  "override",
] as const;

/** What was found. */
export type FindingKind = typeof FINDING_KINDS[number];

/** How much it matters: to know, to look after, to act on now. */
export type Severity = "info" | "warning" | "critical";

/** Something that holds now. Two of the same kind, shelf and subject are one. */
export interface Finding {
  kind: FindingKind;
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
