import { SocketManager, type SocketManagerOptions } from "../../src/communication/mod.ts";
import { FrameReader } from "../../src/wire/frame.ts";
import { decodeMessage, encodeMessage, type Message } from "../../src/wire/message.ts";
import type { WireValue } from "../../src/wire/value.ts";

/** The far end of a connection, in the hands of a test: bytes as they are. */
export class RawPeer implements Disposable {
  readonly #frames = new FrameReader();
  readonly #buffer = new Uint8Array(65536);
  readonly socket: Deno.Conn;
  #isOpen = true;

  constructor(socket: Deno.Conn) {
    this.socket = socket;
  }

  /** Writes all of the bytes. */
  async write(bytes: Uint8Array): Promise<void> {
    let written = 0;
    while (written < bytes.length) written += await this.socket.write(bytes.subarray(written));
  }

  /** Writes bytes given in hexadecimal. */
  writeHex(hex: string): Promise<void> {
    return this.write(Uint8Array.fromHex(hex));
  }

  /** Writes one message. */
  send(request: string, args: WireValue[] = [], id?: number): Promise<void> {
    return this.write(encodeMessage(request, args, id));
  }

  /** The next message, or null when the other end has closed. */
  async receive(): Promise<Message | null> {
    for (;;) {
      const payload = this.#frames.next();
      if (payload !== null) return decodeMessage(payload);
      const count = await this.socket.read(this.#buffer);
      if (count === null) return null;
      this.#frames.push(this.#buffer.subarray(0, count));
    }
  }

  /** Closes the connection. */
  close(): void {
    if (this.#isOpen) this.socket.close();
    this.#isOpen = false;
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/** A managed socket and the peer at its other end, over loopback. */
export class Link implements AsyncDisposable {
  readonly sockets: SocketManager;
  readonly socket: Deno.Conn;
  readonly peer: RawPeer;

  private constructor(sockets: SocketManager, socket: Deno.Conn, peer: RawPeer) {
    this.sockets = sockets;
    this.socket = socket;
    this.peer = peer;
  }

  /** Connects the two. */
  static async open(options?: SocketManagerOptions): Promise<Link> {
    using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const sockets = new SocketManager(options);
    const [far, near] = await Promise.all([
      listener.accept(),
      sockets.connect("127.0.0.1", listener.addr.port),
    ]);
    return new Link(sockets, near, new RawPeer(far));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.peer.close();
    await this.sockets.resetConnection(this.socket, undefined, false);
  }
}
