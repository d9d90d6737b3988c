/**
 * A board's configuration as keys and values for whoever asks: plain maps for the wire and for
 * JSON. docs/protocol.md names every key. Pure.
 *
 * @module
 */

import type { BoardConfiguration, ChannelConfiguration } from "../board/board.ts";
import { BadArgumentsError } from "../errors.ts";
import type { WireMap, WireValue } from "../wire/value.ts";

/** A channel's key: `0.safe_percent`. */
const CHANNEL_KEY = /^(\d{1,2})\.(.+)$/;

/** The configuration with its keys as people write them. */
export function settingsMap(config: BoardConfiguration): WireMap {
  return {
    name: config.name,
    stage: config.stage,
    thermistor_beta_k: config.thermistorBetaK,
    curve: config.curve.map(({ celsius, permille }) => [celsius, permille / 10]),
    channels: config.channels.map(channelSettings),
  };
}

function channelSettings(channel: ChannelConfiguration): WireMap {
  return {
    curve_when_silent: channel.curveWhenSilent,
    tach: channel.tach,
    pulses: channel.pulsesPerRevolution,
    safe_percent: channel.safePermille / 10,
    min_percent: channel.minPermille / 10,
    start_percent: channel.startPermille / 10,
    kick_ms: channel.kickMs,
    pause_ms: channel.pauseMs,
    max_rpm: channel.maxRpm,
  };
}

/**
 * The configuration with one value changed.
 *
 * @param key `name`, or for a channel `0.safe_percent`.
 * @throws {BadArgumentsError} For a key that there is not, or a value of another kind. What is out
 * of range is refused where it is encoded.
 */
export function withSetting(
  config: BoardConfiguration,
  key: string,
  value: WireValue,
): BoardConfiguration {
  const [, channelText, channelKey] = CHANNEL_KEY.exec(key) ?? [];
  if (channelKey === undefined) return withBoardSetting(config, key, value);
  const index = Number(channelText);
  const channel = config.channels[index];
  if (channel === undefined) throw unknownKey(key, `0 to ${config.channels.length - 1}`);
  const settings = changed(channelSettings(channel), channelKey, key, value);
  return { ...config, channels: config.channels.with(index, channelOf(settings)) };
}

function withBoardSetting(
  config: BoardConfiguration,
  key: string,
  value: WireValue,
): BoardConfiguration {
  const { channels: _, ...settings } = settingsMap(config);
  const { name, stage, thermistor_beta_k, curve } = changed(settings, key, key, value);
  if (stage !== "open-drain" && stage !== "direct") {
    throw wrongValue(key, '"open-drain" or "direct"');
  }
  return {
    ...config,
    name: String(name),
    stage,
    thermistorBetaK: Number(thermistor_beta_k),
    curve: pointsOf(curve, key),
  };
}

/** A copy of the map with another value of the same kind. */
function changed(settings: WireMap, name: string, key: string, value: WireValue): WireMap {
  if (!Object.hasOwn(settings, name)) throw unknownKey(key, Object.keys(settings).join(", "));
  const before = settings[name] ?? null;
  // Only the greatest speed may be unknown, and is a number otherwise.
  const kind = name === "max_rpm" ? "number" : typeof before;
  const isAllowed = typeof value === kind && Array.isArray(value) === Array.isArray(before) ||
    (name === "max_rpm" && value === null);
  if (!isAllowed) throw wrongValue(key, Array.isArray(before) ? "an array of points" : `a ${kind}`);
  return { ...settings, [name]: value };
}

function channelOf(settings: WireMap): ChannelConfiguration {
  const permille = (value: WireValue | undefined) => Math.round(Number(value) * 10);
  return {
    curveWhenSilent: settings.curve_when_silent === true,
    tach: settings.tach === true,
    pulsesPerRevolution: Number(settings.pulses),
    safePermille: permille(settings.safe_percent),
    minPermille: permille(settings.min_percent),
    startPermille: permille(settings.start_percent),
    kickMs: Number(settings.kick_ms),
    pauseMs: Number(settings.pause_ms),
    maxRpm: typeof settings.max_rpm === "number" ? settings.max_rpm : null,
  };
}

function pointsOf(curve: WireValue | undefined, key: string): BoardConfiguration["curve"] {
  return (Array.isArray(curve) ? curve : []).map((point) => {
    const [celsius, percent] = Array.isArray(point) ? point : [];
    if (typeof celsius === "number" && typeof percent === "number") {
      return { celsius, permille: Math.round(percent * 10) };
    }
    throw wrongValue(key, "points as [30, 25]");
  });
}

function unknownKey(key: string, known: string): BadArgumentsError {
  return new BadArgumentsError(
    `Cannot configure the board: "${key.slice(0, 64)}" is no key of it; there is ${known}`,
  );
}

function wrongValue(key: string, wanted: string): BadArgumentsError {
  return new BadArgumentsError(
    `Cannot configure the board: the value of "${key}" is of another kind; give ${wanted}`,
  );
}
