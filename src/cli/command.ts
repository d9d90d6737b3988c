/**
 * What a command line of fanctl asks for, as data: the parser makes it, the commands take it.
 *
 * @module
 */
import type { Role } from "../config/client_config.ts";
import type { ToolPaths } from "../sensors/tool_paths.ts";
import type { RadioCommand } from "./radio/command.ts";
import type { SupposedWord } from "./supposition.ts";

/** When an override ends: after a duration, or at an instant. */
export type Expiry = { kind: "in"; durationMs: number } | { kind: "on"; date: Date };

/** A moment: some time before another one, or a date. */
export type Moment = { kind: "ago"; durationMs: number } | { kind: "at"; date: Date };

/** A shelf and the channels of the board that blow for it, counted from 0. */
export interface Binding {
  shelf: string;
  channels: number[];
}

/** The host and port of a server. */
export interface Endpoint {
  host: string;
  /** 1 to 65535. */
  port: number;
}

/** One action with its arguments. */
export type Command =
  | { action: "ping" }
  | { action: "get-pwm"; shelf: string }
  | { action: "get-rpm"; shelf: string }
  | {
    action: "set-pwm-override";
    shelf: string;
    /** 0 to 100, or null to end the override. */
    percent: number | null;
    expiry: Expiry | null;
    force: boolean;
    /** Why, in words; null for none. */
    reason: string | null;
  }
  | { action: "set-pwm-expire-in"; shelf: string; durationMs: number }
  | { action: "set-pwm-expire-on"; shelf: string; date: Date | null }
  | { action: "raw"; request: string; args: readonly string[] }
  | { action: "list" }
  | { action: "counters" }
  | {
    action: "sensors";
    /** Other places than the usual ones. */
    places: Partial<ToolPaths>;
  }
  | {
    action: "push";
    sensor: string;
    /** Null when there is no reading. */
    tempC: number | null;
    ttlMs: number;
  }
  | { action: "status"; shelf: string | null }
  | {
    action: "why";
    shelf: string;
    /** Null for now. */
    at: Moment | null;
  }
  | { action: "whatif"; shelf: string; suppositions: readonly SupposedWord[] }
  | { action: "overrides" }
  | {
    action: "tune";
    shelf: string;
    /** What to look at; null when the shelf has but one sensor. */
    sensor: string | null;
    /** The duties to hold in turn, 0 to 100; null for two around the one of now. */
    lowPercent: number | null;
    highPercent: number | null;
    /** The temperature in °C that ends it; null for 10 °C below the critical one of the kind. */
    limitC: number | null;
    /** How long one duty is held at most. */
    phaseMs: number;
  }
  | {
    action: "history";
    shelf: string;
    since: Moment;
    /** Null for now. */
    until: Moment | null;
    /** Steps at most; null for as many as can be shown. */
    points: number | null;
    form: "table" | "plot" | "csv";
  }
  | {
    action: "replay";
    /** The file. */
    journal: string;
    /** A configuration to try; null to see only whether everything comes out the same. */
    config: string | null;
    /** Null for the beginning. */
    since: Moment | null;
    /** Null for the end. */
    until: Moment | null;
  }
  | {
    action: "watch";
    /** Empty for every shelf. */
    shelves: readonly string[];
    /** How often each shelf is shown before the command ends; null for ever. */
    count: number | null;
  }
  | {
    action: "agent";
    bindings: readonly Binding[];
    /** As `openLine` takes it: `sim:`, `tty:usb-2341:0043:7583`, `tcp://nas:3333`. */
    board: string;
    /** What the board is called at the server; null for the names of its shelves. */
    name: string | null;
    /** The file with what is known of its fans; null for none. */
    calibration: string | null;
    /** The file with the highest epoch that was granted; null to know it until the end only. */
    state: string | null;
    /** Empty for the server of `--address` and `--port`. */
    servers: readonly Endpoint[];
  }
  | { action: "profile-list" }
  | { action: "profile-set"; name: string; expiry: Expiry | null; reason: string | null }
  | { action: "profile-clear" }
  | {
    action: "rig-status";
    /** Null for the usual port of the server. */
    uri: string | null;
  }
  | {
    action: "rig-send";
    /** An `ExpMessage`. */
    event: number;
    /** Each JSON, or else text. */
    data: readonly string[];
    uri: string | null;
  }
  | { action: "alert-list" }
  | {
    action: "alert-acknowledge";
    rule: string;
    /** Undefined for all that the rule is about. */
    subject: string | undefined;
  }
  | { action: "config-check"; file: string }
  | { action: "config-diff"; file: string }
  | { action: "config-apply"; file: string; confirmMs: number; dryRun: boolean }
  | { action: "config-confirm" }
  | { action: "config-take-back" }
  | {
    action: "audit";
    /** The most changes that are shown. */
    count: number;
  }
  | {
    action: "token";
    name: string;
    role: Role;
    /** An agent's own, with `*` and `?`. */
    shelves: readonly string[];
  }
  | PkiCommand
  | BoardCommand
  | RadioCommand;

