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
  /** A bit for each ability that a later minor adds; 0 in protocol 1.0. */
  readonly capabilities: number;
  /** One entry a channel, in order. */
  readonly channels: readonly ChannelAbility[];
}

/** What one channel shall do. A `set` carries one for every channel of the board. */
export interface ChannelCommand {
  /** Duty in permille, a whole number 0..1000. */
  readonly permille: number;
  /** For how long that is good, in whole milliseconds, 1..10000; then it is full speed. */
  readonly ttlMs: number;
}

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
  /** What went wrong since. */
  readonly counters: BoardCounters;
  /** One entry a channel, in order. */
  readonly channels: readonly ChannelStatus[];
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
    /** Type of the command that it answers: set, status or clear. */
    readonly request: number;
    readonly status: BoardStatus;
  }
  | { readonly kind: "refusal"; readonly seq: number; readonly refusal: Refusal };
