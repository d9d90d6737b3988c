/**
 * What waits to be written to one client.
 *
 * @module
 */

/**
 * Replies in order, and of each shelf's pushes only the newest: a subscriber that does not read
 * gets the state of now when it reads again, never a backlog.
 */
export class Outbox {
  #replies: Uint8Array[] = [];
  #replyBytes = 0;
  readonly #pushes = new Map<string, Uint8Array>();

  /** Bytes of replies that wait; the session stops reading requests above its limit. */
  get replyBytes(): number {
    return this.#replyBytes;
  }

  /** Whether nothing waits. */
  get isEmpty(): boolean {
    return this.#replies.length === 0 && this.#pushes.size === 0;
  }

  /** Appends one reply frame. */
  reply(frame: Uint8Array): void {
    this.#replies.push(frame);
    this.#replyBytes += frame.length;
  }

  /** Puts one push frame in the place of the shelf's older one. */
  push(shelf: string, frame: Uint8Array): void {
    this.#pushes.set(shelf, frame);
  }

  /** Forgets what waits for a shelf that is no longer subscribed to. */
  dropPush(shelf: string): void {
    this.#pushes.delete(shelf);
  }

  /** Everything that waits as one piece, replies before pushes; null when nothing does. */
  take(): Uint8Array | null {
    const frames = this.#replies;
    if (this.#pushes.size > 0) {
      frames.push(...this.#pushes.values());
      this.#pushes.clear();
    }
    this.#replies = [];
    this.#replyBytes = 0;
    return frames.length === 0 ? null : joined(frames);
  }
}

function joined(frames: Uint8Array[]): Uint8Array {
  const [only] = frames;
  if (frames.length === 1 && only !== undefined) return only;
  let length = 0;
  for (const frame of frames) length += frame.length;
  const whole = new Uint8Array(length);
  let offset = 0;
  for (const frame of frames) {
    whole.set(frame, offset);
    offset += frame.length;
  }
  return whole;
}
