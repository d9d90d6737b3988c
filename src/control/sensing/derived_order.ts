/**
 * In which order derived sensors are computed, each after those that it is computed from.
 *
 * @module
 */

/** Something that is computed from others by their names. */
interface Computed {
  readonly name: string;
  readonly of: readonly string[];
}

/** The order, or the way around a circle: the first name again at its end. */
export type DerivedOrder<T> = { order: T[]; cycle: null } | { order: null; cycle: string[] };

/** Puts each after its inputs. Names that are not among `computed` are measured. */
export function orderDerived<T extends Computed>(computed: readonly T[]): DerivedOrder<T> {
  const byName = new Map(computed.map((each) => [each.name, each]));
  const order: T[] = [];
  const done = new Set<string>();
  for (const start of computed) {
    // A stack of its own: as deep as a file may be long.
    const path: { each: T; next: number }[] = [];
    const onPath = new Set<string>();
    const enter = (each: T): void => {
      path.push({ each, next: 0 });
      onPath.add(each.name);
    };
    if (!done.has(start.name)) enter(start);
    for (let top = path.at(-1); top; top = path.at(-1)) {
      const name = top.each.of[top.next++];
      if (name === undefined) {
        path.pop();
        onPath.delete(top.each.name);
        done.add(top.each.name);
        order.push(top.each);
        continue;
      }
      if (onPath.has(name)) {
        const names = path.map(({ each }) => each.name);
        return { order: null, cycle: [...names.slice(names.indexOf(name)), name] };
      }
      const input = done.has(name) ? undefined : byName.get(name);
      if (input) enter(input);
    }
  }
  return { order, cycle: null };
}
