/**
 * A board's configuration through its driver: read it, put another in force, store it.
 *
 * @module
 */
import { BoardError } from "../errors.ts";
import type { Board } from "./board.ts";
import {
  ConfigCommandType,
  decodeConfig,
  encodeConfig,
  encodeConfigGet,
  encodeConfigSave,
  encodeConfigSet,
} from "./protocol/config.ts";
import { Capability } from "./protocol/messages.ts";
import type { BoardConfiguration, BoardStatus, Reply } from "./protocol/types.ts";

/**
 * What the board's operator declared, as it is in force.
 * @throws BoardError when the board does not answer, or has no configuration: protocol 1.0
 */
export async function readBoardConfig(board: Board): Promise<BoardConfiguration> {
  needConfig(board);
  const blocks: Uint8Array[] = [];
  for (let count = 1; blocks.length < count;) {
    const encode = (seq: number): Uint8Array => encodeConfigGet(seq, blocks.length);
    const reply = await board.command(ConfigCommandType.GET, encode);
    if (reply.kind !== "config" || reply.block !== blocks.length) throw unexpected(reply);
    blocks.push(reply.bytes);
    count = reply.blocks;
  }
  return decodeConfig(blocks);
}

/**
 * Puts a configuration in force until the board is reset. Another output stage sends every channel
 * to failsafe: set them anew.
 * @throws BoardError as {@link readBoardConfig}, and when a value is out of range, before anything
 * is sent; when the line fails in between, a part of the configuration is in force
 */
export async function applyBoardConfig(
  board: Board,
  config: BoardConfiguration,
): Promise<BoardStatus> {
  needConfig(board);
  const channels = board.hello.channels.length;
  if (config.channels.length !== channels) {
    throw new BoardError(
      `Cannot configure the board: ${config.channels.length} channels are given and it has ` +
        `${channels}; give one for each`,
    );
  }
  const blocks = encodeConfig(config);
  let status = await board.status();
  for (const [index, bytes] of blocks.entries()) {
    status = statusOf(
      await board.command(
        ConfigCommandType.SET,
        (seq, { bootId }) => encodeConfigSet(seq, bootId, index, bytes),
      ),
    );
  }
  return status;
}

/**
 * Stores the configuration in force, so that it outlives a reset. It is written, within a second,
 * once the details of a status say `stored`.
 * @param crc as the details told it, so that nothing else is stored
 * @throws BoardError as {@link readBoardConfig}, and when another configuration is in force by now
 */
export async function saveBoardConfig(board: Board, crc: number): Promise<BoardStatus> {
  needConfig(board);
  return statusOf(
    await board.command(
      ConfigCommandType.SAVE,
      (seq, { bootId }) => encodeConfigSave(seq, bootId, crc),
    ),
  );
}

function needConfig(board: Board): void {
  if (board.hello.capabilities & Capability.CONFIG) return;
  throw new BoardError(
    "Cannot use the board's configuration: its firmware has none; flash the current firmware",
  );
}

function statusOf(reply: Reply): BoardStatus {
  if (reply.kind !== "status") throw unexpected(reply);
  return reply.status;
}

function unexpected(reply: Reply): BoardError {
  return new BoardError(
    `Cannot configure the board: it answers with a ${reply.kind}; flash its firmware again`,
  );
}
