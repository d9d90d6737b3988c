/**
 * A LoRaWAN modem with RAK's RUI3 commands on a serial line. Its keys are in it: they were given to
 * it once, and never come by here.
 *
 * @module
 */
import { type Backoff, backoffMs } from "../../backoff.ts";
import type { Clock } from "../../clock.ts";
import type { Log } from "../../log.ts";
import type { LoraRegion } from "../../sockets/radio/lora_regions.ts";
import type { LoraFrame, LoraRadio, RadioPacket } from "../../sockets/radio/radio.ts";
import { RadioError } from "../../sockets/radio/radio_error.ts";
import type { AtModem } from "../at/at_modem.ts";
import { type KeeperCounters, type KeeperOptions, ModemKeeper } from "../at/modem_keeper.ts";
import { type ModemEvent, readEvent, regionOf, RUI3, statusFailure, valueOf } from "./rui3.ts";

/** What was half said before may spoil the first of them. */
const HELLO_TRIES = 3;
/** A frame with its windows, at the slowest data rate and with every repetition, takes less. */
const SENT_MS = 120_000;
/** The modem tries this often by itself, every so many seconds. */
const JOIN = { tries: 3, seconds: 10 };
/** A join that has said nothing for this long has failed. */
const JOINED_MS = 120_000;
/** LoRaWAN wants devices that find no network to ask ever less often. */
const JOIN_BACKOFF: Backoff = { firstMs: 15_000, mostMs: 900_000 };

/** What has happened since the radio was opened. */
export interface RadioCounters extends KeeperCounters {
  /** Frames that are over, and confirmed if they had to be. */
  readonly sent: number;
  /** Frames that are not. */
  readonly unsent: number;
  /** Downlinks. */
  readonly received: number;
  /** Times that a network has let it join. */
  readonly joins: number;
  /** Times that none has. */
  readonly failedJoins: number;
  /** Events that say what no modem says. */
  readonly broken: number;
  /** Times that the modem has started anew by itself. */
  readonly resets: number;
}

