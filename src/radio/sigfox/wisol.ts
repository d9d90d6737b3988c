/**
 * What a Sigfox modem with the commands of Wisol's modules says, such as the SFM10R1. Pure.
 *
 * @module
 */
import type { SigfoxFrame } from "../../sockets/radio/radio.ts";
import { RadioError } from "../../sockets/radio/radio_error.ts";
import type { Dialect } from "../at/at_modem.ts";

/** How these modules speak. */
export const WISOL: Dialect = {
  end: "\r",
  isEvent: (line) => /^RX ?=/.test(line),
  isStatus: (line) => line === "OK" || /^(ERR|ATCMD_NOT_SUPPORTED)/.test(line),
};

/** The command that sends a frame; its repetitions are a setting of their own. */
export function sendCommand({ content, receive }: SigfoxFrame): string {
  const asking = receive ? ",1" : "";
  if (content === "out_of_band") return "AT$SO";
  if ("bit" in content) return `AT$SB=${content.bit}${asking}`;
  return `AT$SF=${content.bytes.toHex().toUpperCase()}${asking}`;
}

/** The eight bytes of a downlink, `RX=01 23 45 67 89 AB CD EF`; null for anything else. */
export function readDownlink(line: string): Uint8Array<ArrayBuffer> | null {
  const [, hex] = line.match(/^RX ?=((?: ?[0-9A-Fa-f]{2}){8})$/) ?? [];
  return hex === undefined ? null : Uint8Array.fromHex(hex.replaceAll(" ", ""));
}

/**
 * Whether the modem may send at once, from its answer `X,Y` to `AT$GI?`; where it must not, a new
 * channel has to be chosen first, which the rules of America want. Null for another answer.
 */
export function readChannel(answer: string): boolean | null {
  const [, channel, left] = answer.match(/^(\d{1,3}),(\d{1,3})$/) ?? [];
  if (channel === undefined || left === undefined) return null;
  return Number(channel) !== 0 && Number(left) >= 3;
}

/** The error that a status stands for. */
export function statusFailure(command: string, status: string): RadioError {
  if (status === "ERR_SFX_ERR_SEND_FRAME_WAIT_TIMEOUT") {
    return new RadioError(
      `Cannot receive after "${command}": no downlink came in its time; ask again`,
      "no_downlink",
    );
  }
  const message = `Cannot do "${command}": "${status}" found; check the module and its zone`;
  return new RadioError(message, "refused");
}
