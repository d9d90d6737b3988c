/**
 * The ways of control that are compared.
 *
 * @module
 */

import { type Curve, evaluateCurve } from "../../src/control/demand/curve.ts";
import { Demand } from "../../src/control/demand/demand.ts";
import { OutputFilter } from "../../src/control/output/output_filter.ts";
import type { SensorJudgement } from "../../src/control/sensing/judgement.ts";
import { defaultConfig } from "../../src/config/default_config.ts";
import type { Way } from "./run.ts";

type Tables = Readonly<Record<string, Curve>>;

/** The highest duty of some tables, as often as told, and nothing else. */
function plainWay(name: string, tickMs: number, tables: Tables): Way {
  return {
    name,
    tickMs,
    decide: (temps) =>
      Math.max(
        ...Object.entries(tables).map(([source, curve]) =>
          evaluateCurve(curve, temps.get(source) ?? NaN)
        ),
      ),
  };
}

/** The tables that fand comes with, polled once a minute as it does. */
export function fandWay(): Way {
  return plainWay("fand's step table, 60 s", 60_000, {
    cpu: { shape: "step", points: [[0, 25], [75, 40], [80, 60], [85, 80], [90, 100]] },
    hdd: { shape: "step", points: [[0, 25], [37, 30], [38, 40], [39, 50], [40, 75], [41, 100]] },
  });
}

/** A straight line between two temperatures every ten seconds, as fancontrol has it. */
export function lineWay(): Way {
  return plainWay("linear as fancontrol, 10 s", 10_000, {
    cpu: { shape: "linear", points: [[40, 25], [80, 100]] },
    hdd: { shape: "linear", points: [[30, 25], [50, 100]] },
  });
}

/** What a server does without a file: its curves, filters and output, once a second. */
export function defaultWay(): Way {
  const { shelves, tickMs } = defaultConfig([]);
  const causes = shelves.flatMap((shelf) => shelf.causes)
    .map((cause) => ({ ...cause, sensors: [cause.name] }));
  const output = shelves[0]?.output;
  const floorPercent = shelves[0]?.floorPercent ?? 0;
  if (!output) throw new Error("Cannot compare: the default configuration has no output");
  const demand = new Demand(causes);
  const filter = new OutputFilter(output);
  const judgements = new Map<string, SensorJudgement>(
    causes.map(({ name }) => [name, judgementOf(name)]),
  );
  return {
    name: "this project's default, 1 s",
    tickMs,
    decide(temps, nowMs) {
      for (const [name, judgement] of judgements) judgement.tempC = temps.get(name) ?? null;
      const asked = Math.max(...demand.evaluate(judgements, nowMs).map(({ percent }) => percent));
      return Math.max(floorPercent, filter.apply(asked, nowMs));
    },
  };
}

function judgementOf(name: string): SensorJudgement {
  return {
    name,
    kind: name,
    state: "ok",
    tempC: null,
    ageMs: 0,
    validForMs: 5000,
    reason: null,
    fault: null,
    failsafePercent: 0,
    sinceMs: 0,
  };
}
