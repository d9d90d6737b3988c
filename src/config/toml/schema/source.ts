/**
 * The keys of `[[sensor]]` that say where its temperature comes from, by its type.
 *
 * @module
 */

import { DEFAULT_MAX_AGE_MS } from "../../../sensors/file.ts";
import { pciAddress } from "../../../sensors/gpu/pci.ts";
import { IPMI_PORT } from "../../../sensors/ipmi/ipmi_tool.ts";
import { isJsonPointer } from "../../../sensors/network/json_pointer.ts";
import type { SensorSource } from "../../../sensors/sensor_source.ts";
import { bool, number, oneOf, text, texts, v, whole } from "../rules.ts";
import { milliseconds } from "./table.ts";

const scale = v.optional(number(1e-6, 1e6, "°C per unit"), 1);

const pci = v.custom<string>(
  (value) => typeof value === "string" && pciAddress(value) !== null,
  'a PCI address such as "0000:09:00.0"',
);

const url = v.custom<string>(
  (value) => typeof value === "string" && isWebAddress(value),
  "an http or https address without a user",
);

const pointer = v.custom<string>(
  (value) => typeof value === "string" && isJsonPointer(value),
  'a JSON pointer such as "/temperature"',
);

/** A password would be shown wherever the address is. */
function isWebAddress(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) && url.username === "" &&
    url.password === "";
}

/** The types that a file may name, each with what its source needs. */
export const SOURCES = {
  hwmon: {
    chip: v.optional(text),
    label: v.optional(text),
    device: v.optional(text),
    input: v.optional(whole(1, 999)),
  },
  cpu: {},
  drivetemp: { serial: v.optional(text), device: v.optional(text) },
  smart: {
    serial: v.optional(text),
    device: v.optional(text),
    sensor: v.optional(whole(1, 8)),
  },
  nvidia: {
    uuid: v.optional(text),
    pci: v.optional(pci),
    index: v.optional(whole(0, 255)),
    reads: v.optional(oneOf(["gpu", "memory"]), "gpu"),
  },
  amdgpu: {
    pci: v.optional(pci),
    reads: v.optional(oneOf(["edge", "junction", "mem"]), "edge"),
  },
  ipmi: {
    sensor: text,
    entity: v.optional(text),
    host: v.optional(text),
    port: v.optional(whole(1, 65_535), IPMI_PORT),
    user: v.optional(text),
    password_file: v.optional(text),
  },
  file: {
    path: text,
    scale,
    max_age_ms: v.optional(milliseconds(1000, 86_400_000), DEFAULT_MAX_AGE_MS),
  },
  command: { argv: texts, shell: v.optional(bool, false) },
  http: { url, pointer: v.optional(pointer), scale },
  pushed: { max_ttl_ms: v.optional(milliseconds(100, 3_600_000), 60_000) },
  board: { board: text, input: v.optional(whole(0, 15), 0) },
  simulated: { plant: text, source: text },
} as const satisfies Partial<Record<SensorSource["type"], object>>;
