/**
 * The doors beside plain TCP that a configuration asks for.
 *
 * @module
 */

import type { ServerConfig } from "../../config/config.ts";
import type { Door } from "./door.ts";
import type { TlsDoor, TlsDoorParts } from "./tls_door.ts";
import { UnixDoor } from "./unix_door.ts";

/** Doors that are open. */
export class MoreDoors implements Disposable {
  readonly doors: readonly Door[];
  readonly #tls: TlsDoor | null;

  private constructor(unix: UnixDoor | null, tls: TlsDoor | null) {
    this.doors = [unix, tls].filter((door) => door !== null);
    this.#tls = tls;
  }

  /**
   * Opens them.
   *
   * @throws {ListeningError} when one cannot be had; none is open then.
   */
  static async open(
    { unix, tls }: Pick<ServerConfig, "unix" | "tls">,
    parts: TlsDoorParts,
  ): Promise<MoreDoors> {
    const unixDoor = unix === null ? null : await UnixDoor.open(unix);
    if (tls === null) return new MoreDoors(unixDoor, null);
    try {
      // What TLS needs is much, and most servers do without.
      const { TlsDoor } = await import("./tls_door.ts");
      return new MoreDoors(unixDoor, new TlsDoor(tls, parts));
    } catch (error) {
      unixDoor?.close();
      throw error;
    }
  }

  /** Takes other certificates; where the doors are stays as it is. */
  renew({ tls }: Pick<ServerConfig, "tls">): void {
    if (tls !== null) this.#tls?.renew(tls);
  }

  [Symbol.dispose](): void {
    for (const door of this.doors) door.close();
  }
}
