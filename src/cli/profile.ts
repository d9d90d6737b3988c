/**
 * `fanctl profile`: what bends the curves for a while.
 *
 * @module
 */
import { Request } from "../wire/request.ts";
import { isWireMap, type WireMap, type WireValue } from "../wire/value.ts";
import type { CommandOf } from "./command.ts";
import type { CommandContext } from "./context.ts";
import { expiryDate } from "./expiry.ts";
import { formatDate } from "./date.ts";
import { ServerSession, unexpected } from "./session.ts";
import { tableLines } from "./table.ts";

/** Prints every profile, and which one is in force. */
export async function profileList(
  _command: CommandOf<"profile-list">,
  context: CommandContext,
): Promise<void> {
  await using session = await ServerSession.open(context);
  const reply = await session.ask(Request.PROFILES, Request.PROFILES);
  const [profiles, inForce = null] = reply;
  if (!Array.isArray(profiles) || !profiles.every(isWireMap)) {
    throw unexpected(Request.PROFILES, [Request.PROFILES, reply]);
  }
  const current = isWireMap(inForce) ? inForce : null;
  const rows = profiles.map((profile) => [
    String(profile["name"]),
    String(profile["text"]),
    current !== null && current["name"] === profile["name"] ? inForceText(current, context) : "",
  ]);
  context.print(
    { profiles, in_force: inForce },
    tableLines([["PROFILE", "CURVES", "IN FORCE"], ...rows]).join("\n"),
  );
}

function inForceText(profile: WireMap, { io }: CommandContext): string {
  const expires = profile["expires"];
  const until = expires instanceof Date ? ` until ${formatDate(expires, io.localZone())}` : "";
  const reason = typeof profile["reason"] === "string" ? `: ${profile["reason"]}` : "";
  return `by ${profile["owner"]}${until}${reason}`;
}

/** Puts a profile in force by hand. */
export async function profileSet(
  { name, expiry, reason }: CommandOf<"profile-set">,
  context: CommandContext,
): Promise<void> {
  const expires = expiryDate(expiry, context);
  const args: WireValue[] = reason === null ? [name, expires] : [name, expires, reason];
  await using session = await ServerSession.open(context);
  await session.ask(Request.SET_PROFILE, Request.ACK, ...args);
  context.print({ ok: true, profile: name, expires, reason }, "ok");
}

/** Takes back what was ordered by hand. */
export async function profileClear(
  _command: CommandOf<"profile-clear">,
  context: CommandContext,
): Promise<void> {
  await using session = await ServerSession.open(context);
  await session.ask(Request.SET_PROFILE, Request.ACK, null);
  context.print({ ok: true, profile: null }, "ok");
}
