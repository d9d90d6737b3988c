/**
 * What a confirmed message looks like, and the error for one that was not.
 *
 * @module
 */
import { FandTimeoutError } from "../../errors.ts";
import { plain } from "../quoted.ts";

/**
 * With a space before its last bracket. What a server sends can so be told from the same message
 * of a client, when both cross: one is its echo, the other is not.
 */
export function marked(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const result = new Uint8Array(bytes.length + 1);
  result.set(bytes);
  result[bytes.length - 1] = 0x20;
  result[bytes.length] = 0x5d;
  return result;
}

/** Those are not confirmed: whoever sends one does not wait. */
export function isNullMessage(text: string): boolean {
  return /^\s*\[\s*0\s*[,\]]/.test(text);
}

/** Whether whoever receives this sends it back. */
export function isConfirmed(bytes: Uint8Array): boolean {
  return bytes.length > 1 && !isNullMessage(new TextDecoder().decode(bytes.subarray(0, 64)));
}

/** The error for a message that nobody confirmed in time. */
export function unconfirmed(
  name: string,
  uri: string,
  timeoutMs: number,
  others: number,
): FandTimeoutError {
  const found = others === 0 ? "nothing came back" : `${others} other messages came instead`;
  return new FandTimeoutError(
    `Cannot confirm a message to ${plain(name)}: ${found} from ${uri} within ${timeoutMs} ms; ` +
      "check the peer, or allow more time",
  );
}
