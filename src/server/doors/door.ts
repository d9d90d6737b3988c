/**
 * Ways into the server: where clients arrive, and what is known of one that has just arrived.
 *
 * @module
 */

/** What a session needs of a connection, whatever carries it. A `Deno.Conn` is one. */
export interface Line {
  /** Bytes read into `buffer`, or null at the end of what the client sends. */
  read(buffer: Uint8Array): Promise<number | null>;
  /** Bytes that were taken; may be less than all. */
  write(bytes: Uint8Array): Promise<number>;
  /** Ends what is sent; reading goes on. */
  closeWrite(): Promise<void>;
  /** Ends both ways at once. */
  close(): void;
}

/** What the way that a client came proves of it, before it has said a word. */
export interface Origin {
  readonly way: "tcp" | "tls" | "unix";
  /** Host and port, or what else names the client in a log. */
  readonly peer: string;
  /** The address without a port, by which connections are counted; one for all of a unix socket. */
  readonly host: string;
  /** Whether the client is on this machine. */
  readonly isLocal: boolean;
  /** The name in the certificate that the client has proved to be its own. */
  readonly certificate: string | null;
}

/** A client at the door. */
export interface Arrival {
  readonly line: Line;
  readonly origin: Origin;
}

/** A listener of one kind. */
export interface Door {
  /** Where clients find it: `127.0.0.1:9999`, `unix:/run/fand/fand.sock`. */
  readonly place: string;
  /** What was counted at this door alone, by its name in `counters`. */
  told?(): Record<string, number>;
  /** The next client, ready to be read from; rejects once the door is closed. */
  accept(): Promise<Arrival>;
  /** Lets nobody in any more; who is in stays. */
  close(): void;
}
