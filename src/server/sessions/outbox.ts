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
  /** Null while nothing waits, as it is for most clients. */
  #pushes: Map<string, Uint8Array> | null = null;

  /** Bytes of replies that wait; the session stops reading requests above its limit. */
  get replyBytes(): number {
    return this.#replyBytes;
  }

  /** Whether nothing waits. */
  get isEmpty(): boolean {
    return this.#replies.length === 0 && this.#pushes === null;
  }

  /** Appends one reply frame. */
  reply(frame: Uint8Array): void {
    this.#replies.push(frame);
    this.#replyBytes += frame.length;
  }

  /** Puts one push frame in the place of the shelf's older one. */
  push(shelf: string, frame: Uint8Array): void {
    (this.#pushes ??= new Map()).set(shelf, frame);
  }

  /** Forgets what waits for a shelf that is no longer subscribed to. */
  dropPush(shelf: string): void {
    this.#pushes?.delete(shelf);
    if (this.#pushes?.size === 0) this.#pushes = null;
  }

  /** Everything that waits as one piece, replies before pushes; null when nothing does. */
  take(): Uint8Array | null {
    const frames = this.#replies;
    if (this.#pushes !== null) frames.push(...this.#pushes.values());
    this.#pushes = null;
    this.#replyBytes = 0;
    if (frames.length < 2) return frames.pop() ?? null;
    this.#replies = [];
    return joined(frames);
  }
}

function joined(frames: Uint8Array[]): Uint8Array {
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
