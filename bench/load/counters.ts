/**
 * What a server counts.
 *
 * @module
 */

import { Peer } from "./peer.ts";

/** The answer to `counters`. */
export async function counters(port: number): Promise<Record<string, number>> {
  const peer = await Peer.open(port);
  const { promise, resolve } = Promise.withResolvers<Record<string, number>>();
  const ended = peer.read(({ args }) => resolve(args[0] as Record<string, number>));
  await peer.send("counters", []);
  const found = await promise;
  peer.close();
  await ended;
  return found;
}
