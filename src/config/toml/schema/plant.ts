/**
 * `[plant.NAME]` and `[[plant.NAME.source]]`.
 *
 * @module
 */

import { number, text, v, whole, within } from "../rules.ts";
import { table } from "./table.ts";

const loadPoint = v.custom<[number, number]>(
  (value) =>
    Array.isArray(value) && value.length === 2 && within(value[0], 0, 86_400) &&
    within(value[1], 0, 1),
  "[second from 0 to 86400, load from 0 to 1]",
);
const load = v.union([
  v.custom<number>((value) => within(value, 0, 1)),
  v.pipe(v.array(loadPoint), v.minLength(2)),
], "a load from 0 to 1, or at least two points [second from 0 to 86400, load from 0 to 1]");

/** `[plant.NAME]`. */
export const PLANT = table({
  ambient_c: v.optional(number(-40, 60, "°C"), 24),
  noise_k: v.optional(number(0, 10, "K"), 0.15),
  seed: v.optional(whole(0, 4_294_967_295), 1),
  source: v.optional(v.custom<unknown[]>(Array.isArray, "tables [[plant.NAME.source]]")),
});

/** `[[plant.NAME.source]]`. */
export const PLANT_SOURCE = table({
  name: text,
  load,
  idle_w: number(0, 10_000, "W"),
  full_w: number(0, 10_000, "W"),
  capacity_j_per_k: v.optional(number(0.1, 1e6, "J/K"), 10),
  still_w_per_k: v.optional(number(0.001, 1000, "W/K"), 0.3),
  flow_w_per_k: v.optional(number(0, 1000, "W/K"), 1.2),
});
