/**
 * LoRaWAN without a radio: devices and a gateway in one process, which hear each other as class A
 * devices and a network do.
 *
 * @module
 */
import { type Clock, systemClock } from "../../clock.ts";
import type { LoraRegion } from "../../sockets/radio/lora_regions.ts";
import type { LoraFrame, LoraRadio, RadioPacket } from "../../sockets/radio/radio.ts";
import { RadioError } from "../../sockets/radio/radio_error.ts";
import { uplinkMs } from "../lorawan/airtime.ts";

/** Uplinks that a gateway keeps; the oldest go first. */
export const MOST_KEPT_UPLINKS = 1000;
/** Downlinks that may wait for one device. */
export const MOST_WAITING_DOWNLINKS = 16;

/** What the air is like. */
export interface LoraAirOptions {
  /** Default: that of this machine. */
  readonly clock?: Clock;
  /** Whether a frame is lost on its way; default: none is. */
  readonly isLost?: (direction: "up" | "down") => boolean;
  /** The share of time that a device may send, 0.01 in most of Europe; default: all of it. */
  readonly dutyCycle?: number;
}

/** A frame that the gateway has received. */
export interface AirUplink {
  /** Who sent it. */
  readonly device: string;
  /** The FPort. */
  readonly port: number;
  /** Whether it asked to be confirmed. */
  readonly confirmed: boolean;
  /** As the region numbers them. */
  readonly dataRate: number;
  /** What it says. */
  readonly bytes: Uint8Array;
}

/** The other end: what it has received, and what it has to say. */
export class AirGateway {
  /** What came last, the newest at the end. */
  readonly uplinks: AirUplink[] = [];
  /** Called with each uplink, before its device listens: what is sent then, it still hears. */
  onUplink: ((uplink: AirUplink) => void) | null = null;
  readonly #waiting = new Map<string, RadioPacket[]>();

  /**
   * Sends a downlink to a device, which hears it after its next uplink.
   *
   * @throws {RadioError} If 16 wait for it already.
   */
  send(device: string, port: number, bytes: Uint8Array): void {
    const waiting = this.#waiting.get(device) ?? [];
    if (waiting.length >= MOST_WAITING_DOWNLINKS) {
      const found = `${waiting.length} downlinks wait for "${device}"`;
      throw new RadioError(`Cannot send a downlink: ${found}; wait for its uplinks`, "busy");
    }
    waiting.push({ port, bytes: bytes.slice() });
    this.#waiting.set(device, waiting);
  }

  /** The device's uplink has come; what is for it goes out, one downlink an uplink. */
  hear(uplink: AirUplink): RadioPacket | null {
    this.uplinks.push(uplink);
    if (this.uplinks.length > MOST_KEPT_UPLINKS) this.uplinks.shift();
    this.onUplink?.(uplink);
    return this.#waiting.get(uplink.device)?.shift() ?? null;
  }
}

/** A radio in the air. */
export class AirRadio implements LoraRadio {
  /** Which sockets use it. */
  readonly kind = "lora";
  /** What it is allowed. */
  readonly region: LoraRegion;
  /** Whether it is on the network; a test may take it off. */
  isUp = true;
  /** Who gets the downlinks. */
  onPacket: ((packet: RadioPacket) => void) | null = null;
  readonly #send: (frame: LoraFrame) => RadioPacket | null;

  /** A device whose frames `send` carries; {@linkcode LoraAir.device} makes them. */
  constructor(region: LoraRegion, send: (frame: LoraFrame) => RadioPacket | null) {
    this.region = region;
    this.#send = send;
  }

  /** Sends a frame, and hears what the gateway has for it. @throws {RadioError} */
  async send(frame: LoraFrame): Promise<void> {
    if (!this.isUp) throw new RadioError("Cannot send: the radio has left; join", "not_joined");
    const answer = await Promise.resolve(this.#send(frame));
    if (answer !== null) this.onPacket?.(answer);
  }
}

/** The air between devices and one gateway. */
export class LoraAir {
  /** The network's end. */
  readonly gateway: AirGateway = new AirGateway();
  readonly #clock: Clock;
  readonly #isLost: (direction: "up" | "down") => boolean;
  readonly #dutyCycle: number;

  /** An air of its own. */
  constructor({ clock = systemClock, isLost = () => false, dutyCycle = 1 }: LoraAirOptions = {}) {
    this.#clock = clock;
    this.#isLost = isLost;
    this.#dutyCycle = dutyCycle;
  }

  /** A device on the network. */
  device(name: string, region: LoraRegion = "EU868"): AirRadio {
    let freeMs = -Infinity;
    return new AirRadio(region, (frame) => {
      const nowMs = this.#clock.monotonicMs();
      if (nowMs < freeMs) {
        const waitMs = Math.ceil(freeMs - nowMs);
        const message = `Cannot send: the duty cycle allows none for ${waitMs} ms; wait`;
        throw new RadioError(message, "restricted", { waitMs });
      }
      const airMs = uplinkMs(region, frame.dataRate, frame.bytes.length);
      freeMs = this.#dutyCycle < 1 ? nowMs + airMs / this.#dutyCycle : nowMs;
      return this.#carry({ ...frame, device: name });
    });
  }

  #carry(uplink: AirUplink): RadioPacket | null {
    const { confirmed } = uplink;
    const isHeard = !this.#isLost("up");
    const answer = isHeard ? this.gateway.hear(uplink) : null;
    const isAnswered = confirmed || answer !== null;
    const arrives = isHeard && !(isAnswered && this.#isLost("down"));
    if (confirmed && !arrives) {
      const message = "Cannot tell whether the frame arrived: nobody confirmed it; send it again";
      throw new RadioError(message, "unconfirmed");
    }
    return arrives ? answer : null;
  }
}
