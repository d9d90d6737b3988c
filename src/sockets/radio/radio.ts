/**
 * What a radio is to the sockets of its family: the interface that drivers implement.
 *
 * @module
 */
import type { LoraRegion } from "./lora_regions.ts";

/** An uplink over LoRaWAN. */
export interface LoraFrame {
  /** The FPort, 0 to 224. */
  readonly port: number;
  /** Whether the network is asked to say that it has the frame. */
  readonly confirmed: boolean;
  /** As the region numbers them. */
  readonly dataRate: number;
  /** At least one, and as many as the data rate has room for. */
  readonly bytes: Uint8Array;
}

/** An uplink over Sigfox. */
export interface SigfoxFrame {
  /** 1 to 12 bytes, a single bit, or the network's own keep-alive. */
  readonly content: { bytes: Uint8Array } | { bit: 0 | 1 } | "out_of_band";
  /** Whether to ask for a downlink. */
  readonly receive: boolean;
  /** How often to repeat it, 0 to 2. */
  readonly repeat: number;
}

/** A downlink. */
export interface RadioPacket {
  /** At least one. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The FPort over LoRaWAN; 0 over Sigfox. */
  readonly port: number;
}

/** What radios of both kinds do. */
export interface RadioBase<Frame> {
  /** Whether it is awake and on its network, so that it may send. */
  readonly isUp: boolean;
  /**
   * Sends one frame, and resolves when that is over, the windows for downlinks included. It is
   * never called again before.
   *
   * @throws {RadioError}
   */
  send(frame: Frame): Promise<void>;
  /** Who gets the downlinks; set by {@linkcode attachRadio}. */
  onPacket: ((packet: RadioPacket) => void) | null;
}

/** A radio on a LoRaWAN network. */
export interface LoraRadio extends RadioBase<LoraFrame> {
  /** Which sockets use it. */
  readonly kind: "lora";
  /** What it is allowed. */
  readonly region: LoraRegion;
}

/** A radio on a Sigfox network. */
export interface SigfoxRadio extends RadioBase<SigfoxFrame> {
  /** Which sockets use it. */
  readonly kind: "sigfox";
  /** What a frame has room for: 12 bytes, or 64 where the module sends plain FSK. */
  readonly mostBytes: 12 | 64;
}

/** A radio of either kind. */
export type Radio = LoraRadio | SigfoxRadio;
