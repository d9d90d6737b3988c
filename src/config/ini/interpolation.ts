/**
 * `%(name)s` in values, as Python's configparser fills it in; `%%` is a percent sign and any other
 * `%` is an error, which is how many a fand.ini came to be refused.
 *
 * @module
 */

import { DEFAULT_SECTION, type IniSections, rawValue } from "./parser.ts";

/** As deep as configparser goes. */
const MAX_DEPTH = 10;
/** What a few lines that refer to one another may grow to. */
const MAX_LENGTH = 1_048_576;

/** A value, or what is wrong with it. */
export type Interpolated =
  | { readonly value: string }
  | { readonly found: string; readonly allowed: string };

/** The value of an option of `section`, its own or inherited; null when there is none. */
export function interpolate(
  sections: IniSections,
  section: string,
  option: string,
): Interpolated | null {
  const lookUp = (name: string): string | null => {
    const found = sections.get(section)?.options.get(name) ??
      sections.get(DEFAULT_SECTION)?.options.get(name);
    return found ? rawValue(found) : null;
  };
  const raw = lookUp(option);
  if (raw === null) return null;
  try {
    return { value: expand(raw, lookUp, 1) };
  } catch (error) {
    if (error instanceof Refusal) return { found: error.message, allowed: error.allowed };
    throw error;
  }
}

class Refusal extends Error {
  constructor(found: string, readonly allowed: string) {
    super(found);
  }
}

function expand(text: string, lookUp: (name: string) => string | null, depth: number): string {
  if (!text.includes("%")) return text;
  if (depth > MAX_DEPTH) {
    throw new Refusal(`%(…)s more than ${MAX_DEPTH} deep`, "values that do not refer in a circle");
  }
  let result = "";
  let at = 0;
  for (let percent = text.indexOf("%"); percent >= 0; percent = text.indexOf("%", at)) {
    result += text.slice(at, percent);
    if (text[percent + 1] === "%") {
      result += "%";
      at = percent + 2;
    } else {
      const reference = /^%\(([^)]+)\)s/.exec(text.slice(percent));
      const name = reference?.[1]?.toLowerCase();
      if (!reference || name === undefined) {
        throw new Refusal('a lone "%"', '"%%" for a percent sign, or %(OPTION)s');
      }
      const value = lookUp(name);
      if (value === null) {
        throw new Refusal(`%(${name})s`, "the name of an option of this section or of [DEFAULT]");
      }
      result += expand(value, lookUp, depth + 1);
      at = percent + reference[0].length;
    }
    if (result.length > MAX_LENGTH) {
      throw new Refusal(
        `more than ${MAX_LENGTH} characters`,
        "a value that %(…)s does not blow up",
      );
    }
  }
  return result + text.slice(at);
}
