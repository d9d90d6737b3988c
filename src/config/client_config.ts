/**
 * Who may do what, as the configuration says it.
 *
 * @module
 */

/**
 * What a client may do. `read` asks; `agent` reports on shelves of its own and is told their duty;
 * `operate` also overrides; `admin` also changes what lasts. docs/protocol.md has the table.
 */
export type Role = "read" | "agent" | "operate" | "admin";

/** Every role. */
export const ROLES: readonly Role[] = ["read", "agent", "operate", "admin"];

/** What somebody on this machine may do without proving who it is. */
export type LocalRole = "none" | Exclude<Role, "agent">;

/** Every role that may be given to whoever is on this machine. */
export const LOCAL_ROLES: readonly LocalRole[] = ["none", "read", "operate", "admin"];

/** Somebody who can prove a name, by a certificate of that name or by a token. */
export interface ClientConfig {
  name: string;
  role: Role;
  /** Which shelves are an agent's own, with `*` and `?`; empty for the other roles. */
  shelves: readonly string[];
  /** The SHA-256 of its token in hexadecimal; null: by certificate only. */
  token: string | null;
}
