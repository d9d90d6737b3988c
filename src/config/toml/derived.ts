/**
 * `[[derived]]` of a fand.toml.
 *
 * @module
 */

import { orderDerived } from "../../control/sensing/derived_order.ts";
import { type DerivedPolicy, INPUTS } from "../../control/sensing/derived_policy.ts";
import type { Names } from "../names.ts";
import { type KeyPath, type Problems, show } from "../problems.ts";
import { isTable, read } from "./rules.ts";
import { DERIVED, DERIVED_TYPE } from "./schema.ts";

/** What a derived sensor may refer to. */
export interface DerivedContext {
  readonly problems: Problems;
  /** Measured and derived ones. */
  readonly sensors: Names;
}

/** The keys that every type has. */
interface CommonKeys {
  name: string;
  kind: string;
  of: string[];
  critical_c?: number | undefined;
}

/** Reads one derived sensor; null when its keys are not usable. */
export function readDerived(
  value: unknown,
  path: KeyPath,
  context: DerivedContext,
): DerivedPolicy | null {
  const { problems } = context;
  if (!isTable(value)) {
    problems.add(path, show(value), "a table [[derived]]");
    return null;
  }
  const type = read(DERIVED_TYPE, value["type"], [...path, "type"], problems);
  const policy = type && readByType(type, value, path, problems);
  if (!policy) return null;
  for (const [at, name] of policy.of.entries()) {
    const inputPath = [...path, "of", at];
    if (policy.of.indexOf(name) < at) {
      problems.add(inputPath, `${show(name)} again`, "each sensor once");
    } else {
      context.sensors.expect(name, inputPath);
    }
  }
  const { min, max } = INPUTS[policy.type];
  if (policy.of.length < min || policy.of.length > max) {
    problems.add([...path, "of"], countText(policy.of.length), `${countText(min)} for this type`);
  }
  if (policy.type === "weighted" && policy.weights.length !== policy.of.length) {
    const found = `${policy.weights.length} for ${countText(policy.of.length)}`;
    problems.add([...path, "weights"], found, "one for each sensor");
  }
  return policy;
}

/** Nothing can be computed from itself, by whatever way around. */
export function checkCircle(derived: readonly DerivedPolicy[], problems: Problems): void {
  const { cycle } = orderDerived(derived);
  if (cycle === null) return;
  const at = derived.findIndex(({ name }) => name === cycle[0]);
  problems.add(["derived", at, "of"], cycle.join(" <- "), "sensors that do not depend on this one");
}

function countText(count: number): string {
  return count === 1 ? "1 sensor" : `${count} sensors`;
}

function readByType(
  type: DerivedPolicy["type"],
  value: unknown,
  path: KeyPath,
  problems: Problems,
): DerivedPolicy | null {
  switch (type) {
    case "weighted": {
      const keys = read(DERIVED[type], value, path, problems);
      return keys && { ...common(keys), type, weights: keys.weights };
    }
    case "offset": {
      const keys = read(DERIVED[type], value, path, problems);
      return keys && { ...common(keys), type, offsetC: keys.offset_c };
    }
    case "average": {
      const keys = read(DERIVED[type], value, path, problems);
      return keys && { ...common(keys), type, windowMs: keys.window_ms };
    }
    case "ema": {
      const keys = read(DERIVED[type], value, path, problems);
      return keys && { ...common(keys), type, tauMs: keys.tau_ms };
    }
    case "peak_hold": {
      const keys = read(DERIVED[type], value, path, problems);
      return keys && { ...common(keys), type, holdMs: keys.hold_ms };
    }
    default: {
      const keys = read(DERIVED[type], value, path, problems);
      return keys && { ...common(keys), type };
    }
  }
}

function common({ name, kind, of, critical_c }: CommonKeys) {
  return { name, kind, of, ...critical_c !== undefined && { criticalC: critical_c } };
}
