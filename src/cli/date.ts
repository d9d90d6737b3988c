/**
 * Dates as people type them, resolved to an instant.
 *
 * Pure: the user's time zone is passed in. A date without a zone means the clock on the user's
 * wall, so it is resolved here and never on the server, whose zone may be another.
 *
 * @module
 */
import { UsageError } from "../errors.ts";

/** What {@link parseDate} takes, for messages and help. */
export const DATE_FORMS = "2030-12-29T01:01:59+01:00, 2030-12-29 01:01:59, 2030-12-29 01:01, " +
  '2030-12-29, 12/29/2030 01:01:59 or "Sun Dec 29 01:01:59 2030"; without a zone it is local time';

const TIME = "([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:[.,]([0-9]{1,9}))?)?";
const ZONE = " ?(Z|z|UTC|GMT|[+-](?:[01][0-9]|2[0-3])(?::?[0-5][0-9])?)";
const ISO_FORM = new RegExp(`^([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[Tt ]${TIME}(?:${ZONE})?)?$`);
const SLASH_FORM = new RegExp(`^([0-9]{1,2})/([0-9]{1,2})/([0-9]{4}|[0-9]{2})[T ]${TIME}$`);
const NAMED_FORM = new RegExp(`^([A-Z][a-z]{2}) ([A-Z][a-z]{2}) +([0-9]{1,2}) ${TIME} ([0-9]{4})$`);

const WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

/** The date on a calendar and a clock, and where that clock hangs. */
interface Written {
  year: number;
  month: number;
  day: number;
  time: (string | undefined)[];
  zone?: string | undefined;
  weekday?: string | undefined;
}

/**
 * The instant that `text` names, to the millisecond.
 *
 * @param localZone The IANA name of the user's time zone, for dates that name none.
 * @throws {UsageError} When `text` has none of {@link DATE_FORMS}, is no day of the calendar, or
 * names an hour that the zone skips or has twice.
 */
export function parseDate(text: string, localZone: string): Date {
  const written = readIso(text.trim()) ?? readSlashes(text.trim()) ?? readNamed(text.trim());
  if (written === null) {
    throw new UsageError(
      `Cannot read the date "${text}": it has another form; write ${DATE_FORMS}`,
    );
  }
  const plain = onCalendar(text, written);
  if (written.weekday !== undefined && WEEKDAYS[plain.dayOfWeek - 1] !== written.weekday) {
    throw new UsageError(
      `Cannot read the date "${text}": that day is a ${WEEKDAYS[plain.dayOfWeek - 1]}, ` +
        `not a ${written.weekday}; correct one of them`,
    );
  }
  const zone = written.zone === undefined ? localZone : zoneId(written.zone);
  try {
    const zoned = plain.toZonedDateTime(zone, { disambiguation: "reject" });
    return new Date(zoned.epochMilliseconds);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UsageError(
      `Cannot read the date "${text}": the zone ${zone} has no such hour, or has it twice; ` +
        "name the zone, as in 2030-12-29T01:01:59+01:00",
      { cause: error },
    );
  }
}

function readIso(text: string): Written | null {
  const [found, year, month, day, ...rest] = ISO_FORM.exec(text) ?? [];
  if (found === undefined) return null;
  return { ...numbers(year, month, day), time: rest.slice(0, 4), zone: rest[4] };
}

function readSlashes(text: string): Written | null {
  const [found, month, day, year, ...time] = SLASH_FORM.exec(text) ?? [];
  if (found === undefined) return null;
  return { ...numbers(fullYear(year), month, day), time };
}

function readNamed(text: string): Written | null {
  const [found, weekday, monthName = "", day, ...rest] = NAMED_FORM.exec(text) ?? [];
  const month = MONTHS.indexOf(monthName) + 1;
  if (found === undefined || month === 0) return null;
  return { ...numbers(rest[4], String(month), day), time: rest.slice(0, 4), weekday };
}

function numbers(
  year?: string,
  month?: string,
  day?: string,
): { year: number; month: number; day: number } {
  return { year: Number(year), month: Number(month), day: Number(day) };
}

/** POSIX reads two digits of a year as 1969 to 2068, and so did Python in the C locale. */
function fullYear(year = ""): string {
  if (year.length === 4) return year;
  return String(Number(year) + (Number(year) < 69 ? 2000 : 1900));
}

function onCalendar(text: string, written: Written): Temporal.PlainDateTime {
  const [hour = 0, minute = 0, second = 0] = written.time.map((part) => Number(part ?? 0));
  const fraction = (written.time[3] ?? "").padEnd(3, "0").slice(0, 3);
  const { year, month, day } = written;
  const fields = { year, month, day, hour, minute, second, millisecond: Number(fraction) };
  try {
    return Temporal.PlainDateTime.from(fields, { overflow: "reject" });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UsageError(
      `Cannot read the date "${text}": no calendar or clock has it; write ${DATE_FORMS}`,
      { cause: error },
    );
  }
}

function zoneId(zone: string): string {
  if (/^[a-z]/i.test(zone)) return "UTC";
  const digits = zone.slice(1).replace(":", "").padEnd(4, "0");
  return `${zone[0]}${digits.slice(0, 2)}:${digits.slice(2)}`;
}

/** An instant on the user's wall clock, with its offset: `2030-12-29 01:01:59+01:00`. */
export function formatDate(date: Date, localZone: string): string {
  const zoned = Temporal.Instant.fromEpochMilliseconds(date.getTime()).toZonedDateTimeISO(
    localZone,
  );
  const [plain = ""] = zoned.toString({ smallestUnit: "second", roundingMode: "trunc" }).split("[");
  return plain.replace("T", " ");
}
