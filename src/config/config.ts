/**
 * What a server runs on, once every file has been read and checked. Nothing in here is still
 * to be validated: whoever holds a {@link ServerConfig} may rely on every range and reference.
 *
 * @module
 */

import type { HwmonPlaces } from "../board/hwmon/places.ts";
import type { DerivedPolicy } from "../control/sensing/derived_policy.ts";
import type { SensorPolicy } from "../control/sensing/sensor_health.ts";
import type { Calibration } from "../control/fans/map/calibration.ts";
import type { ShelfPolicy } from "../control/engine/decision.ts";
import type { SensorSource } from "../sensors/sensor_source.ts";
import { DEFAULT_TOOL_PATHS, type ToolPaths } from "../sensors/tool_paths.ts";
import { type AlertsConfig, NO_ALERTS } from "./alert_config.ts";
import type { ClientConfig, LocalRole } from "./client_config.ts";
import type { ProfileConfig } from "./profile_config.ts";
import type { TlsConfig } from "./tls/tls_config.ts";
import type { RigConfig } from "./rig_config.ts";
import type { PlantSpec } from "../sensors/simulated/plant.ts";
import { DEFAULT_JOURNAL, type JournalConfig } from "./journal_config.ts";

/** What kind of thing a sensor measures; it decides the defaults of the critical temperature. */
export type SensorKind = "hdd" | "ssd" | "cpu" | "other";

/**
 * One temperature sensor: how it is judged and where it is read. `kind` is a
 * {@link SensorKind}, or `"drive"` for a drive that a fand.ini names by its serial number
 * only: whether it is a hard disk or an SSD is known once it is found (see `resolveSensor`).
 */
export type SensorConfig = SensorPolicy & { source: SensorSource };

/** One named group of fans, and everything that asks for air there. */
export type ShelfConfig = ShelfPolicy;

/** A thermal plant and the seed of its noise. */
export interface PlantConfig extends PlantSpec {
  /** The same seed gives the same readings; a whole number from 0. */
  readonly seed: number;
}

/** One channel of a board and the shelf whose fans hang on it. */
export interface BoardChannel {
  shelf: string;
  /** From 0, as the board counts. */
  channel: number;
}

/** A fan board that the server drives itself. */
export interface BoardConfig {
  name: string;
  /** As `openBoard` takes it: `sim:`, `tty:usb-2341:0043:7583`, `hwmon:nct6775`. */
  line: string;
  channels: BoardChannel[];
  /** Duty in percent of a channel whose shelf has gone stale. */
  safePercent: number;
  /** What is known of its fans; without one a percentage is a duty. */
  calibration?: BoardCalibration;
  /** Where a line `hwmon:` finds its chip, and keeps what it was like. */
  places: HwmonPlaces;
}

/** The calibration that a board names. */
export interface BoardCalibration {
  file: string;
  /** What the file holds; null until it was read. */
  fans: Calibration | null;
}

/** Everything that grows, each with its bound. */
export interface ServerLimits {
  /** Connections at once; the next one is refused and told why. */
  clients: number;
  /** Connections at once from one address of another machine. */
  clientsPerAddress: number;
  /** Bytes of one frame, its length field not counted. */
  frameBytes: number;
  /** Nesting of one message. */
  depth: number;
  /** Items in one message. */
  items: number;
  /** Bytes of replies that wait for one client; beyond it no further request of it is taken. */
  outputBytes: number;
  /** Frames a second from one connection of another machine; what is faster is slowed down. */
  framesPerS: number;
  /** Bytes a second from one connection of another machine; what is faster is slowed down. */
  bytesPerS: number;
  /** Requests of one connection whose answers come later. */
  outstanding: number;
  /** Shelves that one connection may subscribe to. */
  subscriptions: number;
  /** Milliseconds that a connection without a subscription may stay silent. */
  idleMs: number;
  /** Milliseconds from a frame's first byte to its last. */
  frameMs: number;
  /** Milliseconds that one write may wait for a client that does not read. */
  writeMs: number;
  /** Entries on one page of `list` and `status`. */
  page: number;
  /** Bytes of UTF-8 in a name. */
  nameBytes: number;
  /** Shelves that a configuration may hold. */
  shelves: number;
  /** Sensors that a configuration may hold. */
  sensors: number;
}

