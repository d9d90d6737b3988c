/**
 * The door for clients on this machine: a unix socket, which the rights of its file guard.
 *
 * @module
 */

import { ListeningError } from "../../errors.ts";
import { listenNet, openNet } from "../../sockets/net.ts";
import type { Arrival, Door } from "./door.ts";

/** The owner and the group may come in. */
const MODE = 0o660;

/** Lets clients in over a unix socket. */
export class UnixDoor implements Door {
  readonly place: string;
  readonly #listener: Deno.Listener;
  #arrived = 0;
  #isClosed = false;

  private constructor(path: string, listener: Deno.Listener) {
    this.place = `unix:${path}`;
    this.#listener = listener;
  }

  /**
   * Listens. The socket file of a server that is no more is replaced; closing the door removes it.
   *
   * @throws {ListeningError} when another server listens there, or the file cannot be made.
   */
  static async open(path: string): Promise<UnixDoor> {
    await clear(path);
    const listener = attempt(path, () => listenNet({ path }));
    try {
      attempt(path, () => Deno.chmodSync(path, MODE));
    } catch (error) {
      listener.close();
      throw error;
    }
    return new UnixDoor(path, listener);
  }

  async accept(): Promise<Arrival> {
    const line = await this.#listener.accept();
    // A unix socket has no names for its clients, so they are counted.
    const peer = `${this.place} client ${++this.#arrived}`;
    const origin = { way: "unix", peer, host: "unix", isLocal: true, certificate: null } as const;
    return { line, origin };
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#listener.close();
  }
}

/** Removes the socket file of a dead server, and nothing else. */
async function clear(path: string): Promise<void> {
  const found = attempt(path, () => stat(path));
  if (found === null) return;
  if (!found.isSocket) {
    throw failure(path, "a file is there that is no socket", "choose another path");
  }
  try {
    (await openNet({ path }, new AbortController().signal)).close();
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    if (error instanceof Deno.errors.NotFound) return;
    if (!(error instanceof Deno.errors.ConnectionRefused)) {
      throw failure(path, textOf(error), "choose another path");
    }
    return attempt(path, () => Deno.removeSync(path));
  }
  throw failure(path, "another server listens there", "stop it or choose another path");
}

function stat(path: string): Deno.FileInfo | null {
  try {
    return Deno.lstatSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

function attempt<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    const remedy = "see that its folder is there and may be written to, or choose another path";
    throw failure(path, textOf(error), remedy, error);
  }
}

function failure(path: string, found: string, remedy: string, cause?: unknown): ListeningError {
  return new ListeningError(`Cannot listen on unix:${path}: ${found}; ${remedy}`, { cause });
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
