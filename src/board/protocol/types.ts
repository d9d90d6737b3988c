/**
 * What host and board tell each other, in the host's words. The bytes are in messages.ts.
 *
 * @module
 */

/** What one channel of a board can do. */
export interface ChannelAbility {
  /** Steps of duty between 0 and 100 %. */
  readonly steps: number;
  /** Whether the board has a tachometer input for this channel. */
  readonly tach: boolean;
}

/** How a board introduces itself. */
export interface BoardHello {
  /** Version of the board protocol that it speaks: major, minor. */
  readonly protocol: readonly [major: number, minor: number];
  /** Version of its firmware. */
  readonly firmware: readonly [major: number, minor: number, patch: number];
  /** The microcontroller, `ATmega328P` for one; `part 7` when this version does not know it. */
  readonly part: string;
  /** Different after each reset of the board. */
  readonly bootId: number;
  /** The longest payload it takes, in bytes. */
  readonly maxPayloadBytes: number;
  /** The longest TTL it takes, in milliseconds. */
  readonly ttlMaxMs: number;
  /** A bit for each ability beyond protocol 1.0; see `Capability`. */
  readonly capabilities: number;
  /** One entry a channel, in order. */
  readonly channels: readonly ChannelAbility[];
}

/** What one channel shall be driven with. */
export interface DutyCommand {
  /** Duty in permille, a whole number 0..1000. */
  readonly permille: number;
  readonly rpm?: never;
  /** Nobody has this channel: a board whose outputs had another driver leaves it to that one. */
  readonly unowned?: true;
  /** For how long that is good, in whole milliseconds, 1..10000; then it is the safe level. */
  readonly ttlMs: number;
}

/** What speed the board shall hold on one channel. Wants a tachometer, and protocol 1.1. */
export interface RpmCommand {
  /** Revolutions a minute, a whole number 100..20000. */
  readonly rpm: number;
  readonly permille?: never;
  readonly unowned?: never;
  /** As for a duty. */
  readonly ttlMs: number;
}

/** What one channel shall do. A `set` carries one for every channel of the board. */
export type ChannelCommand = DutyCommand | RpmCommand;

/** Why a channel is as it is. */
export interface ChannelFlags {
  /** At its safe level because nobody told it otherwise in time. */
  readonly failsafe: boolean;
  /** Its TTL ran out at some time since the last `clear`. */
  readonly latched: boolean;
  /** The pin is let go, which is full speed. */
  readonly released: boolean;
  /** The tachometer measures whole revolutions. */
  readonly spinning: boolean;
}

/** What one channel does. */
export interface ChannelStatus {
  /** The duty that the timer makes, in permille: what was asked for, rounded up to a whole step. */
  readonly permille: number;
  /** Steps of the period in which the fan's line is high. */
  readonly compare: number;
  /** Steps of a whole period. */
  readonly steps: number;
  /** Milliseconds until the safe level; 0 in failsafe. */
  readonly ttlLeftMs: number;
  /** Revolutions a minute; 0 = no pulse for 0.9 s; null = not known (yet), or no tachometer. */
  readonly rpm: number | null;
  /** Falling edges that the speed was measured over: two a revolution. */
  readonly edges: number;
  /** Milliseconds since the last edge; null = over 65 s ago, or never. */
  readonly edgeAgeMs: number | null;
  /** Why it is so. */
  readonly flags: ChannelFlags;
}

/** What went wrong on the board since its reset; each number stops at 65535. */
export interface BoardCounters {
  /** Frames whose CRC did not fit. */
  readonly crc: number;
  /** Frames cut short, too long or too short. */
  readonly cobs: number;
  /** Times that received bytes were lost. */
  readonly overrun: number;
  /** Gaps in the numbering of commands, and commands that came too late. */
  readonly sequence: number;
  /** Times that a channel went to its safe level by itself. */
  readonly ttlExpired: number;
  /** Whole frames that were refused. */
  readonly rejected: number;
}

/** What a board does and how it fares. */
export interface BoardStatus {
  /** Different after each reset of the board. */
  readonly bootId: number;
  /** Milliseconds since that reset; wraps after 49 days. */
  readonly uptimeMs: number;
  /** Why it was reset: `power-on`, `external`, `brown-out`, `watchdog`; empty when not known. */
  readonly resetCauses: readonly string[];
  /**
   * How the cause is known: from the chip, or, behind a bootloader that wiped it there, handed over
   * by the bootloader or inferred from what the memory kept.
   */
  readonly resetCausesFrom: "chip" | "bootloader" | "memory";
  /** What went wrong since. */
  readonly counters: BoardCounters;
  /** One entry a channel, in order. */
  readonly channels: readonly ChannelStatus[];
  /** What protocol 1.1 adds; a board of protocol 1.0 tells none. */
  readonly details?: BoardDetails;
}

