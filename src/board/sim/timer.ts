/**
 * The simulator's timer, woken only when something happens: it counts by itself at every tick of
 * its prescaler, up to 16 million times a second, and almost none of these changes anything. A
 * count of many ticks at once ends where each of them would.
 *
 * @module
 */
import { avr, type Cpu, type TimerConfig } from "./avr.ts";

/** The parts of the simulator's timer that its types hide. */
interface TimerInternals {
  count: (reschedule?: boolean, external?: boolean) => void;
  timerUpdated(value: number, before: number): void;
  readonly timerMode: number;
  readonly divider: number;
  readonly updateDivider: boolean;
  readonly lastCycle: number;
  readonly tcnt: number;
  readonly countingUp: boolean;
  readonly ocrA: number;
  readonly ocrB: number;
  readonly ocrC: number;
  readonly TOP: number;
}

const PHASE_CORRECT = 1;
const FAST_PWM = 3;
const PHASE_AND_FREQUENCY_CORRECT = 4;

/** Adds a timer to a core. */
export function addTimer(cpu: Cpu, config: TimerConfig): void {
  const timer = new avr.AVRTimer(cpu, config) as unknown as TimerInternals;
  matchLate(timer);
  const step = timer.count;
  timer.count = (reschedule = true, external = false) => {
    const restarts = timer.updateDivider;
    step(false, external);
    if (restarts || !reschedule || timer.divider === 0) return;
    const dueCycle = timer.lastCycle + ticksToNext(timer) * timer.divider;
    cpu.addClockEvent(timer.count, dueCycle - cpu.cycles);
  };
  const { OCRA, OCRB, OCRC, ICR, TCCRA } = config;
  for (const address of [OCRA, OCRB, OCRC, ICR, TCCRA]) {
    if (address === 0) continue;
    const inner = cpu.writeHooks[address];
    cpu.writeHooks[address] = (value, before, at, mask) => {
      const done = inner?.(value, before, at, mask);
      cpu.updateClockEvent(timer.count, 1);
      return done;
    };
  }
}

/**
 * Ticks until the counter turns, wraps or meets a compare value; at least 1, and never a whole
 * round, which the simulator would take for no tick at all.
 */
function ticksToNext(timer: TimerInternals): number {
  const { tcnt, TOP, ocrA, ocrB, ocrC, timerMode } = timer;
  if (TOP === 0 || tcnt > TOP) return 1;
  const phased = timerMode === PHASE_CORRECT || timerMode === PHASE_AND_FREQUENCY_CORRECT;
  const down = phased && !timer.countingUp;
  let ticks = down ? tcnt : phased || tcnt === 0 ? TOP - tcnt : TOP + 1 - tcnt;
  for (const compare of [ocrA, ocrB, ocrC]) {
    const distance = down ? tcnt - compare : compare - tcnt;
    if (distance > 0) ticks = Math.min(ticks, distance);
    if (timerMode === FAST_PWM && distance >= 0) ticks = Math.min(ticks, distance + 1);
  }
  return Math.max(1, ticks);
}

/**
 * Lets fast PWM change its pins one count after the match, as silicon does: a compare value of 0
 * gives a pulse of one count. The simulator is one count early.
 */
function matchLate(timer: TimerInternals): void {
  const atMatch = timer.timerUpdated.bind(timer);
  timer.timerUpdated = (value, before) => {
    if (timer.timerMode !== FAST_PWM) atMatch(value, before);
    else if (value > 0) atMatch(value - 1, before - 1);
  };
}
