/**
 * Who the server is, which protocol it speaks and what it holds, for a client that asks.
 *
 * @module
 */

import { MOST_EPOCH } from "../../agent/duty/claim.ts";
import type { Role } from "../../config/client_config.ts";
import { BadArgumentsError } from "../../errors.ts";
import { VERSION } from "../../version.ts";
import { PROTOCOL } from "../../wire/protocol_version.ts";
import { Request } from "../../wire/request.ts";
import type { WireValue } from "../../wire/value.ts";
import { checkCount, mapOrNullAt } from "./arguments.ts";
import type { Grant } from "../access/grant.ts";
import type { ServerConfig } from "../../config/config.ts";
import type { Reply, Session } from "../sessions/session.ts";
import { actorOf } from "./changes.ts";
import type { HandlerContext } from "./handlers.ts";
import { checkRule, type Rule } from "./roles.ts";
import { shorten } from "./shorten.ts";

/** What a `hello` needs that wants another epoch. */
const CLAIMING: Rule = { role: "agent", own: () => true };
/** No server of this protocol has started before. */
const BUILT_MS = Date.UTC(2026, 0, 1);
/** An epoch may be ahead of this server's clock by as much: ten years. */
const MOST_AHEAD_MS = 315_576_000_000;

/** How much of what a client calls itself is kept. */
const MOST_CLIENT = 64;

/** What the client that says hello calls itself; null when it does not. */
export function clientOf(args: readonly WireValue[]): string | null {
  const client = mapOrNullAt(Request.HELLO, args, 0)?.client;
  return typeof client === "string" && client !== "" ? shorten(client, MOST_CLIENT) : null;
}

/**
 * The epoch above which an agent wants this server to be, or null when it does not say.
 *
 * @throws {BadArgumentsError}
 * @throws {DeniedError} When it is no agent.
 */
export function claimOf(
  context: HandlerContext,
  args: readonly WireValue[],
  grant: Grant,
): number | null {
  const claim = mapOrNullAt(Request.HELLO, args, 0)?.claim ?? null;
  if (claim === null) return null;
  if (
    typeof claim !== "number" || !Number.isSafeInteger(claim) || claim < 0 || claim >= MOST_EPOCH
  ) {
    throw new BadArgumentsError(
      `Cannot do "hello": "claim" is not an epoch; give the highest one that was granted, a ` +
        `whole number from 0 to ${MOST_EPOCH - 1}`,
    );
  }
  checkRule(Request.HELLO, CLAIMING, args, grant, context.sensorShelves);
  checkAhead(claim, context.clock.wallMs());
  return claim;
}

/** Lets an agent have a greater epoch, if its `hello` asks for one. */
export function takeClaim(context: HandlerContext, claim: number | null, session: Session): void {
  if (claim === null) return;
  const before = `${context.epoch}`;
  context.claim(claim);
  const change = { what: "claim", about: null, before, after: `${context.epoch}` };
  if (change.after !== before) context.audit.record(actorOf(session), change);
}

/** Whoever proves another name begins anew: what it had was allowed to somebody else. */
export function become(context: HandlerContext, session: Session, grant: Grant): void {
  const before = session.grant;
  session.grant = grant;
  if (grant.proof !== before.proof || grant.name !== before.name) context.forget(session);
}

/** Epochs are times: one that is years ahead would leave nothing above it for the next servers. */
function checkAhead(claim: number, wallMs: number): void {
  // A clock that was never set must not keep agents of better days away.
  if (claim <= Math.max(wallMs, BUILT_MS) + MOST_AHEAD_MS) return;
  throw new BadArgumentsError(
    `Cannot do "hello": "claim" is ${claim}, which is years ahead; look which server had such an ` +
      "epoch, and delete what the agent keeps of it",
  );
}

/**
 * The token that a client proves its name with; null when it has none.
 *
 * @throws {BadArgumentsError}
 */
export function tokenOf(args: readonly WireValue[]): string | null {
  const token = mapOrNullAt(Request.HELLO, args, 0)?.token ?? null;
  if (token === null || typeof token === "string") return token;
  throw new BadArgumentsError('Cannot do "hello": "token" is no text; send the token or nothing');
}

/**
 * A client of another major version is told so; another minor is welcome, because both sides
 * ignore what they do not know.
 *
 * @throws {BadArgumentsError}
 */
export function checkHello(args: readonly WireValue[]): void {
  checkCount(Request.HELLO, args, 1);
  const asked = mapOrNullAt(Request.HELLO, args, 0)?.protocol;
  const [major] = Array.isArray(asked) ? asked : [];
  if (typeof major !== "number") {
    throw new BadArgumentsError(
      `Cannot do "hello": no protocol version found; send {"protocol": [${PROTOCOL}]}`,
    );
  }
  if (major !== PROTOCOL[0]) {
    throw new BadArgumentsError(
      `Cannot do "hello": protocol ${major} found; this server speaks ${PROTOCOL.join(".")}`,
    );
  }
}

/** Answers `hello`. */
export function helloReply(
  context: { config: ServerConfig; epoch: number },
  requests: readonly string[],
  role: Role | null,
): Reply {
  const { limits } = context.config;
  return [Request.HELLO, [{
    protocol: [...PROTOCOL],
    server: `fand/${VERSION}`,
    epoch: context.epoch,
    role,
    limits: {
      frame_bytes: limits.frameBytes,
      depth: limits.depth,
      items: limits.items,
      clients: limits.clients,
      page: limits.page,
    },
    requests: [...requests],
  }]];
}
