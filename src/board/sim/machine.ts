/**
 * The simulated board: a chip that runs the firmware image, its output stages, a fan on each
 * channel and the serial line. Time is simulated and moves only when told to.
 *
 * @module
 */
import { seededRandom } from "../../seeded_random.ts";
import { Chip, ResetCause } from "./chip.ts";
import { CASE_FAN, type FanDrive, type FanFault, FanModel, type FanSpec } from "./fan_model.ts";
import { parseIntelHex } from "./intel_hex.ts";
import { registerDrive } from "./output_stage.ts";
import { ATMEGA328P, type Part } from "./parts.ts";
import { type CompareListener, CompareWatch, type EdgeListener, EdgeWatch } from "./pin_watch.ts";

/** How a board is simulated. */
export interface MachineOptions {
  /** The firmware, as Intel HEX. */
  readonly image: string;
  /** The chip; the ATmega328P unless told otherwise. */
  readonly part?: Part;
  /**
   * `registers` computes each duty from the timer's registers, `full` runs the timers so that
   * every edge exists: exact, and many times slower.
   */
  readonly mode: "registers" | "full";
  /** What the RAM holds at power-on, how the fans stand and how they differ. */
  readonly seed: number;
  /** What the fans are like, by channel; those that are left out are case fans. */
  readonly fans?: readonly FanSpec[];
}

/** What one channel is doing, seen from outside of the chip. */
export interface ChannelObservation {
  /** The value last written to the compare register. */
  readonly compare: number;
  /** How the fan was driven in the last 5 ms: high for so many of 1000 parts, or left alone. */
  readonly drive: FanDrive;
  /** The true speed of the rotor, in revolutions per minute. */
  readonly rpm: number;
  readonly fault: FanFault;
}

/** What the board is doing, seen from outside of the chip. */
export interface MachineObservation {
  /** Simulated time since power-on, in milliseconds. */
  readonly timeMs: number;
  /** Resets since power-on, by whatever cause. */
  readonly resets: number;
  readonly channels: readonly ChannelObservation[];
}

/** How often fans are moved on; 125 periods of 25 kHz. */
const FAN_STEP_MS = 5;
/** Fans of one make differ by so much either way. */
const FAN_TOLERANCE = 0.03;

interface PendingEdge {
  readonly cycle: number;
  readonly channel: number;
  readonly high: boolean;
}

/** A board under power, moved on by {@link Machine.advance}. */
export class Machine {
  /** The chip, for tests that look inside or break it. */
  readonly chip: Chip;
  /** The fans, by channel. */
  readonly fans: readonly FanModel[];
  /** Called with each byte that the board has sent, at the end of its stop bit. */
  onTransmit: (byte: number) => void = () => {};
  /** Called when a compare register is written. */
  onCompare: CompareListener = () => {};
  /** Called for every edge of a fan's line; only in `full` mode. */
  onEdge: EdgeListener = () => {};
  readonly #part: Part;
  readonly #compares: CompareWatch;
  readonly #edges: EdgeWatch | null;
  readonly #drives: FanDrive[];
  readonly #toBoard: number[] = [];
  /** When the byte that is on its way to the board is complete. */
  #arrivalCycle = Infinity;
  #lastArrivalCycle = 0;
  #fanCycle = 0;
  #tachEdges: PendingEdge[] = [];
  #resets = 0;

