/**
 * Words about rigs, read into values; each throws a UsageError that says what to write.
 *
 * @module
 */
import { UsageError } from "../../errors.ts";
import { ExpMessage } from "../../rig/exp_message.ts";
import { formatUri, parseUri } from "../../rig/uri.ts";

/** The name of one message, in any case. */
export function parseEvent(text: string): number {
  return refuse(() => ExpMessage.validate(text, false));
}

/** Where a rig is: a URI, a host, or a host and a port. */
export function parseRigUri(text: string): string {
  return refuse(() => formatUri(parseUri(text)));
}

function refuse<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new UsageError(cause.message, { cause });
  }
}