/** What drives a channel: its `set`, the thermistor's curve, or its safe level. */
export type ChannelMode = "duty" | "rpm" | "curve" | "safe";

/** What a fan does, as far as its tachometer tells; `unknown` is a state of its own. */
export type FanState =
  | "unknown"
  | "spinning"
  | "stopped"
  | "starting"
  | "stalled"
  | "implausible"
  | "not fitted";

/** What went wrong with a channel since the last `clear`. */
export interface ChannelFaults {
  /** It was driven and did not turn, kicks included. */
  readonly stalled: boolean;
  /** Its speed could not be held for want of a trustworthy tachometer: it is at its safe level. */
  readonly loopEnded: boolean;
  /** Its tachometer told what cannot be. */
  readonly implausible: boolean;
}

/** What protocol 1.1 tells of a channel. */
export interface ChannelDetails {
  readonly mode: ChannelMode;
  readonly state: FanState;
  readonly faults: ChannelFaults;
}

/** What protocol 1.1 adds to a status. */
export interface BoardDetails {
  /** The configuration in force, and whether it is the stored one. */
  readonly config: {
    /** Over all blocks: another one than expected is drift. */
    readonly crc: number;
    /** The EEPROM holds what is in force. */
    readonly stored: boolean;
    /** The EEPROM is being written. */
    readonly writing: boolean;
    /** The EEPROM holds no whole configuration: every pin is released until one is saved. */
    readonly lost: boolean;
  };
  /** How the thermistor's input reads; `unknown` until it was read. */
  readonly thermistor: "unknown" | "ok" | "open" | "short";
  /** The thermistor's temperature; null unless it is `ok`. */
  readonly temperatureC: number | null;
  /** One entry a channel, in order. */
  readonly channels: readonly ChannelDetails[];
  /** Commands that came again and were only answered again; stops at 65535. */
  readonly repeated: number;
}

/** What an operator declares about one channel. Duties are in permille. */
export interface ChannelConfiguration {
  /** Follow the board's curve when the host is silent; the safe level otherwise. */
  readonly curveWhenSilent: boolean;
  /** Whether a tachometer is wired to the channel's input. */
  readonly tach: boolean;
  /** Tachometer pulses a revolution, 1..8. */
  readonly pulsesPerRevolution: number;
  /** When the TTL is over. */
  readonly safePermille: number;
  /** The least duty but 0. */
  readonly minPermille: number;
  /** Starts the fan from standstill; 0 = drive it as told, without a kick. */
  readonly startPermille: number;
  /** The longest kick, 100..10000 in steps of 100. */
  readonly kickMs: number;
  /** From a kick in vain to the next, 1000..255000 in steps of 1000. */
  readonly pauseMs: number;
  /** At full duty, at most 30000; null = not known. */
  readonly maxRpm: number | null;
}

/** What an operator declares about a board and its fans. */
export interface BoardConfiguration {
  /** At most 16 bytes of UTF-8. */
  readonly name: string;
  /** What the PWM pins drive: the gate of an open-drain transistor, or the fan's line itself. */
  readonly stage: "open-drain" | "direct";
  /** Of the 10 kΩ thermistor, in kelvin, 2000..6000. */
  readonly thermistorBetaK: number;
  /** Five points in which neither value falls; duty is linear between them. */
  readonly curve: readonly { readonly celsius: number; readonly permille: number }[];
  /** One entry a channel, in order. */
  readonly channels: readonly ChannelConfiguration[];
}

/** Why a board refuses a command. */
export interface Refusal {
  /** Type of the command. */
  readonly request: number;
  /** The reason's number in the protocol. */
  readonly reason: number;
  /** The reason in words. */
  readonly text: string;
}

/** What a frame from the board says. */
export type Reply =
  | { readonly kind: "hello"; readonly seq: number; readonly hello: BoardHello }
  | {
    readonly kind: "status";
    readonly seq: number;
    /** Type of the command that it answers; 0x40 for telemetry, which answers none. */
    readonly request: number;
    readonly status: BoardStatus;
  }
  | {
    readonly kind: "config";
    readonly seq: number;
    readonly block: number;
    /** How many blocks there are. */
    readonly blocks: number;
    readonly bytes: Uint8Array;
  }
  | { readonly kind: "refusal"; readonly seq: number; readonly refusal: Refusal };
