/**
 * A board as it is told to whoever asks: plain maps for the wire and for JSON. docs/protocol.md
 * names every field.
 *
 * @module
 */

import type { BoardHello, BoardStatus, ChannelStatus } from "../board/board.ts";
import type { WireMap } from "../wire/value.ts";

/** What a board says of itself once. */
export function helloMap(hello: BoardHello): WireMap {
  return {
    part: hello.part,
    firmware: hello.firmware.join("."),
    protocol: [...hello.protocol],
    boot_id: hello.bootId,
    channels: hello.channels.length,
    ttl_max_ms: hello.ttlMaxMs,
  };
}

/** What a board does, without its channels. */
export function statusMap({ uptimeMs, resetCauses, counters, details }: BoardStatus): WireMap {
  return {
    uptime_ms: uptimeMs,
    reset_causes: [...resetCauses],
    counters: {
      crc: counters.crc,
      cobs: counters.cobs,
      overrun: counters.overrun,
      sequence: counters.sequence,
      ttl_expired: counters.ttlExpired,
      rejected: counters.rejected,
    },
    ...details && {
      config: { ...details.config },
      thermistor: details.thermistor,
      temperature_c: details.temperatureC,
    },
  };
}

/** What one channel does. */
export function channelMap(hello: BoardHello, status: BoardStatus, channel: number): WireMap {
  const { permille, compare, steps, ttlLeftMs, rpm, edges, flags } = status
    .channels[channel] as ChannelStatus;
  const details = status.details?.channels[channel];
  return {
    channel,
    percent: permille / 10,
    compare,
    steps,
    ttl_left_ms: ttlLeftMs,
    tach: hello.channels[channel]?.tach ?? false,
    rpm: rpm === null ? null : Math.round(rpm * 10) / 10,
    edges,
    flags: Object.entries(flags).filter(([, isSet]) => isSet).map(([name]) => name),
    ...details && {
      mode: details.mode,
      state: details.state,
      faults: Object.entries(details.faults).filter(([, isSet]) => isSet).map(([name]) => name),
    },
  };
}
