/**
 * The physics of one shelf: does air cool what it is meant to cool, as it used to? What it does not
 * points to dust, a pump, a loose heat sink, a wire, or fans that blow elsewhere. It only tells; it
 * moves no fan. Pure: time is passed in.
 *
 * @module
 */
import type { ExplanationStep } from "../engine/explanation.ts";
import type { Finding } from "../engine/finding.ts";
import { formatTempC } from "../percent.ts";
import { Contact, type ContactState, type Detachment } from "./contact.ts";
import { Cooling, type CoolingState, type CoolingVerdict } from "./cooling.ts";
import type { PhysicsPolicy } from "./physics_policy.ts";
import { BLOCK_MS, Transients, type TransientsState } from "./transients.ts";

/** Which shelf it is and what is looked for. */
export interface PhysicsWatchPolicy extends PhysicsPolicy {
  /** Its name. */
  shelf: string;
}

/** What is needed of a sensor. */
export interface SensedTemp {
  readonly name: string;
  readonly tempC: number | null;
  /** The age of the reading, in milliseconds. */
  readonly ageMs: number | null;
}

/** What to go on with later: JSON values only. */
export interface PhysicsState {
  /** When the temperatures were looked at last; monotonic. Null before the first time. */
  lookedMs: number | null;
  /** By name. */
  sensors: Record<string, SensorState>;
}

/** What is kept of a sensor. */
interface SensorState {
  transients: TransientsState;
  cooling: CoolingState;
  contact: ContactState;
  detachment: Detachment | null;
  verdict: CoolingVerdict | null;
  news: number;
  /** Since when each kind of finding holds; monotonic. */
  since: Partial<Record<Kind, number>>;
}

type Kind = "dust" | "no effect" | "detached";

interface Sensor {
  readonly name: string;
  readonly transients: Transients;
  readonly cooling: Cooling;
  readonly contact: Contact;
  detachment: Detachment | null;
  readonly since: Partial<Record<Kind, number>>;
  verdict: CoolingVerdict | null;
  /** Exponential swings since the last look at the verdict. */
  news: number;
}

/** Temperatures are looked at this often: three times in the shortest block. */
const LOOK_MS = BLOCK_MS / 3;
/** A verdict is looked at anew after so many swings. */
const LOOK_EVERY = 12;
/** From a fifth of the air to all of it, things must cool faster by this share at least. */
const NO_EFFECT = 0.1;
/** What was told of is over once it is better by this. */
const RECOVERED = 0.1;
const NONE: readonly Finding[] = Object.freeze([]);

/** Watches the sensors of one shelf. */
export class PhysicsWatch {
  readonly #policy: PhysicsWatchPolicy;
  readonly #phaseMs: number;
  readonly #sensors = new Map<string, Sensor>();
  /** In the order in which they were observed last, which seldom changes. */
  #inOrder: Sensor[] = [];
  #findings: readonly Finding[] = NONE;
  #hasNews = false;
  #lookedMs: number | null;