/** A modem on a LoRaWAN network, or on its way there; hold it with `await using`. */
export class LorawanModem implements LoraRadio, AsyncDisposable {
  /** Which sockets use it. */
  readonly kind = "lora";
  /** Who gets the downlinks. */
  onPacket: ((packet: RadioPacket) => void) | null = null;
  /** Called when it has joined, and when it has left. */
  onChange: ((isUp: boolean) => void) | null = null;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #random: () => number;
  readonly #name: string;
  readonly #keeper: ModemKeeper;
  #region: LoraRegion = "EU868";
  #isUp = false;
  /** What the modem was told last of these. */
  #told = new Map<string, number>();
  #sending: (PromiseWithResolvers<void> & { confirmed: boolean }) | null = null;
  /** What it has said of the duty cycle since the last command. */
  #waitMs: number | null = null;
  #failedInARow = 0;
  #cancelJoin: (() => void) | null = null;
  readonly #counters = {
    sent: 0,
    unsent: 0,
    received: 0,
    joins: 0,
    failedJoins: 0,
    broken: 0,
    resets: 0,
  };

  /** Opens the line and joins, for as long as it takes; sockets may use it once it is up. */
  constructor(options: KeeperOptions) {
    this.#name = options.name;
    this.#clock = options.clock;
    this.#log = options.log;
    this.#random = () => options.random();
    this.#keeper = new ModemKeeper(options, {
      dialect: RUI3,
      setUp: (modem) => this.#setUp(modem),
      onEvent: (line) => this.#take(readEvent(line)),
      onLost: (why) => this.#lose(why),
    });
  }

  /** What it is allowed; EU868 until the modem has told. */
  get region(): LoraRegion {
    return this.#region;
  }

  /** Whether it has joined a network. */
  get isUp(): boolean {
    return this.#isUp;
  }

  /** What has happened since it was opened. */
  get counters(): RadioCounters {
    return { ...this.#keeper.counters, ...this.#counters };
  }

  /** Sends a frame. @throws {RadioError} */
  async send(frame: LoraFrame): Promise<void> {
    try {
      await this.#send(frame);
      this.#counters.sent++;
    } catch (error) {
      this.#counters.unsent++;
      if (error instanceof RadioError && error.reason === "not_joined") this.#leave();
      throw error;
    }
  }

  async #send({ port, confirmed, dataRate, bytes }: LoraFrame): Promise<void> {
    const { modem } = this.#keeper;
    await this.#tell(modem, "CFM", confirmed ? 1 : 0);
    await this.#tell(modem, "DR", dataRate);
    const sending = { ...Promise.withResolvers<void>(), confirmed };
    sending.promise.catch(() => {});
    this.#sending = sending;
    const cancel = this.#clock.after(SENT_MS, () => {
      const found = `it has not said within ${SENT_MS / 1000} s that a frame was sent`;
      const remedy = "check that the firmware is RUI3";
      void modem.close(new RadioError(`Cannot use the modem: ${found}; ${remedy}`, "silent"));
    });
    try {
      await this.#do(modem, `AT+SEND=${port}:${bytes.toHex().toUpperCase()}`);
      await sending.promise;
    } finally {
      cancel();
      this.#sending = null;
    }
  }

  /** Gives the line back; the modem stays on its network. */
  async close(): Promise<void> {
    await this.#keeper.close();
  }

  /** The same as {@linkcode close}. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #setUp(modem: AtModem): Promise<void> {
    this.#told.clear();
    await hello(modem);
    if (await this.#ask(modem, "NWM") !== "1") {
      throw new RadioError(
        'Cannot use the modem: it is not in LoRaWAN mode; say "AT+NWM=1"',
        "refused",
      );
    }
    const band = await this.#ask(modem, "BAND");
    const region = regionOf(band);
    if (region === null) {
      throw new RadioError(`Cannot use the modem: band "${band}" found; set another`, "refused");
    }
    this.#region = region;
    // The program says the data rate, not the network.
    await this.#tell(modem, "ADR", 0);
    if (await this.#ask(modem, "NJS") === "1") this.#join();
    else await this.#askToJoin(modem);
  }

  async #askToJoin(modem: AtModem): Promise<void> {
    const command = `AT+JOIN=1:0:${JOIN.seconds}:${JOIN.tries}`;
    this.#cancelJoin?.();
    this.#cancelJoin = this.#clock.after(JOINED_MS, () => this.#failToJoin());
    try {
      await this.#do(modem, command);
    } catch (error) {
      const isLater = error instanceof RadioError &&
        (error.reason === "busy" || error.reason === "restricted");
      if (!isLater) throw error;
      this.#failToJoin(error.waitMs ?? 0);
    }
  }

  #join(): void {
    this.#cancelJoin?.();
    this.#cancelJoin = null;
    this.#failedInARow = 0;
    this.#counters.joins++;
    if (this.#isUp) return;
    this.#isUp = true;
    this.#log.info(`Radio "${this.#name}": joined a network of ${this.#region}`);
    this.onChange?.(true);
  }

  /** Asks again later, and at least after `leastMs`. */
  #failToJoin(leastMs = 0): void {
    this.#counters.failedJoins++;
    this.#failedInARow++;
    const text = `Radio "${this.#name}": no network has let it join; trying again`;
    if (this.#failedInARow === 1) this.#log.warn(text);
    else this.#log.debug(text);
    const waitMs = Math.max(leastMs, backoffMs(this.#failedInARow, this.#random(), JOIN_BACKOFF));
    this.#cancelJoin?.();
    this.#cancelJoin = this.#clock.after(waitMs, () => void this.#joinAgain());
  }

  async #joinAgain(): Promise<void> {
    try {
      const { modem } = this.#keeper;
      await this.#askToJoin(modem);
    } catch (error) {
      // A modem that is gone joins when it is back; one that refuses is asked again.
      if (error instanceof RadioError && error.reason === "refused") this.#failToJoin();
    }
  }

  /** The network has forgotten us. */
  #leave(): void {
    this.#fall();
    this.#failToJoin();
  }

  #fall(): void {
    if (!this.#isUp) return;
    this.#isUp = false;
    this.onChange?.(false);
  }

  #lose(why: RadioError): void {
    this.#cancelJoin?.();
    this.#cancelJoin = null;
    this.#sending?.reject(why);
    this.#fall();
  }

  #take(event: ModemEvent): void {
    if (event.kind === "joined") this.#join();
    else if (event.kind === "join_failed") this.#failToJoin();
    else if (event.kind === "confirmed") this.#sending?.resolve();
    else if (event.kind === "sent" && !this.#sending?.confirmed) this.#sending?.resolve();
    else if (event.kind === "unconfirmed") this.#sending?.reject(unconfirmed());
    else if (event.kind === "restricted") this.#waitMs = event.waitMs;
    else if (event.kind === "started") this.#startAnew();
    else if (event.kind === "packet") {
      this.#counters.received++;
      this.onPacket?.(event.packet);
    } else if (event.kind === "other" && event.isBroken) this.#counters.broken++;
  }

  /** It has forgotten what it was told: everything begins again, at the line. */
  #startAnew(): void {
    this.#counters.resets++;
    const why = new RadioError("Cannot go on: the modem has started anew; wait for it", "absent");
    try {
      void this.#keeper.modem.close(why);
    } catch {
      // It has started while it was set up, and that finds out by itself.
    }
  }

  async #ask(modem: AtModem, name: string): Promise<string> {
    return valueOf(name, await this.#do(modem, `AT+${name}=?`));
  }

  async #tell(modem: AtModem, name: string, value: number): Promise<void> {
    if (this.#told.get(name) === value) return;
    await this.#do(modem, `AT+${name}=${value}`);
    this.#told.set(name, value);
  }

  async #do(modem: AtModem, command: string): Promise<readonly string[]> {
    this.#waitMs = null;
    const { status, values } = await modem.command(command);
    if (status !== "OK") throw statusFailure(command, status, this.#waitMs);
    return values;
  }
}

async function hello(modem: AtModem): Promise<void> {
  for (let tries = 0; tries < HELLO_TRIES; tries++) {
    const { status } = await modem.command("AT");
    if (status === "OK") return;
  }
  throw new RadioError('Cannot use the modem: it refuses "AT"; check what it is', "refused");
}

function unconfirmed(): RadioError {
  const message = "Cannot tell whether the frame arrived: nobody confirmed it; send it again";
  return new RadioError(message, "unconfirmed");
}
