/**
 * A radio that is attached: what the sockets of its family share.
 *
 * @module
 */
import { PacketInbox } from "./packet_inbox.ts";
import type { Radio } from "./radio.ts";

/** Frames that may wait to be sent; a socket is refused beyond. */
export const MOST_WAITING_FRAMES = 7;

/** One radio, its downlinks, and the frames that wait to be sent with it. */
export class Station<R extends Radio> {
  readonly radio: R;
  readonly inbox: PacketInbox = new PacketInbox();
  #isAttached = true;
  #waiting = 0;
  #last: Promise<void> = Promise.resolve();

  constructor(radio: R) {
    this.radio = radio;
    radio.onPacket = (packet) => this.inbox.put(packet);
  }

  /** Whether frames can be sent now. */
  get isUp(): boolean {
    return this.#isAttached && this.radio.isUp;
  }

  /** Whether another frame may wait. */
  get hasRoom(): boolean {
    return this.#waiting < MOST_WAITING_FRAMES;
  }

  /** Sends a frame after those that wait; there has to be room for it. */
  send(send: (radio: R) => Promise<void>): Promise<void> {
    this.#waiting++;
    const sent = this.#last.then(() => send(this.radio)).finally(() => this.#waiting--);
    this.#last = sent.catch(() => {});
    return sent;
  }

  /** The radio is no longer ours. */
  detach(): void {
    this.#isAttached = false;
    this.radio.onPacket = null;
  }
}
