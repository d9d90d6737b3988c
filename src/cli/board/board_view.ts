/**
 * What a board tells, read from its maps for the eyes of a person: every text is safe to print, and
 * what a board leaves out is unknown.
 *
 * @module
 */
import { isWireMap, type WireMap, type WireValue } from "../../wire/value.ts";
import { printable } from "../text.ts";

/** One channel. */
export interface ChannelView {
  channel: number;
  /** What the board's maker calls it, as `pwm2`, or empty. */
  name: string;
  /** Empty when no shelf has it. */
  shelf: string;
  /** What its timer makes. */
  percent: number | null;
  /** `96/320`, or `-`. */
  register: string;
  ttlLeftMs: number | null;
  /** Whether it has a tachometer. */
  tach: boolean;
  rpm: number | null;
  flags: string[];
  /** What the board says of its fan, or empty. */
  state: string;
  hold: { percent: number | null; rpm: number | null; leftMs: number | null } | null;
  /** Why it gets another duty than was asked for, or empty. */
  limit: string;
  /** Why it cannot be driven, or empty. */
  problem: string;
}

/** A whole board. */
export interface BoardView {
  name: string;
  line: string;
  part: string;
  /** Where the kernel has it; empty for a board that runs firmware. */
  device: string;
  firmware: string;
  protocol: string;
  bootId: number | null;
  uptimeMs: number | null;
  resetCauses: string[];
  /** Those counters that are not 0, as `crc 3`. */
  faults: string[];
  shelves: string[];
  channels: ChannelView[];
}

/** Reads the answer to `info`. */
export function boardView(map: WireMap): BoardView {
  const counters = isWireMap(map.counters) ? Object.entries(map.counters) : [];
  return {
    name: textOf(map.name),
    line: textOf(map.line),
    part: textOf(map.part),
    device: textOf(map.device),
    firmware: textOf(map.firmware),
    protocol: listOf(map.protocol).map(String).join("."),
    bootId: numberOf(map.boot_id),
    uptimeMs: numberOf(map.uptime_ms),
    resetCauses: listOf(map.reset_causes).map(textOf),
    faults: counters.filter(([, count]) => count !== 0)
      .map(([name, count]) => printable(`${name} ${count}`)),
    shelves: listOf(map.shelves).map(textOf),
    channels: listOf(map.channels).filter(isWireMap).map(channelView),
  };
}

/** Reads a channel's map. */
export function channelView(map: WireMap): ChannelView {
  const { compare, steps, hold } = map;
  return {
    channel: numberOf(map.channel) ?? 0,
    name: textOf(map.name),
    shelf: textOf(map.shelf),
    percent: numberOf(map.percent),
    register: typeof compare === "number" ? `${compare}/${steps}` : "-",
    ttlLeftMs: numberOf(map.ttl_left_ms),
    tach: map.tach === true,
    rpm: numberOf(map.rpm),
    flags: [
      ...listOf(map.flags).map(textOf),
      // Nobody has asked for it: it is whose it was.
      ...map.mode === "original" ? ["not driven"] : [],
    ],
    state: textOf(map.state),
    hold: isWireMap(hold)
      ? { percent: numberOf(hold.percent), rpm: numberOf(hold.rpm), leftMs: numberOf(hold.left_ms) }
      : null,
    limit: textOf(map.limit),
    problem: textOf(map.problem),
  };
}

/** A number, or null. */
export function numberOf(value: WireValue | undefined): number | null {
  return typeof value === "number" ? value : null;
}

/** A text that is safe to print; empty for anything else. */
export function textOf(value: WireValue | undefined): string {
  return typeof value === "string" ? printable(value) : "";
}

/** An array; empty for anything else. */
export function listOf(value: WireValue | undefined): WireValue[] {
  return Array.isArray(value) ? value : [];
}
