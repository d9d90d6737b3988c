/**
 * What the network servers of LoRaWAN say and take: the JSON of ChirpStack 4 and of The Things
 * Stack 3. Pure.
 *
 * @module
 */

/** An uplink of one device. */
export interface NetworkUplink {
  /** Its DevEUI in capitals. */
  readonly device: string;
  readonly port: number;
  readonly payload: Uint8Array;
  /** When the network received it, in ms since the Unix epoch; null when it does not tell. */
  readonly receivedMs: number | null;
  /** Whose message this is. */
  readonly network: "chirpstack" | "things";
}

/** The uplink that a message is about; null for a message of another kind. */
export function readUplink(message: unknown): NetworkUplink | null {
  const info = field(message, "deviceInfo");
  const uplink = field(message, "uplink_message");
  return uplink === undefined
    ? uplinkOf("chirpstack", {
      eui: field(info, "devEui"),
      port: field(message, "fPort"),
      data: field(message, "data"),
      time: field(message, "time"),
    })
    : uplinkOf("things", {
      eui: field(field(message, "end_device_ids"), "dev_eui"),
      port: field(uplink, "f_port"),
      data: field(uplink, "frm_payload"),
      time: field(message, "received_at"),
    });
}

/** The message that makes the network send a downlink to a device, in the place of older ones. */
export function downlinkMessage(
  { device, network }: Pick<NetworkUplink, "device" | "network">,
  port: number,
  payload: Uint8Array,
): Record<string, unknown> {
  const data = payload.toBase64();
  if (network === "things") {
    return { downlinks: [{ f_port: port, frm_payload: data, priority: "NORMAL" }] };
  }
  return { devEui: device.toLowerCase(), confirmed: false, fPort: port, data };
}

function uplinkOf(
  network: NetworkUplink["network"],
  { eui, port, data, time }: Record<"eui" | "port" | "data" | "time", unknown>,
): NetworkUplink | null {
  if (typeof eui !== "string" || !/^[0-9A-Fa-f]{16}$/.test(eui)) return null;
  if (typeof port !== "number" || typeof data !== "string") return null;
  const payload = bytesOf(data);
  const ms = typeof time === "string" ? Date.parse(time) : NaN;
  const receivedMs = Number.isNaN(ms) ? null : ms;
  return payload === null
    ? null
    : { device: eui.toUpperCase(), port, payload, receivedMs, network };
}

function bytesOf(base64: string): Uint8Array | null {
  try {
    return Uint8Array.fromBase64(base64);
  } catch {
    return null;
  }
}

function field(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Record<string, unknown>)[name];
}
