/**
 * A Sigfox modem with Wisol's commands on a serial line.
 *
 * @module
 */
import type { Clock } from "../../clock.ts";
import type { Log } from "../../log.ts";
import type { RadioPacket, SigfoxFrame, SigfoxRadio } from "../../sockets/radio/radio.ts";
import { RadioError } from "../../sockets/radio/radio_error.ts";
import type { AtModem } from "../at/at_modem.ts";
import { type KeeperCounters, type KeeperOptions, ModemKeeper } from "../at/modem_keeper.ts";
import { readChannel, readDownlink, sendCommand, statusFailure, WISOL } from "./wisol.ts";

/** A frame and its repetitions take up to eight seconds. */
const SENT_MS = 20_000;
/** A downlink comes within 45 s of the frame, or the modem says that none did. */
const ANSWERED_MS = 60_000;
/** Where channels have to be changed, a frame waits this long for the next pair. */
const PAUSE_MS = 20_000;

/** The parts of the world, as Sigfox numbers them. */
export type SigfoxZone = 1 | 2 | 3 | 4 | 5 | 6 | 7;
/** Where a transmitter has to change its channel after every second frame. */
const HOPPING: readonly SigfoxZone[] = [2, 4];

/** What has happened since the radio was opened. */
export interface SigfoxCounters extends KeeperCounters {
  /** Frames that are over. */
  readonly sent: number;
  /** Downlinks. */
  readonly received: number;
  /** Downlinks that are not eight bytes. */
  readonly broken: number;
}

/** A modem on a Sigfox network; hold it with `await using`. */
export class SigfoxModem implements SigfoxRadio, AsyncDisposable {
  /** Which sockets use it. */
  readonly kind = "sigfox";
  /** What a frame has room for. */
  readonly mostBytes = 12;
  /** Who gets the downlinks. */
  onPacket: ((packet: RadioPacket) => void) | null = null;
  /** Called when it is ready, and when it is gone. */
  onChange: ((isUp: boolean) => void) | null = null;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #name: string;
  readonly #zone: SigfoxZone;
  readonly #keeper: ModemKeeper;
  #isUp = false;
  #repeat: number | null = null;
  #asking: PromiseWithResolvers<void> | null = null;
  #sentMs = -Infinity;
  readonly #counters = { sent: 0, received: 0, broken: 0 };

  /** Opens the line, for as long as it takes; sockets may use it once it is up. */
  constructor(options: KeeperOptions & { readonly zone?: SigfoxZone }) {
    this.#name = options.name;
    this.#clock = options.clock;
    this.#log = options.log;
    this.#zone = options.zone ?? 1;
    this.#keeper = new ModemKeeper(options, {
      dialect: WISOL,
      setUp: (modem) => this.#setUp(modem),
      onEvent: (line) => this.#take(line),
      onLost: (why) => this.#lose(why),
    });
  }

  /** Whether it is there and answers. */
  get isUp(): boolean {
    return this.#isUp;
  }

  /** What has happened since it was opened. */
  get counters(): SigfoxCounters {
    return { ...this.#keeper.counters, ...this.#counters };
  }

  /** Sends a frame, and waits for its downlink if it asks for one. @throws {RadioError} */
  async send(frame: SigfoxFrame): Promise<void> {
    const { modem } = this.#keeper;
    if (this.#repeat !== frame.repeat) await this.#do(modem, `AT$TR=${frame.repeat}`);
    this.#repeat = frame.repeat;
    if (HOPPING.includes(this.#zone)) await this.#chooseChannel(modem);
    const command = sendCommand(frame);
    const asking = frame.receive && frame.content !== "out_of_band"
      ? Promise.withResolvers<void>()
      : null;
    asking?.promise.catch(() => {});
    this.#asking = asking;
    const cancel = asking === null ? () => {} : this.#clock.after(ANSWERED_MS, () => {
      asking.reject(statusFailure(command, "ERR_SFX_ERR_SEND_FRAME_WAIT_TIMEOUT"));
    });
    try {
      await this.#do(modem, command, asking === null ? SENT_MS : ANSWERED_MS);
      this.#counters.sent++;
      await asking?.promise;
    } finally {
      cancel();
      this.#sentMs = this.#clock.monotonicMs();
      this.#asking = null;
    }
  }

  /** Gives the line back. */
  async close(): Promise<void> {
    await this.#keeper.close();
  }

  /** The same as {@linkcode close}. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #setUp(modem: AtModem): Promise<void> {
    this.#repeat = null;
    await this.#do(modem, "AT");
    const { values: [id = ""] } = await modem.command("AT$I=10", { isBare: true });
    if (!/^[0-9A-F]{6,8}$/i.test(id)) {
      throw new RadioError(
        `Cannot use the modem: "${id}" found where its id should be; check what it is`,
        "refused",
      );
    }
    this.#isUp = true;
    this.#log.info(`Radio "${this.#name}": Sigfox module ${id.toUpperCase()}`);
    this.onChange?.(true);
  }

  async #chooseChannel(modem: AtModem): Promise<void> {
    const { values: [answer = ""] } = await modem.command("AT$GI?", { isBare: true });
    const mayGoOn = readChannel(answer);
    if (mayGoOn === null) throw statusFailure("AT$GI?", answer);
    if (mayGoOn) return;
    const waitMs = this.#sentMs + PAUSE_MS - this.#clock.monotonicMs();
    if (waitMs > 0) await new Promise<void>((go) => void this.#clock.after(waitMs, go));
    await this.#do(modem, "AT$RC");
  }

  #take(line: string): void {
    const bytes = readDownlink(line);
    if (bytes === null) {
      this.#counters.broken++;
      return;
    }
    this.#counters.received++;
    this.onPacket?.({ bytes, port: 0 });
    this.#asking?.resolve();
  }

  #lose(why: RadioError): void {
    this.#asking?.reject(why);
    if (!this.#isUp) return;
    this.#isUp = false;
    this.onChange?.(false);
  }

  async #do(modem: AtModem, command: string, timeoutMs?: number): Promise<void> {
    const { status } = await modem.command(command, timeoutMs === undefined ? {} : { timeoutMs });
    if (status !== "OK") throw statusFailure(command, status);
  }
}
