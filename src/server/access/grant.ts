/**
 * What one client may do: found out once, when it arrives or proves who it is, so that asking
 * costs a request next to nothing.
 *
 * @module
 */

import type { Role } from "../../config/client_config.ts";
import { fits } from "./glob.ts";

/** What can be allowed, as bits; {@link OPEN} is allowed to everybody. */
export const OPEN = 1;
const BITS: Readonly<Record<Role, number>> = { read: 2, agent: 4, operate: 8, admin: 16 };

/** What each role may do with everything, and what only with shelves of its own. */
const MAY: Readonly<Record<Role, { all: readonly Role[]; own: readonly Role[] }>> = {
  read: { all: ["read"], own: [] },
  agent: { all: [], own: ["read", "agent"] },
  operate: { all: ["read", "agent", "operate"], own: [] },
  admin: { all: ["read", "agent", "operate", "admin"], own: [] },
};

/** How a client has come to its role. */
export type Proof = "local" | "insecure" | "certificate" | "token" | "none";

/** Who a client is and what it may do. */
export interface Grant {
  /** The name that was proved; null for nobody in particular. */
  readonly name: string | null;
  readonly proof: Proof;
  /** The digest of the token that it was proved with; null for none. */
  readonly token: string | null;
  /** Where somebody on this machine may do more; null for nowhere. */
  readonly unix: string | null;
  /** Null: nothing but what everybody may. */
  readonly role: Role | null;
  /** What it may do with everything: bits. */
  readonly all: number;
  /** What it may do with its own shelves: bits. */
  readonly own: number;
  /** Patterns of its own shelves. */
  readonly shelves: readonly string[];
}

/** The bit of what is needed. */
export function bitOf(role: Role | null): number {
  return role === null ? OPEN : BITS[role];
}

/** A grant of a role. */
export function newGrant(
  who: Pick<Grant, "name" | "proof"> & Partial<Pick<Grant, "token" | "unix">>,
  role: Role | null,
  shelves: readonly string[] = [],
): Grant {
  const { all, own } = role === null ? { all: [], own: [] } : MAY[role];
  return {
    token: null,
    unix: null,
    ...who,
    role,
    all: OPEN | bitsOf(all),
    own: bitsOf(own),
    shelves,
  };
}

/** Whether a shelf is one of the client's own. */
export function owns(grant: Grant, shelf: string): boolean {
  return grant.shelves.some((pattern) => fits(shelf, pattern));
}

function bitsOf(roles: readonly Role[]): number {
  return roles.reduce((bits, role) => bits | BITS[role], 0);
}
