/**
 * What the regions of LoRaWAN allow. Pure.
 *
 * @module
 */

/** A band plan, by the name that LoRaWAN's regional parameters give it. */
export type LoraRegion =
  | "AS923"
  | "AU915"
  | "CN470"
  | "EU433"
  | "EU868"
  | "IN865"
  | "KR920"
  | "RU864"
  | "US915";

interface RegionRules {
  /** The data rate of a new socket. */
  readonly dataRate: number;
  readonly mostDataRate: number;
  /** Bytes of a frame at each data rate from 0 on, where no repeater is in the way. */
  readonly frameBytes: readonly number[];
}

/** Data rates that differ in nothing but the spreading factor, from SF12 on. */
const COMMON_BYTES = [51, 51, 51, 115, 242, 242, 242];
const COMMON: RegionRules = { dataRate: 0, mostDataRate: 6, frameBytes: COMMON_BYTES };

const REGIONS: Readonly<Record<LoraRegion, RegionRules>> = {
  AS923: { ...COMMON, dataRate: 5 },
  AU915: { ...COMMON, dataRate: 4 },
  CN470: { ...COMMON, dataRate: 5 },
  EU433: { ...COMMON, dataRate: 5 },
  EU868: { ...COMMON, dataRate: 5 },
  IN865: COMMON,
  KR920: COMMON,
  RU864: COMMON,
  US915: { dataRate: 4, mostDataRate: 4, frameBytes: [11, 53, 125, 242, 242] },
};

/** The names of all regions. */
export const LORA_REGIONS: readonly LoraRegion[] = Object.keys(REGIONS) as LoraRegion[];

/** What a socket sends with until it is told otherwise. */
export function defaultDataRate(region: LoraRegion): number {
  return REGIONS[region].dataRate;
}

/** Whether uplinks of a region have this data rate. */
export function hasDataRate(region: LoraRegion, dataRate: number): boolean {
  return Number.isInteger(dataRate) && dataRate >= 0 && dataRate <= REGIONS[region].mostDataRate;
}

/** How many bytes a frame may have. */
export function mostFrameBytes(region: LoraRegion, dataRate: number): number {
  return REGIONS[region].frameBytes[dataRate] ?? 0;
}
