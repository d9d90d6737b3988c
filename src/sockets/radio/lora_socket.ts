/**
 * What is behind a {@linkcode Socket} of AF_LORA.
 *
 * @module
 */
import type { Clock } from "../../clock.ts";
import { AF_LORA, SO_CONFIRMED, SO_DR, SOL_LORA } from "../constants.ts";
import type { SocketAddress } from "../socket_address.ts";
import { SocketError } from "../socket_error.ts";
import { defaultDataRate, hasDataRate, mostFrameBytes } from "./lora_regions.ts";
import { optionNumber } from "./option_value.ts";
import type { LoraRadio } from "./radio.ts";
import { RadioSocket } from "./radio_socket.ts";
import type { Station } from "./station.ts";

/** What a frame has at most, whatever the data rate. */
const MOST_BYTES = 255;
const DEFAULT_PORT = 2;
const MOST_PORT = 224;
const MOST_DATA_RATE = 6;

/** A raw socket on a LoRaWAN network. */
export class LoraSocket extends RadioSocket<LoraRadio> {
  readonly family = AF_LORA;
  #port = DEFAULT_PORT;
  #isConfirmed = false;
  /** Null for that of the region. */
  #dataRate: number | null = null;

  constructor(station: Station<LoraRadio>, clock: Clock) {
    super(station, clock);
  }

  /** Takes the FPort of the uplinks. */
  bind(address: SocketAddress | number): Promise<void> {
    this.check("bind");
    if (typeof address === "number" && Number.isInteger(address) && isPort(address)) {
      this.#port = address;
      return Promise.resolve();
    }
    const action = `bind to ${JSON.stringify(address)}`;
    return Promise.reject(
      new SocketError(action, "EOPNOTSUPP", `give an FPort of 0 to ${MOST_PORT}`),
    );
  }

  async send(bytes: Uint8Array, address: SocketAddress | null): Promise<number> {
    this.check("send");
    if (address !== null) throw this.refusal("send to an address");
    if (bytes.length === 0) return 0;
    const { region } = this.station.radio;
    const dataRate = this.#dataRate ?? defaultDataRate(region);
    const most = Math.min(MOST_BYTES, mostFrameBytes(region, dataRate));
    if (bytes.length > most) {
      const remedy = `data rate ${dataRate} in ${region} has room for ${most}`;
      throw new SocketError(`send ${bytes.length} bytes`, "EMSGSIZE", remedy);
    }
    const frame = {
      port: this.#port,
      confirmed: this.#isConfirmed,
      dataRate,
      bytes: bytes.slice(),
    };
    await this.transmit("send", (radio) => radio.send(frame));
    return bytes.length;
  }

  setsockopt(level: number, option: number, value: number | boolean | Uint8Array): void {
    const action = `set the option ${option} of level ${level}`;
    this.check(action);
    if (level === SOL_LORA && option === SO_CONFIRMED) {
      this.#isConfirmed = optionNumber(action, value, 1) === 1;
    } else if (level === SOL_LORA && option === SO_DR) {
      const dataRate = optionNumber(action, value, MOST_DATA_RATE);
      const { region } = this.station.radio;
      if (!hasDataRate(region, dataRate)) {
        throw new SocketError(action, "EOPNOTSUPP", `${region} has no data rate ${dataRate}`);
      }
      this.#dataRate = dataRate;
    } else {
      throw new SocketError(action, "EOPNOTSUPP", "SO_CONFIRMED and SO_DR of SOL_LORA are there");
    }
  }
}

function isPort(port: number): boolean {
  return port >= 0 && port <= MOST_PORT;
}
