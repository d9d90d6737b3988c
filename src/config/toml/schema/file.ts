/**
 * The tables and keys at the top of a fand.toml.
 *
 * @module
 */

import { DEFAULT_TOOL_PATHS } from "../../../sensors/tool_paths.ts";
import { DEFAULT_LIMITS, DEFAULT_SERVER } from "../../config.ts";
import { LOCAL_ROLES } from "../../client_config.ts";
import { isTable, oneOf, type Table, text, v, whole } from "../rules.ts";
import { milliseconds, table } from "./table.ts";

const limits = DEFAULT_LIMITS;

/** What the kernel takes as the name of a socket. */
const MOST_SOCKET_BYTES = 107;

const unixPath = v.custom<string>(
  (value) => typeof value === "string" && /^(none$|\/)/.test(value) && isShort(value),
  `"none", or a path from the root of at most ${MOST_SOCKET_BYTES} bytes`,
);

function isShort(path: string): boolean {
  return new TextEncoder().encode(path).length <= MOST_SOCKET_BYTES;
}

/** The tables and keys at the top of the file. */
export const FILE = table({
  address: v.optional(text, DEFAULT_SERVER.address),
  port: v.optional(whole(0, 65_535), DEFAULT_SERVER.port),
  unix: v.optional(unixPath, DEFAULT_SERVER.unix ?? "none"),
  tick_ms: v.optional(milliseconds(100, 60_000), DEFAULT_SERVER.tickMs),
  heartbeat_ms: v.optional(milliseconds(100, 60_000), DEFAULT_SERVER.heartbeatMs),
  duty_ttl_ms: v.optional(milliseconds(200, 60_000), DEFAULT_SERVER.dutyTtlMs),
  rpm_ttl_ms: v.optional(milliseconds(200, 600_000), DEFAULT_SERVER.rpmTtlMs),
  store: v.optional(text, DEFAULT_SERVER.store ?? "none"),
  local_role: v.optional(oneOf(LOCAL_ROLES), DEFAULT_SERVER.localRole),
  limits: v.optional(v.unknown(), {}),
  tools: v.optional(v.unknown(), {}),
  journal: v.optional(v.unknown(), {}),
  tls: v.optional(v.unknown()),
  rig: v.optional(v.unknown()),
  sensor: v.optional(v.custom<unknown[]>(Array.isArray, "tables [[sensor]]"), []),
  derived: v.optional(v.custom<unknown[]>(Array.isArray, "tables [[derived]]"), []),
  shelf: v.custom<unknown[]>(
    (value) => Array.isArray(value) && value.length > 0,
    "at least one table [[shelf]]",
  ),
  board: v.optional(v.custom<unknown[]>(Array.isArray, "tables [[board]]"), []),
  alert: v.optional(v.custom<unknown[]>(Array.isArray, "tables [[alert]]"), []),
  delivery: v.optional(v.custom<unknown[]>(Array.isArray, "tables [[delivery]]"), []),
  profile: v.optional(v.custom<unknown[]>(Array.isArray, "tables [[profile]]"), []),
  client: v.optional(v.custom<unknown[]>(Array.isArray, "tables [[client]]"), []),
  plant: v.optional(v.custom<Table>(isTable, "tables [plant.NAME]"), {}),
});

/** `[tools]`. */
export const TOOLS = table({
  smartctl: v.optional(text, DEFAULT_TOOL_PATHS.smartctl),
  nvidia_smi: v.optional(text, DEFAULT_TOOL_PATHS.nvidiaSmi),
  ipmitool: v.optional(text, DEFAULT_TOOL_PATHS.ipmitool),
  sysfs: v.optional(text, DEFAULT_TOOL_PATHS.sysfsRoot),
});

/** `[limits]`. */
export const LIMITS = table({
  clients: v.optional(whole(1, 100_000), limits.clients),
  clients_per_address: v.optional(whole(1, 100_000), limits.clientsPerAddress),
  frame_bytes: v.optional(whole(1024, 16_777_216, "bytes"), limits.frameBytes),
  depth: v.optional(whole(8, 256), limits.depth),
  items: v.optional(whole(256, 1_000_000), limits.items),
  output_bytes: v.optional(whole(4096, 67_108_864, "bytes"), limits.outputBytes),
  frames_per_s: v.optional(whole(10, 1_000_000), limits.framesPerS),
  bytes_per_s: v.optional(whole(1024, 1_073_741_824, "bytes"), limits.bytesPerS),
  outstanding: v.optional(whole(1, 10_000), limits.outstanding),
  subscriptions: v.optional(whole(1, 100_000), limits.subscriptions),
  idle_ms: v.optional(milliseconds(1000, 86_400_000), limits.idleMs),
  frame_ms: v.optional(milliseconds(100, 600_000), limits.frameMs),
  write_ms: v.optional(milliseconds(100, 600_000), limits.writeMs),
  page: v.optional(whole(1, 100), limits.page),
  name_bytes: v.optional(whole(8, 1024, "bytes"), limits.nameBytes),
  shelves: v.optional(whole(1, 100_000), limits.shelves),
  sensors: v.optional(whole(1, 1_000_000), limits.sensors),
});
