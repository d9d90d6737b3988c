import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { parseIpmiListing, pickIpmi } from "../../../src/sensors/ipmi/ipmi_listing.ts";
import { CSV, CSV_VERBOSE, ELIST, SDR } from "../../vectors/sensors/ipmi_listings.ts";

/** The temperatures of a listing. */
function temperatures(text: string): [string, string | null, number][] {
  return parseIpmiListing(text).flatMap(({ name, entity, tempC }) =>
    tempC === null ? [] : [[name, entity, tempC]]
  );
}

const ipmi = (sensor: string, entity?: string) =>
  ({ type: "ipmi", sensor, ...entity === undefined ? {} : { entity } }) as const;

Deno.test("a listing of ipmitool sdr gives its temperatures", () => {
  deepStrictEqual(temperatures(SDR), [
    ["CPU1 Temp", null, 42],
    ["CPU2 Temp", null, 57],
    ["PSU Inlet Temp", null, 31],
    ["CPU Margin", null, -56],
  ]);
  strictEqual(parseIpmiListing(SDR).length, 10);
});

Deno.test("a listing of ipmitool sdr elist gives its temperatures with their entities", () => {
  deepStrictEqual(temperatures(ELIST), [
    ["Temp", "3.1", 50],
    ["Temp", "3.2", 54],
    ["Inlet Temp", "7.1", 31],
    ["Exhaust Temp", "7.1", 40.5],
  ]);
});

Deno.test("a comma separated listing gives its temperatures, and the entities with -v", () => {
  deepStrictEqual(temperatures(CSV), [["CPU Temp", null, 29], ["System Temp", null, 23.5]]);
  deepStrictEqual(temperatures(CSV_VERBOSE), [
    ["Ambient Temp", "1.1", 24],
    ["CPU Temp", "3.1", 47],
  ]);
  deepStrictEqual(parseIpmiListing(CSV).at(-1), {
    name: "PS2 Status",
    entity: "10.2",
    tempC: null,
    status: "cr",
    told: "Presence detected, Failure detected",
  });
});

for (
  const text of ["", "\n", "Unable to send command: Invalid argument\n", "a,b\nc|d\n", "|||\n"]
) {
  Deno.test(`what is no listing gives nothing: ${JSON.stringify(text)}`, () => {
    deepStrictEqual(parseIpmiListing(text), []);
  });
}

Deno.test("a sensor is picked by its name, and by its entity where names repeat", () => {
  const all = parseIpmiListing(ELIST);
  strictEqual(pickIpmi(all, ipmi("Inlet Temp")), 31);
  strictEqual(pickIpmi(all, ipmi("Temp", "3.2")), 54);
  throws(() => pickIpmi(all, ipmi("Temp")), {
    message: 'Cannot tell which is meant by IPMI sensor "Temp": 2 match, "Temp" (3.1), ' +
      '"Temp" (3.2); add the entity of one',
  });
});

Deno.test("a sensor without a reading says what its controller tells", () => {
  throws(() => pickIpmi(parseIpmiListing(ELIST), ipmi("GPU1 Temp")), {
    message: 'Cannot read IPMI sensor "GPU1 Temp": the controller tells "Disabled" (ns); ' +
      "leave it out while nothing is fitted there",
  });
  throws(() => pickIpmi(parseIpmiListing(CSV), ipmi("DIMMB1 Temp")), /tells "no reading" \(ns\)/);
  throws(() => pickIpmi(parseIpmiListing(SDR), ipmi("FAN1")), /tells "1400 RPM" \(ok\)/);
});

Deno.test("a sensor that is not there lists those that are", () => {
  throws(() => pickIpmi(parseIpmiListing(CSV), ipmi("CPU1 Temp")), {
    message: 'Cannot find IPMI sensor "CPU1 Temp": the controller has "CPU Temp", "System Temp", ' +
      '"FAN4", "DIMMB1 Temp"; name one of these',
  });
  throws(() => pickIpmi([], ipmi("a")), /has none with a temperature/);
});
