/**
 * Who has to go when more are at the door than may be.
 *
 * @module
 */

/** Somebody at the door. */
interface Waiting {
  readonly address: { readonly hostname: string };
}

/**
 * The one that has waited the longest of the address that has the most: nobody who holds more than
 * others keeps them out.
 *
 * @param waiting in the order of their coming.
 * @param newcomer the address of who wants in.
 * @returns null where the newcomer's address would then have as many: the newcomer has to go.
 */
export function longestOfMost<T extends Waiting>(
  waiting: Iterable<T>,
  newcomer: string,
): T | null {
  const byHost = Map.groupBy(waiting, ({ address }) => address.hostname);
  const most = [...byHost.values()].reduce((a, b) => b.length > a.length ? b : a, []);
  const own = (byHost.get(newcomer)?.length ?? 0) + 1;
  return own < most.length ? most[0] ?? null : null;
}