/** A whole configuration, validated. */
export interface ServerConfig {
  /** Host name or IP address to listen on. */
  address: string;
  /** TCP port; 0 lets the system choose. */
  port: number;
  /** The unix socket to listen on as well; null for none. */
  unix: string | null;
  /** Clients over TLS, besides those of `address` and `port`; null for none. */
  tls: TlsConfig | null;
  /** Milliseconds between two decisions. */
  tickMs: number;
  /** Milliseconds between two pushes of an unchanged duty. */
  heartbeatMs: number;
  /** Milliseconds that a pushed duty stays good for at most. */
  dutyTtlMs: number;
  /** Milliseconds after which a reported rpm is unknown. */
  rpmTtlMs: number;
  /** The file that overrides survive a restart in; `null` keeps nothing. */
  store: string | null;
  /** Where the programs are that sensors are read with. */
  tools: Readonly<ToolPaths>;
  /** What is kept of what happened. */
  journal: JournalConfig;
  limits: ServerLimits;
  /** What somebody on this machine may do without proving who it is. */
  localRole: LocalRole;
  /** Who can prove a name, and what it may do then. */
  clients: readonly ClientConfig[];
  sensors: SensorConfig[];
  /** Sensors that are computed from others, in no order; without circles. */
  derived: readonly DerivedPolicy[];
  shelves: ShelfConfig[];
  boards: BoardConfig[];
  /** Thermal plants by name, for simulated sensors. */
  plants: Record<string, PlantConfig>;
  /** What bends the curves for a while, by hand, by schedule or because of a rig. */
  profiles: readonly ProfileConfig[];
  /** Where experiment rigs reach the fans; null: nowhere. */
  rig: RigConfig | null;
  /** What is told to whom. */
  alerts: AlertsConfig;
  /** The file this was read from, or `built-in default`. */
  source: string;
  /** What was accepted but deserves a word, one line each, with file and line. */
  warnings: readonly string[];
}

/** The limits of a server that nobody configured. */
export const DEFAULT_LIMITS: Readonly<ServerLimits> = Object.freeze({
  clients: 1024,
  clientsPerAddress: 256,
  frameBytes: 65_536,
  depth: 32,
  items: 4096,
  outputBytes: 262_144,
  framesPerS: 2000,
  bytesPerS: 1_048_576,
  outstanding: 64,
  subscriptions: 1024,
  idleMs: 600_000,
  frameMs: 10_000,
  writeMs: 10_000,
  page: 100,
  nameBytes: 128,
  shelves: 10_000,
  sensors: 100_000,
});

/** Everything of a {@link ServerConfig} that a file may leave out. */
export const DEFAULT_SERVER: Readonly<
  Pick<
    ServerConfig,
    | "address"
    | "port"
    | "unix"
    | "tls"
    | "tickMs"
    | "heartbeatMs"
    | "dutyTtlMs"
    | "rpmTtlMs"
    | "store"
    | "tools"
    | "journal"
    | "localRole"
    | "clients"
    | "derived"
    | "alerts"
    | "profiles"
    | "rig"
  >
> = Object.freeze({
  address: "127.0.0.1",
  port: 9999,
  unix: null,
  tls: null,
  tickMs: 1000,
  heartbeatMs: 1000,
  dutyTtlMs: 5000,
  rpmTtlMs: 10_000,
  store: "fand.db",
  tools: DEFAULT_TOOL_PATHS,
  journal: DEFAULT_JOURNAL,
  localRole: "operate",
  clients: [],
  derived: [],
  alerts: NO_ALERTS,
  profiles: [],
  rig: null,
});
