/**
 * `fanctl pki …`: a CA of one's own, without openssl.
 *
 * @module
 */
import type { WireValue } from "../../wire/value.ts";
import type { CommandOf } from "../command.ts";
import type { CommandContext } from "../context.ts";
import { tableLines } from "../table.ts";
import { Authority, type Written } from "./authority.ts";

const DAY_MS = 86_400_000;

/** Makes a CA. */
export async function pkiInit(
  { dir, name, days }: CommandOf<"pki-init">,
  { io, print, note }: CommandContext,
): Promise<void> {
  const unique = new Uint8Array(4);
  io.random(unique);
  // Each CA has a name of its own, so that two of them cannot be mistaken for each other.
  const caName = name ?? `fand CA ${unique.toHex()}`;
  const { endMs } = await Authority.init(dir, { name: caName, days }, io.clock.wallMs());
  const files = { cert: `${dir}/ca.pem`, key: `${dir}/ca.key`, revoked: `${dir}/revoked.pem` };
  print({ name: caName, ...files, ends: new Date(endMs) }, `made "${caName}" in ${dir}`);
  note(`${files.key} signs whatever is trusted: keep it here, and keep a copy where nobody looks`);
  note(`${files.cert} goes to every server and client; it ends on ${dayOf(endMs)}`);
}

/** Makes a server's key and certificate. */
export async function pkiServer(
  { dir, hosts, days, replace }: CommandOf<"pki-server">,
  { io, print, note }: CommandContext,
): Promise<void> {
  const authority = await Authority.open(dir);
  const [name = ""] = hosts;
  const written = await authority.issue(
    { name, use: "server", hosts, days, replace },
    io.clock.wallMs(),
  );
  note(`made ${written.cert} and ${written.key} for ${hosts.join(", ")}; ${endOf(written)}`);
  note("this is for the server's fand.toml, with the paths of that machine:");
  const block = [
    "[tls]",
    'address = "0.0.0.0"',
    `cert = ${JSON.stringify(written.cert)}`,
    `key = ${JSON.stringify(written.key)}`,
    `client_ca = ${JSON.stringify(`${dir}/ca.pem`)}`,
    `revoked = ${JSON.stringify(`${dir}/revoked.pem`)}`,
  ];
  print({ name, hosts: [...hosts], ...fieldsOf(written) }, block.join("\n"));
}

/** Makes a client's key and certificate, and what the server is to be told of it. */
export async function pkiClient(
  { dir, name, role, shelves, days, replace }: CommandOf<"pki-client">,
  { io, print, note }: CommandContext,
): Promise<void> {
  const authority = await Authority.open(dir);
  const written = await authority.issue(
    { name, use: "client", hosts: [], days, replace },
    io.clock.wallMs(),
  );
  note(`made ${written.cert} and ${written.key}; ${endOf(written)}`);
  note(`carry both to the client, with ${dir}/ca.pem; this is for the server's fand.toml:`);
  const block = [
    "[[client]]",
    `name = ${JSON.stringify(name)}`,
    `role = ${JSON.stringify(role)}`,
    ...shelves.length === 0 ? [] : [`shelves = ${JSON.stringify(shelves)}`],
  ];
  print({ name, role, shelves: [...shelves], ...fieldsOf(written) }, block.join("\n"));
}

/** Revokes the certificates of a name. */
export async function pkiRevoke(
  { dir, name }: CommandOf<"pki-revoke">,
  { io, print, note }: CommandContext,
): Promise<void> {
  const authority = await Authority.open(dir);
  const count = await authority.revoke(name, io.clock.wallMs());
  const text = count === 0
    ? `nothing to do: every certificate of "${name}" was revoked before`
    : `revoked ${count === 1 ? "the certificate" : `${count} certificates`} of "${name}"`;
  print({ name, revoked: count, list: `${dir}/revoked.pem` }, text);
  if (count > 0) note(`put ${dir}/revoked.pem where the server's "revoked" is, and send it SIGHUP`);
}

/** Prints every certificate of the CA. */
export async function pkiList(
  { dir }: CommandOf<"pki-list">,
  { io, print }: CommandContext,
): Promise<void> {
  const listed = await (await Authority.open(dir)).list();
  const nowMs = io.clock.wallMs();
  const json = listed.map(({ name, use, serial, endMs, revokedMs }): WireValue => ({
    name,
    use,
    serial,
    ends: new Date(endMs),
    revoked: revokedMs === null ? null : new Date(revokedMs),
  }));
  const rows = listed.map(({ name, use, serial, endMs, revokedMs }) => [
    name,
    use ?? "other",
    dayOf(endMs),
    stateOf(endMs, revokedMs, nowMs),
    serial,
  ]);
  print(json, tableLines([["NAME", "USE", "ENDS", "STATE", "SERIAL"], ...rows]).join("\n"));
}

function stateOf(endMs: number, revokedMs: number | null, nowMs: number): string {
  if (revokedMs !== null) return `revoked ${dayOf(revokedMs)}`;
  if (endMs <= nowMs) return "ended";
  const days = Math.floor((endMs - nowMs) / DAY_MS);
  return days < 60 ? `${days} days left` : "good";
}

function fieldsOf({ cert, key, endMs }: Written) {
  return { cert, key, ends: new Date(endMs) };
}

function endOf({ endMs }: Written): string {
  return `the certificate ends on ${dayOf(endMs)}`;
}

/** A day, as people write it. */
function dayOf(wallMs: number): string {
  return new Date(wallMs).toISOString().slice(0, 10);
}
