/**
 * `fanctl radio bridge`: between a LoRaWAN network server and a fand server. Uplinks come in as
 * lines of JSON and become readings and speeds; overrides go out as lines of JSON.
 *
 * @module
 */
import { FandError, UsageError } from "../../errors.ts";
import { Request } from "../../wire/request.ts";
import { encodeOrders, type RadioOrders } from "../../wire/radio/orders.ts";
import { RADIO_PORT } from "../../wire/radio/limits.ts";
import { decodeReport, type RadioReport, type RadioShelf } from "../../wire/radio/report.ts";
import { isWireMap, type WireValue } from "../../wire/value.ts";
import type { CommandOf } from "../command.ts";
import type { CommandContext } from "../context.ts";
import { allPages } from "../pages.ts";
import { ServerSession } from "../session.ts";
import type { DeviceBinding } from "./command.ts";
import { MOST_READING_TTL_MS } from "./defaults.ts";
import { DeviceOrders, type WantedOrder } from "./device_orders.ts";
import { inputLines } from "./input_lines.ts";
import { downlinkMessage, type NetworkUplink, readUplink } from "./network_message.ts";

/** What the network received longer ago is of the past. */
const MOST_LATE_MS = 120_000;
const MOST_SECONDS = 0xffff_ffff;

/** A device and what it was told. */
interface Device extends DeviceBinding {
  readonly orders: DeviceOrders;
}

/** What has become of the lines. */
interface Counters {
  taken: number;
  foreign: number;
  late: number;
  corrupt: number;
}

/**
 * Runs until its input ends. What goes wrong with one uplink is told, and costs that one.
 *
 * @throws {UsageError} If a device is given twice, or readings would be good for too long.
 */
export async function radioBridge(
  { devices, ttlMs }: CommandOf<"radio-bridge">,
  context: CommandContext,
): Promise<void> {
  if (ttlMs > MOST_READING_TTL_MS || ttlMs < 1000) {
    throw new UsageError(
      `Cannot run the bridge: readings for ${ttlMs / 1000} s found; give 1s to 1h`,
    );
  }
  const bridge = new Bridge(devices, ttlMs, context);
  const lines = inputLines(context.io.stdin(), context.io.signal);
  for await (const line of lines) await bridge.take(line);
  const { taken, foreign, late, corrupt } = bridge.counters;
  context.log.info(`Uplinks: ${taken} taken, ${foreign} foreign, ${late} late, ${corrupt} corrupt`);
}

class Bridge {
  readonly counters: Counters = { taken: 0, foreign: 0, late: 0, corrupt: 0 };
  readonly #devices: ReadonlyMap<string, Device>;
  readonly #ttlMs: number;
  readonly #context: CommandContext;
  /** What the server has refused: told once each. */
  readonly #refusals = new Set<string>();

  constructor(devices: readonly DeviceBinding[], ttlMs: number, context: CommandContext) {
    const known = devices.map((device) =>
      [device.device, { ...device, orders: new DeviceOrders() }] as const
    );
    this.#devices = new Map(known);
    const shelves = devices.flatMap(({ shelves }) => shelves);
    if (this.#devices.size < devices.length || new Set(shelves).size < shelves.length) {
      throw new UsageError(
        "Cannot run the bridge: a device or a shelf is given twice; give each of them once",
      );
    }
    this.#ttlMs = ttlMs;
    this.#context = context;
  }

  /** Takes a line of input; never throws for what is in it. */
  async take(line: string): Promise<void> {
    const uplink = parse(line);
    const device = uplink === null ? undefined : this.#devices.get(uplink.device);
    if (uplink === null || device === undefined || uplink.port !== RADIO_PORT) {
      this.counters.foreign++;
      return;
    }
    const { log, io } = this.#context;
    try {
      const report = decodeReport(uplink.payload);
      const lateMs = io.clock.wallMs() - (uplink.receivedMs ?? io.clock.wallMs());
      if (Math.abs(lateMs) > MOST_LATE_MS) {
        this.counters.late++;
        const seconds = Math.round(lateMs / 1000);
        log.warn(
          `${uplink.device}: dropped a report that the network received ${seconds} s ago; it is ` +
            "late, or one of the clocks is wrong",
        );
        return;
      }
      this.counters.taken++;
      await this.#bring(device, uplink, report);
    } catch (error) {
      if (!(error instanceof FandError) || io.signal.aborted) throw error;
      if (error.code === "corrupted_data") this.counters.corrupt++;
      log.warn(`${uplink.device}: ${error.message}`);
    }
  }

