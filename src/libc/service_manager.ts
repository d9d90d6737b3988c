/**
 * What a service tells its manager (systemd): that it is ready, that it is alive, that it ends. The
 * address is a Unix datagram socket, which Deno itself has behind an unstable flag only.
 *
 * @module
 */
import { FandError } from "../errors.ts";
import { ERRNO_SYMBOLS, errnoText, lastErrno } from "./errno.ts";
import { openLibc } from "./open_libc.ts";

const SYMBOLS = {
  socket: { parameters: ["i32", "i32", "i32"], result: "i32" },
  sendto: { parameters: ["i32", "buffer", "usize", "i32", "buffer", "u32"], result: "isize" },
  close: { parameters: ["i32"], result: "i32" },
  ...ERRNO_SYMBOLS,
} as const;

/** Where systemd says that it listens, and within what time it wants to hear that all is well. */
export const SERVICE_VARIABLES = ["NOTIFY_SOCKET", "WATCHDOG_USEC"] as const;

const AF_UNIX = 1;
const SOCK_DGRAM = 2;
const SOCK_CLOEXEC = 0o2000000;
/** A manager that does not read must not stop a tick; one that is gone must not end the process. */
const MSG_DONTWAIT = 0x40;
const MSG_NOSIGNAL = 0x4000;
/** `sun_path` of `struct sockaddr_un`. */
const PATH_BYTES = 108;

type Library = Deno.DynamicLibrary<typeof SYMBOLS>;

/** The manager that has started this process. */
export class ServiceManager implements Disposable {
  /** It ends this process when it has heard nothing for so long; null when it does not look. */
  readonly watchdogMs: number | null;
  readonly #library: Library;
  readonly #address: Uint8Array<ArrayBuffer>;
  readonly #fd: number;
  #problem: string | null = null;

  /**
   * @param address an absolute path, or `@` and a name in the abstract namespace
   * @throws {FandError} when it is neither, or the C library may not be used
   */
  constructor(address: string, watchdogMs: number | null = null) {
    this.#address = socketAddress(address);
    this.watchdogMs = watchdogMs;
    this.#library = openLibc(SYMBOLS);
    this.#fd = this.#library.symbols.socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  }

  /**
   * The manager of this process; null when it has none, or its variables may not be read.
   * @throws {FandError} as the constructor
   */
  static find(): ServiceManager | null {
    const address = variable("NOTIFY_SOCKET");
    if (address === null) return null;
    const watchdogUs = Number(variable("WATCHDOG_USEC") ?? 0);
    return new ServiceManager(address, watchdogUs > 0 ? watchdogUs / 1000 : null);
  }

  /** Why the last message did not arrive; null when it did. */
  get problem(): string | null {
    return this.#problem;
  }

  /** The service does what it is there for from now on. */
  ready(): void {
    this.#send("READY=1\n");
  }

  /** All is well; to be said at least twice within the watchdog's time. */
  alive(): void {
    this.#send("WATCHDOG=1\n");
  }

  /** The service has begun to end. */
  stopping(): void {
    this.#send("STOPPING=1\n");
  }

  [Symbol.dispose](): void {
    this.#library.symbols.close(this.#fd);
    this.#library.close();
  }

  #send(message: string): void {
    const { symbols } = this.#library;
    const bytes = new TextEncoder().encode(message);
    const sent = symbols.sendto(
      this.#fd,
      bytes,
      BigInt(bytes.length),
      MSG_DONTWAIT | MSG_NOSIGNAL,
      this.#address,
      this.#address.length,
    );
    this.#problem = Number(sent) === bytes.length ? null : errnoText(symbols, lastErrno(symbols));
  }
}

function variable(name: typeof SERVICE_VARIABLES[number]): string | null {
  const { state } = Deno.permissions.querySync({ name: "env", variable: name });
  return state === "granted" ? Deno.env.get(name) ?? null : null;
}

/** `struct sockaddr_un`: the family, then the path, or a NUL and a name of its own. */
function socketAddress(address: string): Uint8Array<ArrayBuffer> {
  const path = new TextEncoder().encode(address);
  if (!/^[/@][^\0]/.test(address) || path.length >= PATH_BYTES) {
    throw new FandError(
      `Cannot tell the service manager anything: NOTIFY_SOCKET is "${address}"; ` +
        "it must be the path of a socket, as systemd sets it",
    );
  }
  const isAbstract = address.startsWith("@");
  const bytes = new Uint8Array(2 + path.length + (isAbstract ? 0 : 1));
  new Uint16Array(bytes.buffer, 0, 1)[0] = AF_UNIX;
  bytes.set(path, 2);
  if (isAbstract) bytes[2] = 0;
  return bytes;
}
