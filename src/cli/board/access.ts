/**
 * The way to a board: through the server and the agent that owns its line, or by that line.
 *
 * @module
 */
import { isLineSpec, KNOWN_LINES } from "../../board/line_spec.ts";
import { BoardNotFoundError, ConnectionFailedError } from "../../errors.ts";
import { unixPath } from "../../communication/dial.ts";
import { isLoopback } from "../../sockets/address.ts";
import { Request } from "../../wire/request.ts";
import { isWireMap, type WireMap } from "../../wire/value.ts";
import type { CommandContext } from "../context.ts";
import { allPages } from "../pages.ts";
import { ServerSession, unexpected } from "../session.ts";
import { LocalBoard } from "./local_board.ts";
import { RemoteBoard } from "./remote_board.ts";

/** Something to ask a board by; hold it with `await using`. */
export interface BoardAccess extends AsyncDisposable {
  /** Of the board at its server, or its line. */
  readonly name: string;
  /** The server that it is reached through; null when this process owns the line. */
  readonly session: ServerSession | null;
  /**
   * Does an action of docs/protocol.md.
   *
   * @throws {FandError} When it is refused or fails.
   */
  do(action: string, args?: WireMap): Promise<WireMap>;
}

/**
 * Opens the way to a board.
 *
 * @param board Its name at the server, or a line; null for the only board of the server.
 * @throws {BoardNotFoundError} When the server has none of that name, or not exactly one.
 */
export async function openBoard(
  board: string | null,
  context: CommandContext,
): Promise<BoardAccess> {
  if (board === null || !isLineSpec(board)) return await openNamed(board, context);
  const owner = await ownerOf(board, context);
  return owner ?? await LocalBoard.open(board, context);
}

/** What the server knows of every board. */
export async function knownBoards(session: ServerSession): Promise<WireMap[]> {
  const boards: WireMap[] = [];
  for await (const board of allPages(session, Request.BOARDS, [])) {
    if (!isWireMap(board) || typeof board.name !== "string") {
      throw unexpected(Request.BOARDS, [Request.BOARDS, [board]]);
    }
    boards.push(board);
  }
  return boards;
}

async function openNamed(name: string | null, context: CommandContext): Promise<BoardAccess> {
  const session = await ServerSession.open(context);
  try {
    const names = (await knownBoards(session)).map((board) => String(board.name));
    const [only] = names;
    if (name !== null && names.includes(name)) return new RemoteBoard(session, name);
    if (name === null && names.length === 1 && only !== undefined) {
      return new RemoteBoard(session, only);
    }
    const wanted = name === null ? "a board" : `board "${name}"`;
    const known = names.length === 0 ? "no board" : `"${names.join('", "')}"`;
    throw new BoardNotFoundError(
      `Cannot find ${wanted}: the agents of this server have ${known}; ` +
        `name one with --board, or its line: ${KNOWN_LINES}`,
    );
  } catch (error) {
    await session[Symbol.asyncDispose]();
    throw error;
  }
}

/**
 * The board whose agent has this line of this machine; null when nobody has. Agents of other
 * machines have lines that are called the same and are others.
 */
export async function ownerOf(line: string, context: CommandContext): Promise<BoardAccess | null> {
  const { address } = context.options;
  if (unixPath(address) === null && !isLoopback(address)) return null;
  let session: ServerSession;
  try {
    session = await ServerSession.open(context);
  } catch (error) {
    if (error instanceof ConnectionFailedError) return null;
    throw error;
  }
  try {
    const owned = (await knownBoards(session))
      .find((board) => board.line === line && isHere(String(board.peer)));
    if (owned !== undefined) return new RemoteBoard(session, String(owned.name));
    await session[Symbol.asyncDispose]();
    return null;
  } catch (error) {
    await session[Symbol.asyncDispose]();
    throw error;
  }
}

/** Whether the agent that a server calls so is on the machine of the server. */
function isHere(peer: string): boolean {
  return unixPath(peer) !== null || isLoopback(peer.replace(/:\d+$/, ""));
}
