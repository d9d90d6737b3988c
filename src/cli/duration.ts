/**
 * Durations as people type and read them: `1h30m`, `90`, `4:22.5`.
 *
 * Pure: text in, milliseconds out, and back.
 *
 * @module
 */
import { UsageError } from "../errors.ts";

/** The longest duration that is taken: 36 525 days, a hundred years. */
export const MAX_DURATION_MS = 36_525 * 86_400_000;

/** What {@link parseDuration} takes, for messages and help. */
export const DURATION_FORMS =
  "units in falling order as 1w2d3h4m5s500ms (the last may have a fraction: 1.5h), " +
  "or SECONDS, M:S, H:M:S or D:H:M:S (seconds may have a fraction: 4:22.5)";

const UNITS = [
  ["w", 604_800_000],
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1_000],
  ["ms", 1],
] as const;
/** What the places of `D:H:M:S` stand for, from the right. */
const CLOCK_MS = [1_000, 60_000, 3_600_000, 86_400_000];

const UNIT_FORM = /^(?:[0-9]+(?:\.[0-9]+)?(?:ms|[wdhms]))+$/;
const UNIT_PART = /([0-9]+(?:\.[0-9]+)?)(ms|[wdhms])/g;
const CLOCK_FORM = /^(?:[0-9]+:){0,3}[0-9]+(?:\.[0-9]+)?$/;

/**
 * The milliseconds that `text` stands for, rounded to whole ones. Blanks around it do not matter.
 *
 * @throws {UsageError} When `text` is none of {@link DURATION_FORMS}, or longer than
 * {@link MAX_DURATION_MS}.
 */
export function parseDuration(text: string): number {
  const trimmed = text.trim();
  const totalMs = CLOCK_FORM.test(trimmed)
    ? clockMs(trimmed)
    : UNIT_FORM.test(trimmed)
    ? unitsMs(trimmed)
    : null;
  if (totalMs === null) {
    throw new UsageError(
      `Cannot read the duration "${text}": it has another form; ` +
        `write ${DURATION_FORMS}`,
    );
  }
  if (totalMs > MAX_DURATION_MS) {
    throw new UsageError(
      `Cannot read the duration "${text}": it is longer than 36525 days; write a shorter one`,
    );
  }
  return Math.round(totalMs);
}

function clockMs(text: string): number {
  const places = text.split(":").reverse();
  return places.reduce((sumMs, place, index) => sumMs + Number(place) * (CLOCK_MS[index] ?? 0), 0);
}

/** `null` when a unit comes twice or out of order, or when not only the last has a fraction. */
function unitsMs(text: string): number | null {
  const parts = [...text.matchAll(UNIT_PART)];
  let sumMs = 0;
  let lastUnit = -1;
  for (const [index, [, amount = "", name]] of parts.entries()) {
    const unit = UNITS.findIndex(([unitName]) => unitName === name);
    if (unit <= lastUnit || (amount.includes(".") && index < parts.length - 1)) return null;
    sumMs += Number(amount) * (UNITS[unit]?.[1] ?? 0);
    lastUnit = unit;
  }
  return sumMs;
}

/**
 * The shortest exact way to write whole milliseconds: `1d2h`, `90ms`, `0s`. {@link parseDuration}
 * reads it back to the same number.
 */
export function formatDuration(durationMs: number): string {
  let restMs = Math.round(durationMs);
  let text = "";
  for (const [name, unitMs] of UNITS) {
    if (name === "w") continue;
    const amount = Math.floor(restMs / unitMs);
    if (amount > 0) text += `${amount}${name}`;
    restMs -= amount * unitMs;
  }
  return text || "0s";
}

/** A duration for a person's eye, in its two largest units: `1d2h`, `3m20s`, `0.8s`. */
export function formatRoughly(durationMs: number): string {
  if (durationMs < 9_950) return `${(Math.max(0, durationMs) / 1000).toFixed(1)}s`;
  const seconds = Math.round(durationMs / 1000);
  if (seconds < 3_600) return formatDuration(seconds * 1000);
  const minutes = Math.round(seconds / 60);
  if (minutes < 1_440) return formatDuration(minutes * 60_000);
  return formatDuration(Math.round(minutes / 60) * 3_600_000);
}
