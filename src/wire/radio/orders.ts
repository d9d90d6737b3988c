/**
 * The downlink: every override that a device's shelves have. What is not among them has none.
 *
 * @module
 */
import { UnencodableError } from "../../errors.ts";
import type { WireValue } from "../value.ts";
import { MOST_RADIO_SHELVES, RADIO_PAYLOAD_BYTES } from "./limits.ts";
import { corruptedPayload, decodePayload, encodePayload, isCount, PayloadKind } from "./payload.ts";

/** An override of one shelf. */
export interface RadioOrder {
  /** Which of the device's shelves, from 0. */
  readonly index: number;
  /** A duty: 0 to 1000. */
  readonly permille: number;
  /** When it ends, in whole seconds since the Unix epoch. */
  readonly expiresS: number;
}

/** All orders of a device, with a number that grows from one downlink to the next. */
export interface RadioOrders {
  /** 1 to 4294967295; a device takes none that is not above the last. */
  readonly seq: number;
  readonly orders: readonly RadioOrder[];
}

const MOST_SECONDS = 0xffff_ffff;

/** @throws {UnencodableError} If there is no such number, shelf, duty or end. */
export function encodeOrders({ seq, orders }: RadioOrders): Uint8Array {
  const items = orders.map(({ index, permille, expiresS }) => [index, permille, expiresS]);
  const isWhole = isCount(seq, MOST_SECONDS) && seq > 0 && areOrders(items);
  const payload = encodePayload([PayloadKind.ORDERS, seq, ...items]);
  if (isWhole && payload.length <= RADIO_PAYLOAD_BYTES) return payload;
  const found = JSON.stringify({ seq, orders });
  throw new UnencodableError(`Cannot order: ${found} found; keep to what docs/lora.md specifies`);
}

/** @throws {CorruptedDataError} If these are no orders. */
export function decodeOrders(bytes: Uint8Array): RadioOrders {
  const [seq, ...items] = decodePayload(bytes, PayloadKind.ORDERS, "orders");
  if (!isCount(seq, MOST_SECONDS) || seq === 0) throw corruptedPayload("orders", "no number found");
  if (!areOrders(items)) throw corruptedPayload("orders", "one is not as it should be");
  return {
    seq,
    orders: items.map(([index, permille, expiresS]) => ({ index, permille, expiresS })),
  };
}

function areOrders(items: WireValue[]): items is [number, number, number][] {
  const indexes = new Set<WireValue>();
  const isOrder = (item: WireValue): boolean => {
    if (!Array.isArray(item) || item.length !== 3) return false;
    const [index, permille, expiresS] = item;
    indexes.add(index ?? null);
    return isCount(index, MOST_RADIO_SHELVES - 1) && isCount(permille, 1000) &&
      isCount(expiresS, MOST_SECONDS);
  };
  return items.every(isOrder) && indexes.size === items.length;
}