  /** @throws BoardError when the image is not Intel HEX or does not fit the part */
  constructor(options: MachineOptions) {
    this.#part = options.part ?? ATMEGA328P;
    const pwmTimers = [...new Set(this.#part.outputs.map((output) => output.timer))];
    const random = seededRandom(options.seed);
    this.chip = new Chip(this.#part, parseIntelHex(options.image, this.#part.flashBytes), {
      withoutTimers: options.mode === "full" ? [] : pwmTimers,
      seed: options.seed,
      onReset: () => this.#restart(),
    });
    this.fans = this.#part.outputs.map((_, channel) => {
      const spec = options.fans?.[channel] ?? CASE_FAN;
      const maxRpm = spec.maxRpm * (1 + (random() * 2 - 1) * FAN_TOLERANCE);
      return new FanModel({ ...spec, maxRpm }, random());
    });
    this.#drives = this.#part.outputs.map(() => "released");
    this.#edges = options.mode === "full"
      ? new EdgeWatch(this.chip, (...edge) => this.onEdge(...edge))
      : null;
    this.#compares = new CompareWatch(this.chip, (...write) => this.onCompare(...write));
    this.#attach();
  }

  /** Simulated time since power-on, in milliseconds. */
  get timeMs(): number {
    return this.chip.cycles / this.#cyclesPerMs;
  }

  /** When the last byte to the board was complete, in cycles. */
  get lastArrivalCycle(): number {
    return this.#lastArrivalCycle;
  }

  /** Whether bytes are on the line, either way. */
  get lineBusy(): boolean {
    return this.#toBoard.length > 0 || this.chip.usart.sending;
  }

  /** How many bytes have not yet arrived at the board. */
  get bytesToBoard(): number {
    return this.#toBoard.length;
  }

  /** Puts bytes on the line to the board; they arrive one after the other at its baud rate. */
  send(bytes: Uint8Array): void {
    for (const byte of bytes) this.#toBoard.push(byte);
    if (this.#arrivalCycle === Infinity) this.#startByte(this.chip.cycles);
  }

  /** Runs the board for that many milliseconds. */
  advance(ms: number): void {
    const endCycle = this.chip.cycles + ms * this.#cyclesPerMs;
    while (this.chip.cycles < endCycle) {
      const edgeCycle = this.#tachEdges[0]?.cycle ?? Infinity;
      const nextCycle = Math.min(endCycle, this.#fanCycle, this.#arrivalCycle, edgeCycle);
      this.chip.runUntil(nextCycle);
      const nowCycle = this.chip.cycles;
      if (this.#arrivalCycle <= nowCycle) this.#finishByte();
      while ((this.#tachEdges[0]?.cycle ?? Infinity) <= nowCycle) this.#tachEdge();
      if (this.#fanCycle <= nowCycle) this.#stepFans();
    }
  }

  /** Blocks a fan's rotor, pulls its plug, or repairs it. */
  setFault(channel: number, fault: FanFault): void {
    const fan = this.fans[channel];
    if (!fan) throw new RangeError(`there is no channel ${channel}`);
    fan.fault = fault;
    this.#setTach(channel, fan.tachHigh);
  }

  /** Resets the chip; the fans turn on. */
  reset(cause: ResetCause = ResetCause.EXTERNAL): void {
    this.chip.reset(cause);
  }

  /** What the board is doing now. */
  observe(): MachineObservation {
    return {
      timeMs: this.timeMs,
      resets: this.#resets,
      channels: this.fans.map((fan, channel) => ({
        compare: this.#compares.values[channel] ?? 0,
        drive: this.#drives[channel] ?? "released",
        rpm: fan.rpm,
        fault: fan.fault,
      })),
    };
  }

  get #cyclesPerMs(): number {
    return this.#part.clockHz / 1000;
  }

  #restart(): void {
    this.#resets++;
    this.#compares.attach(this.chip);
    this.#edges?.attach(this.chip);
    this.#attach();
  }

  #attach(): void {
    this.chip.usart.onTransmit = (byte) => this.onTransmit(byte);
    for (const [channel, fan] of this.fans.entries()) this.#setTach(channel, fan.tachHigh);
  }

  #setTach(channel: number, high: boolean): void {
    const pin = this.#part.tachs[channel];
    if (pin) this.chip.port(pin.port).setPin(pin.bit, high);
  }

  #startByte(cycle: number): void {
    this.chip.usart.startBit();
    this.#arrivalCycle = cycle + this.chip.usart.cyclesPerByte;
  }

  #finishByte(): void {
    const cycle = this.#arrivalCycle;
    const byte = this.#toBoard.shift();
    if (byte !== undefined) this.chip.usart.receive(byte);
    this.#lastArrivalCycle = cycle;
    this.#arrivalCycle = Infinity;
    if (this.#toBoard.length > 0) this.#startByte(cycle);
  }

  #tachEdge(): void {
    const edge = this.#tachEdges.shift();
    if (edge && this.fans[edge.channel]?.fault !== "disconnected") {
      this.#setTach(edge.channel, edge.high);
    }
  }

  /** Moves the fans on to the next step; their edges until then are fed in as they fall due. */
  #stepFans(): void {
    const startCycle = this.#fanCycle;
    const { chip } = this;
    for (const [channel, output] of this.#part.outputs.entries()) {
      const drive = this.#edges
        ? this.#edges.take(channel, chip.cycles)
        : registerDrive(chip, output, this.#compares.values[channel] ?? 0);
      this.#drives[channel] = drive;
      for (const { offsetMs, high } of this.fans[channel]?.step(FAN_STEP_MS, drive) ?? []) {
        const cycle = startCycle + offsetMs * this.#cyclesPerMs;
        this.#tachEdges.push({ cycle, channel, high });
      }
    }
    this.#tachEdges.sort((one, other) => one.cycle - other.cycle);
    this.#fanCycle = startCycle + FAN_STEP_MS * this.#cyclesPerMs;
  }
}
