/**
 * What every kind of fan board is to whoever drives it: a board of our own at the end of a line, or
 * the outputs that a motherboard has anyway.
 *
 * @module
 */
import type {
  BoardConfiguration,
  BoardCounters,
  BoardDetails,
  BoardHello,
  BoardStatus,
  ChannelAbility,
  ChannelCommand,
  ChannelDetails,
  ChannelMode,
  ChannelStatus,
} from "./protocol/types.ts";

/** A channel as its board introduces it. */
export interface FanChannel extends ChannelAbility {
  /** What its maker calls it, such as `pwm2`, where it has a name. */
  readonly name?: string;
}

/** How a board of any kind introduces itself. */
export interface FanBoardHello
  extends Pick<BoardHello, "part" | "bootId" | "ttlMaxMs" | "capabilities"> {
  /** Of a board that speaks the board protocol. */
  readonly protocol?: BoardHello["protocol"];
  /** Of a board that runs firmware. */
  readonly firmware?: BoardHello["firmware"];
  /** Where the kernel has it, of a chip that is not ours. */
  readonly device?: string;
  /** One entry a channel, in order. */
  readonly channels: readonly FanChannel[];
}

/** What went wrong with a motherboard's outputs since they were taken over. */
export interface OutputCounters {
  /** Times that a channel went to its safe level because nobody renewed its duty. */
  readonly ttlExpired: number;
  /** Times that somebody else had changed a value or a mode. */
  readonly interferences: number;
  /** Writes that the driver refused. */
  readonly refusedWrites: number;
  /** Values of which the chip makes another one. */
  readonly roundedValues: number;
}

/** What is told of a channel beyond its duty and its speed. */
export interface FanChannelDetails extends Pick<ChannelDetails, "state" | "faults"> {
  /** What drives it; `original` is what did before anybody asked for this channel. */
  readonly mode: ChannelMode | "original";
  /** Why it cannot be driven, where it cannot. */
  readonly problem?: string;
}

/** What a board of any kind tells beyond its channels' duties. */
export interface FanBoardDetails
  extends Partial<Pick<BoardDetails, "config" | "thermistor" | "temperatureC">> {
  /** One entry a channel, in order. */
  readonly channels: readonly FanChannelDetails[];
}

/** What a board of any kind does and how it fares. */
export interface FanBoardStatus extends Pick<BoardStatus, "bootId" | "uptimeMs" | "resetCauses"> {
  /** What went wrong, as far as this kind of board counts it. */
  readonly counters: Readonly<Partial<BoardCounters & OutputCounters>>;
  /** One entry a channel, in order. */
  readonly channels: readonly ChannelStatus[];
  readonly details?: FanBoardDetails;
}

/** A board of any kind, owned by this process until it is closed. */
export interface FanBoard extends AsyncDisposable {
  /** How the board introduced itself last. */
  readonly hello: FanBoardHello;
  /**
   * Tells every channel what to do; resolves with what the board then does.
   * @throws BoardError when it cannot be told
   */
  set(channels: readonly ChannelCommand[]): Promise<FanBoardStatus>;
  /** What the board does. @throws BoardError when it cannot be asked */
  status(): Promise<FanBoardStatus>;
  /** Acknowledges that TTLs ran out; bit 0 is channel 0. @throws BoardError */
  clear(mask: number): Promise<FanBoardStatus>;
  /** What its operator declared on it. @throws BoardError also when it keeps nothing */
  config(): Promise<BoardConfiguration>;
  /** Puts another configuration in force. @throws BoardError also when it keeps nothing */
  configure(config: BoardConfiguration): Promise<FanBoardStatus>;
  /** Stores the configuration with this CRC. @throws BoardError also when it keeps nothing */
  saveConfig(crc: number): Promise<FanBoardStatus>;
  /** Gives it back. Never throws. */
  close(): Promise<void>;
}
