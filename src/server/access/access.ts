/**
 * Who is who: finds out what each client may do, from the way that it came and from what it can
 * prove.
 *
 * @module
 */

import { timingSafeEqual } from "node:crypto";
import type { ClientConfig, LocalRole, Role } from "../../config/client_config.ts";
import { digestOf, MOST_TOKEN_CHARACTERS } from "../../config/token.ts";
import { DeniedError } from "../../errors.ts";
import type { Origin } from "../doors/door.ts";
import { type Grant, newGrant } from "./grant.ts";

/** What the access of one configuration is decided by. */
export interface AccessRules {
  readonly localRole: LocalRole;
  readonly clients: readonly ClientConfig[];
  /** Strangers count as somebody on this machine, but never as its administrator. */
  readonly insecure: boolean;
  /** The unix socket whose clients are administrators; null for none. */
  readonly unix: string | null;
  /** The digest of the token of the boards that the server drives itself; they serve any shelf. */
  readonly boardsToken: string;
}

/** What the agents of the server's own boards are called. */
const OWN_BOARDS = "boards of this server";

/** Decides who may do what; one a configuration. */
export class Access {
  readonly #rules: AccessRules;
  readonly #byName: ReadonlyMap<string, ClientConfig>;
  readonly #byToken: ReadonlyMap<string, ClientConfig>;

  constructor(rules: AccessRules) {
    this.#rules = rules;
    const own: ClientConfig = {
      name: OWN_BOARDS,
      role: "agent",
      shelves: ["*"],
      token: rules.boardsToken,
    };
    const clients = [...rules.clients, own];
    this.#byName = new Map(rules.clients.map((client) => [client.name, client]));
    this.#byToken = new Map(
      clients.flatMap((client) => client.token === null ? [] : [[client.token, client]]),
    );
  }

  /** What a client may do that has said nothing yet. */
  arrived(origin: Origin): Grant {
    const { certificate } = origin;
    if (certificate !== null) {
      const client = this.#byName.get(certificate);
      return grantOf(certificate, "certificate", client);
    }
    if (origin.way === "unix") return newGrant({ name: null, proof: "local" }, "admin");
    const { localRole, insecure, unix } = this.#rules;
    if (origin.isLocal) return newGrant({ name: null, proof: "local", unix }, roleOf(localRole));
    if (insecure) {
      const role = roleOf(localRole === "admin" ? "operate" : localRole);
      return newGrant({ name: null, proof: "insecure" }, role);
    }
    return newGrant({ name: null, proof: "none" }, null);
  }

  /**
   * What the one may do who has this token; null when nobody has.
   *
   * @throws {DeniedError} When it came where others can read it.
   */
  prove(origin: Origin, token: string): Grant | null {
    if (origin.way === "tcp" && !origin.isLocal) {
      throw new DeniedError(
        "Cannot take a token: this connection is neither encrypted nor within one machine, so " +
          "that anybody on the way has read it; replace the token, and use TLS",
      );
    }
    if (token.length > MOST_TOKEN_CHARACTERS) return null;
    const digest = digestOf(token);
    // Who guesses cannot steer a digest, so that looking it up tells nothing.
    const client = this.#byToken.get(digest);
    const known = client?.token ?? digestOf("");
    const isSame = timingSafeEqual(
      new TextEncoder().encode(digest),
      new TextEncoder().encode(known),
    );
    return isSame && client !== undefined ? grantOf(client.name, "token", client) : null;
  }

  /** What the client of an earlier configuration may do now; null: it is none of this one. */
  again(origin: Origin, before: Grant): Grant | null {
    if (before.proof !== "token") {
      const now = this.arrived(origin);
      return before.role !== null && now.role === null ? null : now;
    }
    if (before.name === OWN_BOARDS) return before;
    const client = before.name === null ? undefined : this.#byName.get(before.name);
    if (client === undefined || client.token !== before.token) return null;
    return grantOf(client.name, "token", client);
  }
}

function grantOf(name: string, proof: "certificate" | "token", client?: ClientConfig): Grant {
  if (client === undefined) return newGrant({ name, proof }, null);
  const token = proof === "token" ? client.token : null;
  return newGrant({ name, proof, token }, client.role, client.shelves);
}

function roleOf(role: LocalRole): Role | null {
  return role === "none" ? null : role;
}