/** What is wanted of a CA of one's own; `dir` is its folder. */
export type PkiCommand =
  | {
    action: "pki-init";
    dir: string;
    /** Null for one that no other CA has. */
    name: string | null;
    days: number;
  }
  | {
    action: "pki-server";
    dir: string;
    /** At least one; the files have the name of the first. */
    hosts: readonly string[];
    days: number;
    replace: boolean;
  }
  | {
    action: "pki-client";
    dir: string;
    name: string;
    role: Role;
    /** An agent's own, with `*` and `?`. */
    shelves: readonly string[];
    days: number;
    replace: boolean;
  }
  | { action: "pki-revoke"; dir: string; name: string }
  | { action: "pki-list"; dir: string };

/** What is wanted of a fan board. */
export type BoardCommand =
  | { action: "board-list" }
  | { action: "board-info"; board: BoardChoice }
  | {
    action: "board-set";
    board: BoardChoice;
    channel: number;
    target: HoldTarget;
    forMs: number;
  }
  | { action: "board-watch"; board: BoardChoice; count: number | null }
  | {
    action: "board-selftest";
    board: BoardChoice;
    /** Empty for all. */
    channels: readonly number[];
    /** Go on although no temperature is known. */
    unseen: boolean;
  }
  | {
    action: "board-calibrate";
    board: BoardChoice;
    /** Empty for all with a tachometer. */
    channels: readonly number[];
    unseen: boolean;
    stepPercent: number;
    /** What the other fans do at least. */
    floorPercent: number;
    /** Of the fans at full duty, as the data sheet tells it; null when nobody knows. */
    ratedRpm: number | null;
    /** The file to keep everything in, and to go on with; null for none. */
    out: string | null;
  }
  | { action: "board-config-get"; board: BoardChoice }
  | { action: "board-config-set"; board: BoardChoice; key: string; value: string }
  | { action: "board-config-save"; board: BoardChoice }
  | {
    action: "board-restore";
    /** The folder in which is kept what outputs were like. */
    stateDir: string;
  }
  | {
    action: "board-flash";
    /** A serial port, as `openLine` takes it. */
    board: string;
    /** Null to ask the board. */
    part: "atmega328p" | "atmega2560" | null;
    /** Of the bootloader; null for the usual one. */
    baudRate: number | null;
    consent: boolean;
  };

/** A duty of 0 to 100 percent, a speed in revolutions a minute, or null to end the hold. */
export type HoldTarget = { percent: number } | { rpm: number } | null;

/** A board's name at the server, or its line; null for the only one of the server. */
export type BoardChoice = string | null;

/** The command with this action. */
export type CommandOf<A extends Command["action"]> = Extract<Command, { action: A }>;

/** The files of a connection over TLS; null: none is named. */
export interface TlsFiles {
  /** The CA that is trusted besides those that everybody trusts. */
  readonly ca: string | null;
  /** The client's own certificate. */
  readonly cert: string | null;
  readonly key: string | null;
}

/** The flags that every command takes. */
export interface CommonOptions {
  /** Name or address of the server, or `unix:` and the path of its socket. */
  address: string;
  /** 1 to 65535. */
  port: number;
  /** How long the server may take to accept a connection, and for each answer. */
  timeoutMs: number;
  /** The files of a connection over TLS; null for one without. */
  tls: TlsFiles | null;
  /** The file with the token that proves who this is; null for none. */
  tokenFile: string | null;
  /** Print JSON for programs. */
  json: boolean;
  /** 0: warnings and errors; 1: what is done; 2: every message. */
  verbosity: number;
  /** Say nothing on standard error but the error that ends the command. */
  quiet: boolean;
}
