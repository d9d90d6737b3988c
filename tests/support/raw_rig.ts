/**
 * The other end of a rig's datagrams, byte for byte: it confirms nothing by itself.
 *
 * @module
 */
import { type RigAddress, SOCK_DGRAM, Socket } from "../../mod.ts";
import { AF_INET } from "../../mod.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** A socket of UDP on the loopback interface; hold it with `await using`. */
export class RawRig implements AsyncDisposable {
  readonly #socket: Socket = new Socket(AF_INET, SOCK_DGRAM);
  #last: RigAddress = ["127.0.0.1", 0];

  /** One that listens at a port of its own. */
  static async open(): Promise<RawRig> {
    const rig = new RawRig();
    await rig.#socket.bind(["127.0.0.1", 0]);
    return rig;
  }

  /** Where it is. */
  get address(): RigAddress {
    const [host, port] = this.#socket.getsockname();
    return [String(host), Number(port)];
  }

  /** Where it is, as a URI. */
  get uri(): string {
    return `udp://127.0.0.1:${this.address[1]}`;
  }

  /** The next datagram as text; whoever sent it is the one that `send` answers. */
  async receive(): Promise<string> {
    const [bytes, from] = await this.#socket.recvfrom(65_536);
    this.#last = [String(from[0]), Number(from[1])];
    return decoder.decode(bytes);
  }

  /** Sends to whom was heard last, or to an address. */
  async send(data: string | Uint8Array, to: RigAddress = this.#last): Promise<void> {
    const bytes = typeof data === "string" ? encoder.encode(data) : data;
    await this.#socket.sendto(bytes, to);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#socket.close();
  }
}
