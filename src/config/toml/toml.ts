/**
 * A fand.toml, read whole: every problem is found before anything of it takes effect.
 *
 * @module
 */

import { loadToml } from "../../../deps.ts";
import { NORMAL_PROFILE } from "../../control/profile/profile.ts";
import { ConfigError } from "../../errors.ts";
import { LOG_DELIVERY } from "../alert_config.ts";
import type { ClientConfig } from "../client_config.ts";
import { DEFAULT_TOOL_PATHS, type ToolPaths } from "../../sensors/tool_paths.ts";
import type { PlantConfig, SensorConfig, ServerConfig, ServerLimits } from "../config.ts";
import { DEFAULT_LIMITS } from "../config.ts";
import { Names } from "../names.ts";
import { type KeyPath, Problems, show } from "../problems.ts";
import { withGroups } from "../sensor_groups.ts";
import { readAlert, readDelivery } from "./alert.ts";
import { readBoard } from "./board.ts";
import { readClient } from "./client.ts";
import { checkCircle, readDerived } from "./derived.ts";
import { readJournal } from "./journal.ts";
import { TomlLines } from "./lines.ts";
import { readPlant } from "./plant.ts";
import { readProfile } from "./profile.ts";
import { readRig } from "./rig.ts";
import { isTable, read, type Table } from "./rules.ts";
import { FILE, LIMITS, TOOLS } from "./schema.ts";
import { readSensor } from "./sensor.ts";
import { readShelf } from "./shelf.ts";
import { readTls } from "./tls.ts";

const { parse, TomlError } = await loadToml();

/**
 * Reads a fand.toml.
 *
 * @param source Its text.
 * @param file The name that messages begin with.
 * @throws {ConfigError} With every problem found, each with its line.
 */
export function parseToml(source: string, file: string): ServerConfig {
  const text = source.replace(/^\uFEFF/, "");
  const root = parseText(text, file);
  const lines = new TomlLines(text);
  const problems = new Problems(file, (path) => lines.lineOf(path));
  const top = read(FILE, root, [], problems);
  const limits = readLimits(root["limits"] ?? {}, problems);
  const journal = readJournal(root["journal"], problems);
  const tools = readTools(root["tools"] ?? {}, problems);
  const parts = readParts(root, limits, problems);
  const tls = readTls(root["tls"], problems);
  const rig = readRig(root["rig"], parts.profiles, problems);
  if (top) checkTtls(top, problems);
  if (!top || problems.count > 0) throw problems.error();
  warnOfUnused(parts, problems);
  return {
    address: top.address,
    port: top.port,
    unix: top.unix === "none" ? null : top.unix,
    tickMs: top.tick_ms,
    heartbeatMs: top.heartbeat_ms,
    dutyTtlMs: top.duty_ttl_ms,
    rpmTtlMs: top.rpm_ttl_ms,
    store: top.store === "none" ? null : top.store,
    localRole: top.local_role,
    tools,
    limits,
    journal,
    tls,
    rig,
    ...parts,
    source: file,
    warnings: problems.warnings,
  };
}

function parseText(text: string, file: string): Table {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const reason = error.message.split("\n")[0]?.replace(/^Invalid TOML document: /, "");
    throw new ConfigError(
      `Cannot use the configuration "${file}": it is not TOML; correct what is listed and try again`,
      [`${file}:${error.line}: syntax: found ${reason} in column ${error.column}, allowed TOML 1.0`],
      { cause: error },
    );
  }
}

function readTools(value: unknown, problems: Problems): ToolPaths {
  const tools = read(TOOLS, value, ["tools"], problems);
  if (!tools) return DEFAULT_TOOL_PATHS;
  const { smartctl, nvidia_smi: nvidiaSmi, ipmitool, sysfs: sysfsRoot } = tools;
  return { smartctl, nvidiaSmi, ipmitool, sysfsRoot };
}

