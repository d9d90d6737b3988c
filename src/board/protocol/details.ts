/**
 * The details at the end of a status, which protocol 1.1 adds: configuration, thermistor, and for
 * each channel what drives it, what its fan does and what went wrong. Pure.
 *
 * @module
 */
import type { ByteReader } from "./byte_reader.ts";
import type { BoardDetails, ChannelDetails } from "./types.ts";

const MODES = ["duty", "rpm", "curve", "safe"] as const;
const STATES = [
  "unknown",
  "spinning",
  "stopped",
  "starting",
  "stalled",
  "implausible",
  "not fitted",
] as const;
const THERMISTORS = ["unknown", "ok", "open", "short"] as const;
const TEMPERATURE_UNKNOWN = -32_768;

function readChannel(body: ByteReader): ChannelDetails {
  const mode = MODES[body.u8()] ?? "safe";
  const state = STATES[body.u8()] ?? "unknown";
  const faults = body.u8();
  return {
    mode,
    state,
    faults: {
      stalled: (faults & 1) !== 0,
      loopEnded: (faults & 2) !== 0,
      implausible: (faults & 4) !== 0,
    },
  };
}

/** Reads the details of a board with so many channels. */
export function readDetails(body: ByteReader, channels: number): BoardDetails {
  const crc = body.u16();
  const config = body.u8();
  const tenths = body.i16();
  const thermistor = THERMISTORS[body.u8()] ?? "unknown";
  return {
    config: {
      crc,
      stored: (config & 1) !== 0,
      writing: (config & 2) !== 0,
      lost: (config & 4) !== 0,
    },
    thermistor,
    temperatureC: tenths === TEMPERATURE_UNKNOWN ? null : tenths / 10,
    channels: Array.from({ length: channels }, () => readChannel(body)),
    repeated: body.u16(),
  };
}
