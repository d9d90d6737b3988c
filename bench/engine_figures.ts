/**
 * What a tick of the engine costs as shelves grow from 10 to 10 000, ten sensors each: every
 * sensor has a new reading, and every shelf another hottest temperature.
 *
 * Run: deno run --v8-flags=--expose-gc bench/engine_figures.ts
 *
 * @module
 */

import { Engine } from "../src/control/engine/engine.ts";
import type { EngineConfig } from "../src/control/engine/engine_config.ts";

const SENSORS_A_SHELF = 10;
const GOAL_MS = 50;
const ROUNDS = 30;

const say = (line: string) => Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));

function configOf(shelves: number): EngineConfig {
  const names = Array.from({ length: shelves }, (_, at) => `shelf${at}`);
  const sensorsOf = (shelf: string) =>
    Array.from({ length: SENSORS_A_SHELF }, (_, at) => `${shelf}-sensor${at}`);
  return {
    tickMs: 1000,
    rpmTtlMs: 10_000,
    derived: [],
    profiles: [],
    sensors: names.flatMap(sensorsOf).map((name) => ({
      name,
      kind: "cpu",
      intervalMs: 1000,
      timeoutMs: 500,
      misses: 3,
      minC: -20,
      maxC: 120,
      failsafePercent: 100,
      criticalC: 95,
      required: true,
    })),
    shelves: names.map((name) => ({
      name,
      floorPercent: 20,
      causes: [{
        name: "cpu",
        sensors: sensorsOf(name),
        combine: "max",
        curve: { shape: "linear", points: [[30, 25], [50, 40], [70, 80]] },
      }],
    })),
  };
}

interface Figures {
  shelves: number;
  applyMs: number;
  tickMs: number;
  steadyMs: number;
  bytesAShelf: number;
}

/** One size; medians of the rounds after as many for the compiler to settle. */
function measure(shelves: number): Figures {
  const config = configOf(shelves);
  const before = heapBytes();
  const engine = new Engine(config, 0);
  const applied: number[] = [];
  const ticked: number[] = [];
  const steady: number[] = [];
  let atMs = 0;
  const tick = (): number => {
    const begunMs = performance.now();
    engine.tick({ atMs, wallMs: atMs, lateMs: 0 });
    return performance.now() - begunMs;
  };
  for (let round = 0; round < 2 * ROUNDS; round++) {
    atMs += 1000;
    const begunMs = performance.now();
    for (const [at, { name }] of config.sensors.entries()) {
      engine.apply({ type: "reading", sensor: name, tempC: 40 + (at * 7 + round) % 20, atMs });
    }
    applied.push(performance.now() - begunMs);
    ticked.push(tick());
    // The same readings once more: nothing changes.
    steady.push(tick());
  }
  return {
    shelves,
    applyMs: median(applied.slice(ROUNDS)),
    tickMs: median(ticked.slice(ROUNDS)),
    steadyMs: median(steady.slice(ROUNDS)),
    bytesAShelf: (heapBytes() - before) / shelves,
  };
}

function heapBytes(): number {
  const { gc } = globalThis as { gc?: () => void };
  gc?.();
  return Deno.memoryUsage().heapUsed;
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;
}

say("shelves   readings    tick  steady tick  memory a shelf");
for (const shelves of [10, 100, 1000, 10_000]) {
  const { applyMs, tickMs, steadyMs, bytesAShelf } = measure(shelves);
  const columns = [
    String(shelves).padStart(7),
    `${applyMs.toFixed(2)} ms`.padStart(10),
    `${tickMs.toFixed(2)} ms`.padStart(10),
    `${steadyMs.toFixed(2)} ms`.padStart(10),
    `${(bytesAShelf / 1024).toFixed(1)} KiB`.padStart(10),
  ];
  const goal = shelves === 10_000
    ? `  goal ${GOAL_MS} ms: ${tickMs < GOAL_MS ? "met" : "missed"}`
    : "";
  say(columns.join("  ") + goal);
}
