/**
 * What a server remembers between two runs: its overrides and how often it has started.
 *
 * @module
 */

import type { Override, OverrideOrder } from "../../control/engine/override.ts";
import type { ProfileInForce } from "../../control/profile/profile.ts";

/** An override as an earlier run left it. */
export interface StoredOverride extends OverrideOrder {
  readonly shelf: string;
  /** When, in milliseconds since the Unix epoch. */
  readonly setAt: number;
}

/** The profile that was ordered by hand, as an earlier run left it. */
export type StoredProfile = Pick<ProfileInForce, "name" | "owner" | "reason" | "expiresAt">;

/** A server's memory. */
export interface Store extends Disposable {
  /** Grows with every start, so that pushes of two runs are never mixed up. */
  readonly epoch: number;
  /** Every override that was stored and not taken back, those whose time is up included. */
  loadOverrides(): StoredOverride[];
  /**
   * Keeps `override` for `shelf`; null forgets it. Once this returns, it survives a restart.
   *
   * @throws {StoreError} When it cannot be written.
   */
  saveOverride(shelf: string, override: Override | null): void;
  /** The profile that was ordered by hand and not taken back, its time up or not. */
  loadProfile(): StoredProfile | null;
  /**
   * Keeps the profile that is ordered by hand; null forgets it. Once this returns, it survives a
   * restart.
   *
   * @throws {StoreError} When it cannot be written.
   */
  saveProfile(profile: StoredProfile | null): void;
  /** Writes what is left and lets the file go; may be called twice. */
  close(): void;
}
