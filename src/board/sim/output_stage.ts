/**
 * The output stage that the hardware page draws, and how the simulated board sees a PWM pin
 * through it: an open-drain N-FET whose gate is pulled down. Pin high pulls the fan's line low;
 * pin low lets it rise; a pin that is an input leaves the fan alone, which is full speed.
 *
 * A pin that is an input *with* its pull-up on counts as high: against a weak pull-down the gate
 * may open, so no firmware may leave a pin like that.
 *
 * @module
 */
import { avr, type TimerConfig } from "./avr.ts";
import type { Chip } from "./chip.ts";
import type { FanDrive } from "./fan_model.ts";
import type { CompareUnit, OutputPin, Part } from "./parts.ts";

const INVERTED = 3;

/** How a timer counts: to which value, and up only (fast) or up and down. */
interface Counting {
  readonly topCounts: number;
  readonly fast: boolean;
}

/** What the fan's line does by the level of the pin alone; the timer's part is left out. */
export function levelDrive(chip: Chip, output: OutputPin): FanDrive {
  switch (chip.port(output.port).pinState(output.bit)) {
    case avr.PinState.Low:
      return 1000;
    case avr.PinState.Input:
      return "released";
    default:
      return 0;
  }
}

/**
 * What the fan's line does by the registers of port and timer, without running the timer.
 * @param compare the value in the channel's compare register
 */
export function registerDrive(chip: Chip, output: OutputPin, compare: number): FanDrive {
  const data = chip.cpu.data;
  const timer = timerOf(chip.part, output);
  const mode = ((data[timer.TCCRA] ?? 0) >> COM_SHIFT[output.unit]) & 3;
  const counting = countingOf(data, timer);
  if (mode < 2 || counting === null || !isOutput(chip, output)) return levelDrive(chip, output);
  const { topCounts, fast } = counting;
  const matched = Math.min(compare, topCounts);
  const share = fast ? (matched + 1) / (topCounts + 1) : matched / topCounts;
  return 1000 * (mode === INVERTED ? share : 1 - share);
}

/** The timer that can take over a pin. */
export function timerOf(part: Part, output: OutputPin): TimerConfig {
  const timer = part.timers[output.timer];
  if (!timer) throw new RangeError(`${part.name} has no timer ${output.timer}`);
  return timer;
}

/** Where a compare unit's two mode bits are in TCCRnA. */
const COM_SHIFT: Readonly<Record<CompareUnit, number>> = { A: 6, B: 4, C: 2 };

function isOutput(chip: Chip, output: OutputPin): boolean {
  const port = chip.part.ports[output.port];
  return port !== undefined && ((chip.cpu.data[port.DDR] ?? 0) & (1 << output.bit)) !== 0;
}

/** The PWM modes of the data sheet's tables; `null` for the others, and for a stopped timer. */
function countingOf(data: Uint8Array, timer: TimerConfig): Counting | null {
  const control = data[timer.TCCRB] ?? 0;
  if ((control & 7) === 0) return null;
  const low = (data[timer.TCCRA] ?? 0) & 3;
  const word = (address: number) => (data[address] ?? 0) | ((data[address + 1] ?? 0) << 8);
  const mode = timer.bits === 16 ? low | ((control & 0x18) >> 1) : low | ((control & 0x08) >> 1);
  const modes: Readonly<Record<number, Counting>> = timer.bits === 16
    ? {
      8: { topCounts: word(timer.ICR), fast: false },
      10: { topCounts: word(timer.ICR), fast: false },
      14: { topCounts: word(timer.ICR), fast: true },
    }
    : {
      1: { topCounts: 255, fast: false },
      3: { topCounts: 255, fast: true },
      5: { topCounts: data[timer.OCRA] ?? 0, fast: false },
      7: { topCounts: data[timer.OCRA] ?? 0, fast: true },
    };
  const counting = modes[mode];
  return counting && counting.topCounts > 0 ? counting : null;
}
