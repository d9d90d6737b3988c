/**
 * A board as it is told to whoever asks: plain maps for the wire and for JSON. docs/protocol.md
 * names every field.
 *
 * @module
 */

import type { ChannelStatus } from "../board/board.ts";
import type { FanBoardHello, FanBoardStatus } from "../board/fan_board.ts";
import type { WireMap } from "../wire/value.ts";

/** What a board says of itself once. */
export function helloMap(hello: FanBoardHello): WireMap {
  return {
    part: hello.part,
    ...hello.firmware && { firmware: hello.firmware.join(".") },
    ...hello.protocol && { protocol: [...hello.protocol] },
    ...hello.device !== undefined && { device: hello.device },
    boot_id: hello.bootId,
    channels: hello.channels.length,
    ttl_max_ms: hello.ttlMaxMs,
  };
}

/** What a board does, without its channels. */
export function statusMap({ uptimeMs, resetCauses, counters, details }: FanBoardStatus): WireMap {
  return {
    uptime_ms: uptimeMs,
    reset_causes: [...resetCauses],
    counters: Object.fromEntries(
      Object.entries(counters).map(([name, count]) => [underscored(name), count]),
    ),
    ...details?.config && { config: { ...details.config } },
    ...details?.thermistor && { thermistor: details.thermistor },
    ...details?.temperatureC !== undefined && { temperature_c: details.temperatureC },
  };
}

/** What one channel does. */
export function channelMap(hello: FanBoardHello, status: FanBoardStatus, channel: number): WireMap {
  const { permille, compare, steps, ttlLeftMs, rpm, edges, flags } = status
    .channels[channel] as ChannelStatus;
  const details = status.details?.channels[channel];
  const { name, tach = false } = hello.channels[channel] ?? {};
  return {
    channel,
    ...name !== undefined && { name },
    percent: permille / 10,
    compare,
    steps,
    ttl_left_ms: ttlLeftMs,
    tach,
    rpm: rpm === null ? null : Math.round(rpm * 10) / 10,
    edges,
    flags: Object.entries(flags).filter(([, isSet]) => isSet).map(([name]) => name),
    ...details && {
      mode: details.mode,
      state: details.state,
      faults: Object.entries(details.faults).filter(([, isSet]) => isSet).map(([name]) => name),
      ...details.problem !== undefined && { problem: details.problem },
    },
  };
}

/** `ttlExpired` as it is on the wire: `ttl_expired`. */
function underscored(name: string): string {
  return name.replace(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`);
}
