/**
 * `[rig]` of a fand.toml.
 *
 * @module
 */

import { formatUri, parseUri } from "../../rig/uri.ts";
import { type Problems, show } from "../problems.ts";
import type { ProfileConfig } from "../profile_config.ts";
import { DEFAULT_RIG_PEERS, type RigConfig } from "../rig_config.ts";
import { read } from "./rules.ts";
import { RIG } from "./schema.ts";

/** Reads the table; null when there is none, or it has problems. */
export function readRig(
  value: unknown,
  profiles: readonly ProfileConfig[],
  problems: Problems,
): RigConfig | null {
  const rig = value === undefined ? null : read(RIG, value, ["rig"], problems);
  if (!rig) return null;
  const profile = profiles.find(({ name }) => name === rig.profile);
  if (profile === undefined) {
    const known = profiles.map(({ name }) => show(name)).join(", ");
    const allowed = `a [[profile]] that is there${known && `: ${known}`}`;
    problems.add(["rig", "profile"], show(rig.profile), allowed);
    return null;
  }
  const maxMs = rig.max_ms ?? profile.maxMs;
  if (maxMs > profile.maxMs) {
    const allowed = `at most max_ms of profile ${show(profile.name)}, ${profile.maxMs}`;
    problems.add(["rig", "max_ms"], String(maxMs), allowed);
  }
  return {
    listen: formatUri(parseUri(rig.listen, { allowsZero: true })),
    peers: rig.peers ?? DEFAULT_RIG_PEERS,
    profile: profile.name,
    maxMs,
  };
}