  constructor(policy: PhysicsWatchPolicy, state?: PhysicsState) {
    this.#policy = policy;
    this.#phaseMs = phaseOf(policy.shelf);
    this.#lookedMs = state?.lookedMs ?? null;
    if (!policy.check) return;
    for (const [name, known] of Object.entries(state?.sensors ?? {})) {
      this.#sensors.set(name, {
        name,
        transients: new Transients(known.transients, this.#phaseMs),
        cooling: new Cooling(known.cooling),
        contact: new Contact(known.contact),
        detachment: known.detachment,
        since: { ...known.since },
        verdict: known.verdict,
        news: known.news,
      });
    }
    this.#findings = this.#tell();
  }

  /**
   * Takes what holds at a tick.
   *
   * @param percent the air that the shelf gets, 0 to 100.
   */
  observe(percent: number, sensors: readonly SensedTemp[], nowMs: number): readonly Finding[] {
    if (!this.#policy.check) return NONE;
    const lookedMs = this.#lookedMs;
    if (lookedMs !== null && nowMs - lookedMs < LOOK_MS && nowMs >= lookedMs) return this.#findings;
    // Shelves take turns.
    this.#lookedMs = lookedMs === null ? nowMs - this.#phaseMs % LOOK_MS : nowMs;
    const inOrder = this.#inOrder;
    for (let index = 0; index < sensors.length; index++) {
      const { name, tempC, ageMs } = sensors[index] as SensedTemp;
      let sensor = inOrder[index];
      if (sensor === undefined || sensor.name !== name) {
        sensor = inOrder[index] = this.#sensors.get(name) ?? this.#meet(name);
      }
      const readMs = nowMs - (ageMs ?? 0);
      if (sensor.transients.observe(tempC, readMs, percent, nowMs)) this.#look(sensor, nowMs);
    }
    if (this.#hasNews) {
      this.#hasNews = false;
      this.#findings = this.#tell();
    }
    return this.#findings;
  }

  /** What is known of each sensor, for whoever asks why. */
  explain(): ExplanationStep[] {
    const steps: ExplanationStep[] = [];
    for (const [name, { verdict }] of this.#sensors) {
      if (verdict?.strength === null || verdict === null) continue;
      const text = `air cools "${name}" at ${percentOf(verdict.strength)} of what was learned, ` +
        `with a time constant of ${seconds(verdict.ratePerHour)}`;
      steps.push({ what: "physics", text, value: Math.round(verdict.strength * 100), unit: "%" });
    }
    return steps;
  }

  /** What to go on with later. */
  state(): PhysicsState {
    const sensors = Object.fromEntries(
      this.#sensors.entries().map(([name, sensor]): [string, SensorState] => [name, {
        transients: sensor.transients.state(),
        cooling: sensor.cooling.state(),
        contact: sensor.contact.state(),
        detachment: sensor.detachment,
        verdict: sensor.verdict,
        news: sensor.news,
        since: { ...sensor.since },
      }]),
    );
    return { lookedMs: this.#lookedMs, sensors };
  }

  #meet(name: string): Sensor {
    const sensor: Sensor = {
      name,
      transients: new Transients(undefined, this.#phaseMs),
      cooling: new Cooling(),
      contact: new Contact(),
      detachment: null,
      since: {},
      verdict: null,
      news: 0,
    };
    this.#sensors.set(name, sensor);
    return sensor;
  }

  /** A few seconds are over. */
  #look(sensor: Sensor, nowMs: number): void {
    const { meanC, meanAir } = sensor.transients;
    if (meanC !== null) this.#feel(sensor, meanC, meanAir, nowMs);
    for (const swing of sensor.transients.found()) {
      if (sensor.cooling.take(swing)) sensor.news++;
    }
    if (sensor.news >= LOOK_EVERY) this.#weigh(sensor, nowMs);
  }

  #weigh(sensor: Sensor, nowMs: number): void {
    sensor.news = 0;
    const verdict = sensor.cooling.judge();
    sensor.verdict = verdict ?? sensor.verdict;
    const { strength = null, effect = null } = verdict ?? {};
    const weak = 1 - this.#policy.weakerPercent / 100;
    const wasWeak = sensor.since.dust !== undefined;
    this.#mark(sensor, "dust", strength, weak, nowMs);
    // What became weak is another thing than what never worked.
    const isWeak = sensor.since.dust !== undefined;
    if (isWeak !== wasWeak) sensor.cooling.forget();
    this.#mark(sensor, "no effect", isWeak ? Infinity : effect, NO_EFFECT, nowMs);
  }

  #mark(sensor: Sensor, kind: Kind, value: number | null, least: number, nowMs: number): void {
    const before = sensor.since[kind];
    if (value === null) return;
    if (before === undefined && value < least) sensor.since[kind] = nowMs;
    else if (before !== undefined && value > least + RECOVERED) delete sensor.since[kind];
    // The numbers have changed, too.
    if (before !== undefined || sensor.since[kind] !== undefined) this.#hasNews = true;
  }

  #feel(sensor: Sensor, meanC: number, meanAir: number, nowMs: number): void {
    const detachment = sensor.contact.take(meanC, meanAir, this.#policy.colderK, nowMs);
    if (detachment === sensor.detachment) return;
    sensor.detachment = detachment;
    if (detachment === null) delete sensor.since.detached;
    else sensor.since.detached ??= nowMs;
    this.#hasNews = true;
  }

  #tell(): Finding[] {
    const findings: Finding[] = [];
    for (const [name, sensor] of this.#sensors) {
      const { verdict } = sensor;
      for (const [kind, sinceMs] of Object.entries(sensor.since) as [Kind, number][]) {
        const text = kind === "detached"
          ? detachedText(sensor, this.#policy.colderK)
          : kind === "dust"
          ? dustText(name, verdict)
          : noEffectText(name, verdict);
        const { shelf } = this.#policy;
        findings.push({ kind, severity: "warning", shelf, subject: name, text, sinceMs });
      }
    }
    return findings.length === 0 ? [] : findings;
  }
}

function dustText(name: string, verdict: CoolingVerdict | null): string {
  return `air cools "${name}" at only ${percentOf(verdict?.strength ?? 0)} of what it did (time ` +
    `constant ${seconds(verdict?.ratePerHour ?? 0)} now); see for dust, a blocked inlet, a loose ` +
    "heat sink, a failing pump, or fans that blow elsewhere";
}

function noEffectText(name: string, verdict: CoolingVerdict | null): string {
  const effect = Math.round((verdict?.effect ?? 0) * 100);
  return `more air does not cool "${name}": it cools ${effect} % faster at full air than at a ` +
    "fifth of it; see whether its sensor and its fans belong together, and its mounting";
}

function detachedText({ name, detachment, contact }: Sensor, colderK: number): string {
  const found = detachment === "cold"
    ? `reads more than ${colderK} K below ${formatTempC(contact.leastC ?? 0)}, the coldest so far`
    : "stays where it is while the air comes and goes";
  return `"${name}" ${found}; see whether the sensor has come off, or its device is off`;
}

function percentOf(share: number): string {
  return `${Math.round(share * 100)} %`;
}

function seconds(ratePerHour: number): string {
  return ratePerHour > 0 ? `${Math.round(3600 / ratePerHour)} s` : "unknown";
}

/** Shelves look at what they have seen one after the other. */
function phaseOf(shelf: string): number {
  let sum = 0;
  for (let index = 0; index < shelf.length; index++) sum += shelf.charCodeAt(index) * (index + 1);
  return sum * 1000 % BLOCK_MS;
}
