/**
 * The fans as a service on an experiment rig, as the configuration says it.
 *
 * @module
 */

/** `[rig]` of a configuration. */
export interface RigConfig {
  /** Where it listens: `udp://`, `tcp://` or `ws://`, a host and a port. */
  readonly listen: string;
  /** Addresses of the hosts that are listened to. */
  readonly peers: readonly string[];
  /** The profile while an experiment runs. */
  readonly profile: string;
  /** How long one experiment may keep it in force, in milliseconds. */
  readonly maxMs: number;
}

/** Who is listened to unless somebody else is named: this machine. */
export const DEFAULT_RIG_PEERS: readonly string[] = Object.freeze(["127.0.0.1", "::1"]);
