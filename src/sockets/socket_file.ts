/**
 * A socket as a file.
 *
 * @module
 */
import type { Socket } from "./socket.ts";
import { socketError } from "./socket_error.ts";

/**
 * What {@linkcode Socket.makefile} gives: the reading and writing methods of a socket, sharing its
 * bytes. Closing it closes the socket.
 */
export class SocketFile implements AsyncDisposable {
  readonly #socket: Socket;
  readonly #isReadable: boolean;
  readonly #isWritable: boolean;

  /** A file that may be read, written, or both. */
  constructor(socket: Socket, isReadable: boolean, isWritable: boolean) {
    this.#socket = socket;
    this.#isReadable = isReadable;
    this.#isWritable = isWritable;
  }

  /** See {@linkcode Socket.read}. */
  async read(size?: number): Promise<Uint8Array<ArrayBuffer>> {
    return await this.#readable.read(size);
  }

  /** See {@linkcode Socket.readall}. */
  async readall(): Promise<Uint8Array<ArrayBuffer>> {
    return await this.#readable.readall();
  }

  /** See {@linkcode Socket.readinto}. */
  async readinto(buffer: Uint8Array, nbytes?: number): Promise<number> {
    return await this.#readable.readinto(buffer, nbytes);
  }

  /** See {@linkcode Socket.readline}. */
  async readline(): Promise<Uint8Array<ArrayBuffer>> {
    return await this.#readable.readline();
  }

  /** See {@linkcode Socket.write}. */
  async write(bytes: Uint8Array): Promise<number> {
    if (!this.#isWritable) throw socketError("write a file for reading", "EBADF");
    return await this.#socket.write(bytes);
  }

  /** Closes the file and its socket. */
  async close(): Promise<void> {
    await this.#socket.close();
  }

  /** The same as {@linkcode close}. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  get #readable(): Socket {
    if (!this.#isReadable) throw socketError("read a file for writing", "EBADF");
    return this.#socket;
  }
}
