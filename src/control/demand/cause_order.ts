/**
 * In which order causes that combine one another are worked out.
 *
 * @module
 */
import { type CausePolicy, isCombined } from "./cause_policy.ts";

/**
 * The causes, each after all that it combines. What is referred to and does not exist is left to
 * whoever reads the configuration.
 *
 * @returns `cycle`: when causes refer to one another in a circle, their names along it, the first
 * one again at the end; the order is then incomplete
 */
export function orderCauses(
  causes: readonly CausePolicy[],
): { ordered: CausePolicy[]; cycle: string[] | null } {
  const byName = new Map(causes.map((cause) => [cause.name, cause]));
  const ordered = new Set<CausePolicy>();
  const path: string[] = [];

  const visit = (cause: CausePolicy): string[] | null => {
    if (ordered.has(cause)) return null;
    const from = path.indexOf(cause.name);
    if (from >= 0) return [...path.slice(from), cause.name];
    path.push(cause.name);
    for (const name of isCombined(cause) ? cause.of : []) {
      const part = byName.get(name);
      const cycle = part ? visit(part) : null;
      if (cycle) return cycle;
    }
    path.pop();
    ordered.add(cause);
    return null;
  };

  for (const cause of causes) {
    const cycle = visit(cause);
    if (cycle) return { ordered: [...ordered], cycle };
  }
  return { ordered: [...ordered], cycle: null };
}
