/**
 * What is behind a {@linkcode Socket} of AF_SIGFOX.
 *
 * @module
 */
import type { Clock } from "../../clock.ts";
import { AF_SIGFOX, SO_BIT, SO_OOB, SO_RX, SO_TX_REPEAT, SOL_SIGFOX } from "../constants.ts";
import type { SocketAddress } from "../socket_address.ts";
import { SocketError } from "../socket_error.ts";
import { optionNumber } from "./option_value.ts";
import type { SigfoxFrame, SigfoxRadio } from "./radio.ts";
import { RadioSocket } from "./radio_socket.ts";
import type { Station } from "./station.ts";

const MOST_REPEATS = 2;

/** A raw socket on a Sigfox network. */
export class SigfoxSocket extends RadioSocket<SigfoxRadio> {
  readonly family = AF_SIGFOX;
  #receives = false;
  #repeats = MOST_REPEATS;
  #isOutOfBand = false;
  #bit: 0 | 1 = 0;

  constructor(station: Station<SigfoxRadio>, clock: Clock) {
    super(station, clock);
  }

  bind(): Promise<void> {
    return Promise.reject(this.refusal("bind"));
  }

  async send(bytes: Uint8Array, address: SocketAddress | null): Promise<number> {
    this.check("send");
    if (address !== null) throw this.refusal("send to an address");
    const { mostBytes } = this.station.radio;
    if (bytes.length > mostBytes) {
      throw new SocketError(`send ${bytes.length} bytes`, "EMSGSIZE", `send ${mostBytes} at most`);
    }
    const frame: SigfoxFrame = {
      content: this.#content(bytes.slice()),
      receive: this.#receives,
      repeat: this.#repeats,
    };
    await this.transmit("send", (radio) => radio.send(frame));
    return bytes.length;
  }

  setsockopt(level: number, option: number, value: number | boolean | Uint8Array): void {
    const action = `set the option ${option} of level ${level}`;
    this.check(action);
    const isOurs = level === SOL_SIGFOX;
    if (isOurs && option === SO_RX) this.#receives = optionNumber(action, value, 1) === 1;
    else if (isOurs && option === SO_OOB) this.#isOutOfBand = optionNumber(action, value, 1) === 1;
    else if (isOurs && option === SO_BIT) this.#bit = optionNumber(action, value, 1) === 1 ? 1 : 0;
    else if (isOurs && option === SO_TX_REPEAT) {
      this.#repeats = optionNumber(action, value, MOST_REPEATS);
    } else {
      const remedy = "SO_RX, SO_TX_REPEAT, SO_OOB and SO_BIT of SOL_SIGFOX are there";
      throw new SocketError(action, "EOPNOTSUPP", remedy);
    }
  }

  #content(bytes: Uint8Array): SigfoxFrame["content"] {
    if (this.#isOutOfBand) return "out_of_band";
    return bytes.length === 0 ? { bit: this.#bit } : { bytes };
  }
}