function readLimits(value: unknown, problems: Problems): ServerLimits {
  const limits = read(LIMITS, value, ["limits"], problems);
  if (!limits) return DEFAULT_LIMITS;
  return {
    clients: limits.clients,
    clientsPerAddress: limits.clients_per_address,
    frameBytes: limits.frame_bytes,
    depth: limits.depth,
    items: limits.items,
    outputBytes: limits.output_bytes,
    framesPerS: limits.frames_per_s,
    bytesPerS: limits.bytes_per_s,
    outstanding: limits.outstanding,
    subscriptions: limits.subscriptions,
    idleMs: limits.idle_ms,
    frameMs: limits.frame_ms,
    writeMs: limits.write_ms,
    page: limits.page,
    nameBytes: limits.name_bytes,
    shelves: limits.shelves,
    sensors: limits.sensors,
  };
}

type Parts = Pick<
  ServerConfig,
  "sensors" | "derived" | "shelves" | "boards" | "plants" | "alerts" | "profiles" | "clients"
>;

/** The tables, in the order in which they refer to one another. */
function readParts(root: Table, limits: ServerLimits, problems: Problems): Parts {
  const context = { problems, limits };
  const plants = readPlants(root["plant"], context);

  const { sensors, derived, names: sensorNames } = readSensors(root, plants, context);
  const shelfNames = claimAll("shelf", root["shelf"], context, limits.shelves);
  const shelves = readAll(
    "shelf",
    root["shelf"],
    (value, path) => readShelf(value, path, { ...context, sensors: sensorNames }),
  );

  claimAll("board", root["board"], context, MAX_BOARDS);
  const boardContext = { problems, shelves: shelfNames };
  const boards = readAll(
    "board",
    root["board"],
    (value, path) => readBoard(value, path, boardContext),
  );
  const alerts = readAlerts(root, { ...context, sensors: sensorNames, shelves: shelfNames });
  const profileNames = claimAll("profile", root["profile"], context, MAX_PROFILES);
  if (profileNames.has(NORMAL_PROFILE.name)) {
    problems.add(
      ["profile"],
      `a profile ${show(NORMAL_PROFILE.name)}`,
      "another name: it is there",
    );
  }
  const profiles = readAll(
    "profile",
    root["profile"],
    (value, path) => readProfile(value, path, { ...context, shelves: shelfNames }),
  );
  return {
    sensors: withGroups(sensors, derived, shelves),
    derived,
    shelves,
    boards,
    plants: Object.fromEntries(plants.read),
    alerts,
    profiles,
    clients: readClients(root["client"], context),
  };
}

/** The sensors, measured and derived, which share their names. */
function readSensors(root: Table, plants: Plants, context: Context) {
  const { problems, limits } = context;
  const measured = claimAll("sensor", root["sensor"], context, limits.sensors);
  const names = claimAll("sensor", root["sensor"], context, limits.sensors);
  claimAll("derived", root["derived"], context, limits.sensors, names);
  const sensors = readAll("sensor", root["sensor"], (value, path) => {
    const sensor = readSensor(value, path, { problems, measured });
    if (sensor) checkPlant(sensor, path, plants, context);
    return sensor;
  });
  const derived = readAll(
    "derived",
    root["derived"],
    (value, path) => readDerived(value, path, { problems, sensors: names }),
  );
  checkCircle(derived, problems);
  return { sensors, derived, names };
}

/** Rules, places to tell them to, and profiles: more would be a slip. */
const MAX_ALERTS = 256;
const MAX_DELIVERIES = 32;
const MAX_PROFILES = 64;
/** An agent for each of the most shelves, and the people. */
const MAX_CLIENTS = 110_000;

function readClients(items: unknown, context: Context): ClientConfig[] {
  claimAll("client", items, context, MAX_CLIENTS);
  const parts = { problems: context.problems, tokens: new Set<string>() };
  return readAll("client", items, (value, path) => readClient(value, path, parts));
}

