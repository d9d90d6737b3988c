/**
 * An emulated LoRaWAN modem at a TCP port, with a network behind it that says and takes what
 * ChirpStack does: uplinks come out as lines of JSON, downlinks go in as such. As a program it uses
 * standard output and input:
 *
 *     deno run --allow-net=127.0.0.1:3172 tests/support/modem/modem_server.ts 3172
 *
 * @module
 */
import { inputLines } from "../../../src/cli/radio/input_lines.ts";
import { Rak3172 } from "./rak3172.ts";

/** The device that the network knows. */
export const EMULATED_DEVICE = "ac1f09fffe000001";

/** A modem for one connection at a time. */
export class ModemServer implements AsyncDisposable {
  readonly modem = new Rak3172();
  /** Called with each uplink, as the network tells it. */
  onUplink: (message: string) => void = () => {};
  readonly #listener: Deno.TcpListener;
  readonly #done: Promise<void>;
  readonly #downlinks: { port: number; bytes: Uint8Array }[] = [];
  #connection: Deno.TcpConn | null = null;

  /** @param port 0 for one that the system chooses. */
  constructor(port = 0) {
    this.modem.settings["BAND"] = "5";
    this.modem.network = ({ port: fPort, bytes }) => {
      const deviceInfo = { devEui: EMULATED_DEVICE, deviceName: "emulated" };
      const data = bytes.toBase64();
      this.onUplink(JSON.stringify({ deviceInfo, fPort, data }));
      const downlink = this.#downlinks.shift();
      return { heard: true, ...downlink && { downlink } };
    };
    this.#listener = Deno.listen({ hostname: "127.0.0.1", port });
    this.#done = this.#serve();
  }

  /** Where its line is. */
  get line(): string {
    return `tcp://127.0.0.1:${this.#listener.addr.port}`;
  }

  /** Takes a downlink as ChirpStack does: it goes out after the next uplink. */
  take(message: string): void {
    const { fPort, data } = JSON.parse(message);
    this.#downlinks.push({ port: fPort, bytes: Uint8Array.fromBase64(data) });
  }

  /** Pulls the plug. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    this.#connection?.close();
    await this.#done;
  }

  async #serve(): Promise<void> {
    for (;;) {
      try {
        this.#connection = await this.#listener.accept();
      } catch {
        return;
      }
      await this.#talk(this.#connection);
    }
  }

  async #talk(connection: Deno.TcpConn): Promise<void> {
    const writer = connection.writable.getWriter();
    this.modem.say = (bytes) => void writer.write(bytes).catch(() => {});
    try {
      for await (const bytes of connection.readable) this.modem.take(bytes);
    } catch {
      // The line was cut, at one end or the other.
    }
    this.modem.say = () => {};
    writer.close().catch(() => {});
  }
}

if (import.meta.main) {
  await using server = new ModemServer(Number(Deno.args[0] ?? 0));
  server.onUplink = (message) => {
    const line = new TextEncoder().encode(`${message}\n`);
    Deno.stdout.writeSync(line);
  };
  for await (const line of inputLines(Deno.stdin.readable, new AbortController().signal)) {
    server.take(line);
  }
}
