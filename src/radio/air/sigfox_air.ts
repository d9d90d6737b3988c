/**
 * Sigfox without a radio: a device, and what the network has of it.
 *
 * @module
 */
import type { RadioPacket, SigfoxFrame, SigfoxRadio } from "../../sockets/radio/radio.ts";
import { RadioError } from "../../sockets/radio/radio_error.ts";

/** A downlink of Sigfox has always this many bytes. */
export const SIGFOX_DOWNLINK_BYTES = 8;
/** Frames that are kept; the oldest go first. */
const MOST_KEPT_FRAMES = 1000;

/** A radio on a Sigfox network of its own. */
export class SigfoxAir implements SigfoxRadio {
  /** Which sockets use it. */
  readonly kind = "sigfox";
  /** What a frame has room for. */
  readonly mostBytes: 12 | 64;
  /** Whether it is awake. */
  isUp = true;
  /** Who gets the downlinks. */
  onPacket: ((packet: RadioPacket) => void) | null = null;
  /** What was sent last, the newest at the end. */
  readonly frames: SigfoxFrame[] = [];
  /** What the network says to a frame that asks for it: 8 bytes, or null for nothing. */
  answer: (frame: SigfoxFrame) => Uint8Array | null = () => null;

  /** A device of its own. */
  constructor(mostBytes: 12 | 64 = 12) {
    this.mostBytes = mostBytes;
  }

  /** Sends a frame, and waits for its downlink if it asks for one. @throws {RadioError} */
  async send(frame: SigfoxFrame): Promise<void> {
    if (!this.isUp) throw new RadioError("Cannot send: the radio is asleep; wake it", "not_joined");
    this.frames.push(frame);
    if (this.frames.length > MOST_KEPT_FRAMES) this.frames.shift();
    if (!frame.receive) return;
    const bytes = await Promise.resolve(this.answer(frame));
    if (bytes === null) {
      throw new RadioError(
        "Cannot receive: no downlink came in its time; ask again",
        "no_downlink",
      );
    }
    this.onPacket?.({ bytes: bytes.slice(0, SIGFOX_DOWNLINK_BYTES), port: 0 });
  }
}