function readAlerts(
  root: Table,
  context: Context & { sensors: Names; shelves: Names },
): ServerConfig["alerts"] {
  const { problems } = context;
  const names = claimAll("delivery", root["delivery"], context, MAX_DELIVERIES);
  const deliveries = readAll(
    "delivery",
    root["delivery"],
    (value, path) => readDelivery(value, path, problems),
  );
  if (!names.has(LOG_DELIVERY.name)) {
    names.claim(LOG_DELIVERY.name, ["delivery"]);
    deliveries.push(LOG_DELIVERY);
  }
  claimAll("alert", root["alert"], context, MAX_ALERTS);
  const rules = readAll(
    "alert",
    root["alert"],
    (value, path) => readAlert(value, path, { ...context, deliveries: names }),
  );
  return { rules, deliveries };
}

/** Boards on one machine: more would be a slip. */
const MAX_BOARDS = 64;

interface Context {
  readonly problems: Problems;
  readonly limits: ServerLimits;
}

/** Reads every item of an array of tables and keeps what is good. */
function readAll<T>(
  key: string,
  items: unknown,
  readOne: (value: unknown, path: KeyPath) => T | null,
): T[] {
  if (!Array.isArray(items)) return [];
  return items.map((value, index) => readOne(value, [key, index])).filter((item) => item !== null);
}

/** The names of all items, those with problems included, so that references to them hold. */
function claimAll(
  key: string,
  items: unknown,
  context: Context,
  max: number,
  names: Names = new Names(key, context.problems, context.limits),
): Names {
  if (!Array.isArray(items)) return names;
  if (items.length > max) {
    context.problems.add([key], `${items.length} of them`, `at most ${max}`);
  }
  for (const [index, item] of items.entries()) {
    if (!isTable(item)) continue;
    const name = item["name"];
    if (typeof name === "string" && name !== "") names.claim(name, [key, index, "name"]);
  }
  return names;
}

interface Plants {
  readonly names: Names;
  readonly read: Map<string, PlantConfig>;
}

function readPlants(tables: unknown, { problems, limits }: Context): Plants {
  const names = new Names("plant", problems, limits);
  const plants = new Map<string, PlantConfig>();
  for (const [name, value] of Object.entries(isTable(tables) ? tables : {})) {
    names.claim(name, ["plant", name]);
    const plant = readPlant(value, ["plant", name], problems, limits);
    if (plant) plants.set(name, plant);
  }
  return { names, read: plants };
}

function checkPlant(sensor: SensorConfig, path: KeyPath, plants: Plants, context: Context): void {
  if (sensor.source.type !== "simulated") return;
  const { plant, source } = sensor.source;
  if (!plants.names.expect(plant, [...path, "plant"])) return;
  const sources = plants.read.get(plant)?.sources.map(({ name }) => name);
  if (!sources || sources.includes(source)) return;
  context.problems.add(
    [...path, "source"],
    show(source),
    `a source of plant ${show(plant)}: ${sources.map(show).join(", ")}`,
  );
}

/** A sensor that no shelf follows is read in vain, and may be a slip. */
function warnOfUnused({ sensors, derived, shelves }: Parts, problems: Problems): void {
  const used = new Set([
    ...shelves.flatMap(({ causes }) => causes.flatMap(({ sensors }) => sensors)),
    ...derived.flatMap(({ of }) => of),
    ...sensors.flatMap(({ stuck, siblings }) => [stuck?.with ?? [], siblings?.names ?? []].flat()),
  ]);
  for (const [key, all] of [["sensor", sensors], ["derived", derived]] as const) {
    for (const [index, { name }] of all.entries()) {
      if (used.has(name)) continue;
      problems.warn([key, index, "name"], `no shelf follows sensor ${show(name)}`);
    }
  }
}

/** What is renewed must be renewed twice within its time, so that one late beat is no failsafe. */
function checkTtls(
  top: { tick_ms: number; heartbeat_ms: number; duty_ttl_ms: number; rpm_ttl_ms: number },
  problems: Problems,
): void {
  const beatMs = Math.max(top.tick_ms, top.heartbeat_ms);
  for (const key of ["duty_ttl_ms", "rpm_ttl_ms"] as const) {
    if (top[key] >= 2 * beatMs) continue;
    problems.add(
      [key],
      `${top[key]}`,
      `at least twice tick_ms (${top.tick_ms}) and heartbeat_ms (${top.heartbeat_ms}), ` +
        `so ${2 * beatMs} ms or more`,
    );
  }
}
