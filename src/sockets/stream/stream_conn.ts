/**
 * A connection as streams use it, whatever of the runtime carries it.
 *
 * @module
 */
import type { ByteSink } from "../write_queue.ts";
import type { InboxSource } from "./inbox.ts";

/** What a `Deno.Conn` has, and what others of the runtime can do beside. */
export interface StreamConn extends InboxSource, ByteSink {
  readonly localAddr: Deno.Addr;
  readonly remoteAddr: Deno.Addr;
  closeWrite(): Promise<void>;
  close(): void;
  setNoDelay?(isOn: boolean): void;
  setKeepAlive?(isOn: boolean): void;
  /** Ends it with a reset: what waits on its way is lost, and the peer is told of an error. */
  reset?(): void;
}
