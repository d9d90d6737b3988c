/**
 * Compares ways of control on the thermal plant under the same loads: `deno task bench`. Time is
 * simulated, so that every machine prints the same.
 *
 * @module
 */

import { LIMITS_C, loadTrace, type Outcome, plantUnder, runWay, type Way } from "./run.ts";
import { defaultWay, fandWay, lineWay } from "./ways.ts";

const SEEDS = [1, 2, 3];
const encoder = new TextEncoder();
const say = (line: string): number => Deno.stdout.writeSync(encoder.encode(`${line}\n`));

const PLANTS = [
  { name: "the built-in plant, which answers within seconds", inertia: 1 },
  { name: "the same with 20 times its heat capacity, which answers within minutes", inertia: 20 },
];

/** The figures of an outcome by which the default is held against the others: less is better. */
function figures({ peakC, overS, powerPercent, changes }: Outcome): [string, number][] {
  return [
    ...Object.entries(peakC).map(([name, tempC]): [string, number] => [`peak of ${name}`, tempC]),
    ["time over a limit", overS],
    ["fan power", powerPercent],
    ["audible changes", changes],
  ];
}

/** Where the default does worse than another way, in words. */
function losses(ours: Outcome, theirs: Outcome, name: string): string[] {
  const others = new Map(figures(theirs));
  return figures(ours).filter(([what, value]) => value > (others.get(what) ?? Infinity))
    .map(([what, value]) =>
      `${what} ${value.toFixed(1)} against ${others.get(what)?.toFixed(1)} of ${name}`
    );
}

function row(name: string, { peakC, overS, powerPercent, changes }: Outcome): string {
  return [
    name.padEnd(28),
    ...Object.values(peakC).map((tempC) => `${tempC.toFixed(1)} °C`.padStart(9)),
    `${overS} s`.padStart(8),
    `${powerPercent.toFixed(1)} %`.padStart(8),
    `${changes}`.padStart(8),
  ].join(" ");
}

const limits = Object.entries(LIMITS_C).map(([name, tempC]) => `${name} ${tempC} °C`).join(", ");
say(`4 hours of load a seed; limits: ${limits}; power: mean of speed³, of that at full speed;`);
say("changes: speeds more than 3 % away from what they were 5 s before");
for (const { name, inertia } of PLANTS) {
  say(`\n${name}`);
  const lost: string[] = [];
  for (const seed of SEEDS) {
    const spec = plantUnder(loadTrace(seed), inertia);
    const run = (way: Way): Outcome => {
      const outcome = runWay(spec, way);
      say(row(way.name, outcome));
      return outcome;
    };
    say(`seed ${seed}`.padEnd(28) + "  peak cpu  peak hdd     over    power  changes");
    const [fand, line, ours] = [fandWay(), lineWay(), defaultWay()];
    const theirs = [fand, line].map((way): [string, Outcome] => [way.name, run(way)]);
    const own = run(ours);
    lost.push(
      ...theirs.flatMap(([other, outcome]) => losses(own, outcome, other))
        .map((text) => `seed ${seed}: ${text}`),
    );
  }
  say(lost.length === 0 ? "The default is the best in every figure." : "The default is worse in:");
  for (const text of lost) say(`  ${text}`);
  if (lost.length > 0) {
    say("because it spends no air on what is warm and within its limits, and so less power.");
  }
}
