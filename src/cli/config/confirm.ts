/**
 * `fanctl config confirm` and `take-back`: the end of a trial.
 *
 * @module
 */
import { BadArgumentsError } from "../../errors.ts";
import { readConfigFile } from "../../config/find.ts";
import { Request } from "../../wire/request.ts";
import type { CommandOf } from "../command.ts";
import type { CommandContext } from "../context.ts";
import { ServerSession } from "../session.ts";
import { succeed } from "./files.ts";
import { configOrigin } from "./server_config.ts";

/** Keeps what is on trial, and puts its file in the place of the old one. */
export async function configConfirm(
  _command: CommandOf<"config-confirm">,
  context: CommandContext,
): Promise<void> {
  await using session = await ServerSession.open(context);
  const { source, candidate, trial } = await configOrigin(session);
  if (trial === null || candidate === null) {
    throw new BadArgumentsError(
      "Cannot confirm the configuration: nothing is on trial, or not any more; apply it again",
    );
  }
  // Nothing may take the server's place on the disk that it has not tried.
  const { sha256 } = await readConfigFile(candidate);
  if (sha256 !== trial.sha256) {
    throw new BadArgumentsError(
      `Cannot confirm the configuration: somebody has changed "${candidate}" since it was tried; ` +
        'take it back with "fanctl config take-back" and apply it again',
    );
  }
  await session.ask(Request.CONFIG_CONFIRM, Request.ACK, trial.sha256);
  const previous = await succeed(candidate, source);
  context.print({ ok: true, file: source, previous }, "ok");
  context.note(`"${source}" has it now; what it had before is in "${previous}"`);
}

/** Has the server go back to what it ran on before the trial. */
export async function configTakeBack(
  _command: CommandOf<"config-take-back">,
  context: CommandContext,
): Promise<void> {
  await using session = await ServerSession.open(context);
  await session.ask(Request.CONFIG_TAKE_BACK, Request.ACK);
  context.print({ ok: true }, "ok");
}
