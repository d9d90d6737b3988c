/**
 * A store that forgets with its process.
 *
 * @module
 */

import type { Clock } from "../../clock.ts";
import type { Override } from "../../control/engine/override.ts";
import type { Store, StoredOverride, StoredProfile } from "./record.ts";

/** Keeps overrides in memory only: for `store = "none"`. */
export class MemoryStore implements Store {
  /** The time of the start, which grows from run to run without being written anywhere. */
  readonly epoch: number;
  readonly #clock: Clock;
  readonly #overrides = new Map<string, StoredOverride>();
  #profile: StoredProfile | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.epoch = Math.max(1, Math.trunc(clock.wallMs()));
  }

  loadOverrides(): StoredOverride[] {
    return [...this.#overrides.values()];
  }

  saveOverride(shelf: string, override: Override | null): void {
    if (override === null) {
      this.#overrides.delete(shelf);
      return;
    }
    const { expiresMs: _, ...order } = override;
    this.#overrides.set(shelf, { shelf, ...order, setAt: this.#clock.wallMs() });
  }

  loadProfile(): StoredProfile | null {
    return this.#profile;
  }

  saveProfile(profile: StoredProfile | null): void {
    this.#profile = profile;
  }

  close(): void {}

  [Symbol.dispose](): void {
    this.close();
  }
}