  async #bring(device: Device, uplink: NetworkUplink, report: RadioReport): Promise<void> {
    const { io, log } = this.#context;
    await using session = await ServerSession.open(this.#context);
    for (const shelf of report.shelves) {
      const name = device.shelves[shelf.index];
      if (name === undefined) {
        this.#sayOnce(`${device.device}: shelf ${shelf.index} has no name here; add one`);
      } else await this.#tell(session, device.device, name, shelf);
    }
    const wanted = await this.#wanted(session, device);
    const orders = device.orders.next(wanted, report.ordersSeq, io.clock.wallMs() / 1000);
    if (orders === null) return;
    log.info(`${device.device}: orders ${orders.seq}, for ${orders.orders.length} shelves`);
    const payload = encodeOrders(inDeviceTime(orders, uplink, report, io.clock.wallMs()));
    const message = downlinkMessage(uplink, RADIO_PORT, payload);
    io.stdout(`${JSON.stringify(message)}\n`);
  }

  /** Gives the server what a shelf has reported. */
  async #tell(
    session: ServerSession,
    device: string,
    name: string,
    { state, percent, rpm, tempsC }: RadioShelf,
  ): Promise<void> {
    this.#context.log.info(
      `${device}: ${name} is ${state}, ${percent} %, ${rpm} rpm, ${tempsC} °C`,
    );
    for (const [at, tempC] of tempsC.entries()) {
      const sensor = `${name}-${at + 1}`;
      await this.#ask(session, Request.PUSH_READING, sensor, tempC, this.#ttlMs);
    }
    const details = { board: `radio ${device}`, state, applied: percent === null ? [] : [percent] };
    await this.#ask(session, Request.SET_RPM, name, rpm, details);
  }

  /** A refusal of one thing is told once, and costs nothing else. */
  async #ask(session: ServerSession, request: string, ...args: WireValue[]): Promise<void> {
    try {
      await session.ask(request, Request.ACK, ...args);
    } catch (error) {
      if (!(error instanceof FandError) || error.code === "connection_reset") throw error;
      this.#sayOnce(error.message);
    }
  }

  /** The overrides that are in force on the server, of this device's shelves. */
  async #wanted(session: ServerSession, { shelves }: Device): Promise<WantedOrder[]> {
    const wanted: WantedOrder[] = [];
    for await (const entry of allPages(session, Request.OVERRIDES, [])) {
      if (!isWireMap(entry) || typeof entry["percent"] !== "number") continue;
      const index = shelves.indexOf(String(entry["shelf"]));
      // What limits it on the server, such as a critical temperature, does so at its fans too.
      if (index < 0 || entry["in_force"] !== true) continue;
      const { expires } = entry;
      const untilS = expires instanceof Date ? expires.getTime() / 1000 : null;
      wanted.push({ index, permille: Math.round(entry["percent"] * 10), untilS });
    }
    return wanted;
  }

  #sayOnce(text: string): void {
    if (this.#refusals.has(text) || this.#refusals.size >= 100) return;
    this.#refusals.add(text);
    this.#context.log.warn(text);
  }
}

/** Ends by the device's own clock, which need not be right: its report tells how it goes. */
function inDeviceTime(
  { seq, orders }: RadioOrders,
  { receivedMs }: NetworkUplink,
  { timeS }: RadioReport,
  nowMs: number,
): RadioOrders {
  const aheadS = timeS - (receivedMs ?? nowMs) / 1000;
  const here = (expiresS: number) =>
    Math.max(0, Math.min(MOST_SECONDS, Math.floor(expiresS + aheadS)));
  return {
    seq,
    orders: orders.map((order) => ({ ...order, expiresS: here(order.expiresS) })),
  };
}

function parse(line: string): NetworkUplink | null {
  try {
    return readUplink(JSON.parse(line));
  } catch {
    return null;
  }
}
