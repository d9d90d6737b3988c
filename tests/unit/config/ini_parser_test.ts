import { deepEqual, ok, throws } from "node:assert/strict";
import { parseFandIni } from "../../../src/config/ini/ini.ts";
import { interpolate } from "../../../src/config/ini/interpolation.ts";
import { DEFAULT_SECTION, parseIni } from "../../../src/config/ini/parser.ts";
import { Problems } from "../../../src/config/problems.ts";
import { ConfigError } from "../../../src/errors.ts";
import vectors from "../../vectors/ini.json" with { type: "json" };

type PythonSections = Record<string, Record<string, string | { error: string }>>;

Deno.test("parseIni and interpolate read every text as Python's configparser", () => {
  for (const vector of vectors.texts as { name: string; text: string; sections?: unknown }[]) {
    const problems = new Problems("x.ini", () => 1);
    const sections = parseIni(vector.text, problems);
    if (vector.sections === undefined) {
      ok(problems.count > 0, `${vector.name}: Python refuses this text`);
      continue;
    }
    deepEqual(problems.error().problems, [], vector.name);
    const expected = vector.sections as PythonSections;
    deepEqual([...sections.keys()].sort(), Object.keys(expected).sort(), vector.name);
    for (const [section, options] of Object.entries(expected)) {
      const own = sections.get(section)?.options.keys() ?? [];
      const inherited = sections.get(DEFAULT_SECTION)?.options.keys() ?? [];
      const names = [...new Set([...own, ...inherited])].sort();
      deepEqual(names, Object.keys(options).sort(), vector.name);
      for (const [option, value] of Object.entries(options)) {
        const found = interpolate(sections, section, option);
        if (typeof value === "string") deepEqual(found, { value }, vector.name);
        else ok(found && "found" in found, `${vector.name}, ${option}: ${value.error}`);
      }
    }
  }
});

Deno.test("parseFandIni reads every table as Python's float", () => {
  for (const vector of vectors.tables as { text: string; table?: [number, number][] }[]) {
    const table = vector.text.replaceAll("\n", "\n  ");
    const text = `[DEFAULT]\nshelves = s\nssd_temps = 0: 0\ncpu_temps = 0: 0\n` +
      `[s]\ndevices = D1; bay\nhdd_temps = ${table}\n`;
    if (vector.table?.some(([tempC]) => tempC === 0)) {
      const points = parseFandIni(text, "x.ini").shelves[0]?.drives?.hdd.points;
      deepEqual(points, vector.table, vector.text);
    } else {
      throws(() => parseFandIni(text, "x.ini"), ConfigError, vector.text);
    }
  }
});
