/**
 * A board that an agent drives, asked through its server.
 *
 * @module
 */
import { Request } from "../../wire/request.ts";
import { isWireMap, type WireMap } from "../../wire/value.ts";
import { type ServerSession, unexpected } from "../session.ts";
import type { BoardAccess } from "./access.ts";

/** A board of a server; owns the session. */
export class RemoteBoard implements BoardAccess {
  readonly name: string;
  readonly session: ServerSession;

  constructor(session: ServerSession, name: string) {
    this.session = session;
    this.name = name;
  }

  /** See {@link BoardAccess}. */
  async do(action: string, args: WireMap = {}): Promise<WireMap> {
    const reply = await this.session.ask(
      Request.BOARD_DO,
      Request.BOARD_DONE,
      this.name,
      action,
      args,
    );
    const [result] = reply;
    if (isWireMap(result)) return result;
    throw unexpected(Request.BOARD_DO, [Request.BOARD_DONE, reply]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.session[Symbol.asyncDispose]();
  }
}
