/**
 * The lines of a serial port beside its data, by Web Serial's names. The bits are the same on
 * Linux and macOS. Pure.
 *
 * @module
 */

/** The lines that the other side drives. */
export interface SerialInputSignals {
  /** CTS: it takes bytes. */
  readonly clearToSend: boolean;
  /** DCD: it hears its own other side. */
  readonly dataCarrierDetect: boolean;
  /** DSR: it is there. */
  readonly dataSetReady: boolean;
  /** RI: somebody calls. */
  readonly ringIndicator: boolean;
}

/** The lines that this side drives; what is left out stays. */
export interface SerialOutputSignals {
  /** DTR. On an Arduino, going from false to true is a reset. */
  readonly dataTerminalReady?: boolean;
  /** RTS; not while hardware flow control has it. */
  readonly requestToSend?: boolean;
  /** Holds the line at its active level for as long as it is true. */
  readonly break?: boolean;
}

/** What the system calls the lines. */
export const MODEM = { dtr: 0x002, rts: 0x004, cts: 0x020, dcd: 0x040, ri: 0x080, dsr: 0x100 };

/** The bits of the lines that are to have this level; those left out are in neither. */
export function linesAt(level: boolean, signals: SerialOutputSignals): number {
  return (signals.dataTerminalReady === level ? MODEM.dtr : 0) |
    (signals.requestToSend === level ? MODEM.rts : 0);
}

/** What the bits of the lines say. */
export function inputSignals(lines: number): SerialInputSignals {
  return {
    clearToSend: (lines & MODEM.cts) !== 0,
    dataCarrierDetect: (lines & MODEM.dcd) !== 0,
    dataSetReady: (lines & MODEM.dsr) !== 0,
    ringIndicator: (lines & MODEM.ri) !== 0,
  };
}
