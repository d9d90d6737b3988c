/**
 * `fanctl config apply`: a new configuration in two steps. The first puts it on trial, and the
 * server takes it back by itself unless the second, `fanctl config confirm`, comes in time.
 *
 * @module
 */
import { BadArgumentsError, ConfigError } from "../../errors.ts";
import { readConfigFile } from "../../config/find.ts";
import { compare, flatten } from "../../config/flat.ts";
import { Request } from "../../wire/request.ts";
import type { WireValue } from "../../wire/value.ts";
import type { CommandOf } from "../command.ts";
import type { CommandContext } from "../context.ts";
import { ServerSession, unexpected } from "../session.ts";
import { tableLines } from "../table.ts";
import { changeEntries, changeLines } from "./changes.ts";
import { replaceFile } from "./files.ts";
import { configOrigin, serverSettings } from "./server_config.ts";

/** Checks the file, shows what it would change, and unless it is a dry run puts it on trial. */
export async function configApply(
  { file, confirmMs, dryRun }: CommandOf<"config-apply">,
  context: CommandContext,
): Promise<void> {
  const { config, text, sha256 } = await readConfigFile(file);
  await using session = await ServerSession.open(context);
  const { candidate, source, trial } = await configOrigin(session);
  if (candidate === null) {
    throw new ConfigError(
      `Cannot apply "${file}": the server runs on the ${source}, which is no file; ` +
        "start it with -c FILE first",
      [],
    );
  }
  // What is on trial stands in the candidate until it is confirmed.
  if (trial !== null) {
    throw new BadArgumentsError(
      `Cannot apply "${file}": another configuration is on trial; ` +
        'first "fanctl config confirm" or "fanctl config take-back" it',
    );
  }
  const changes = compare(await serverSettings(session), flatten(config));
  await replaceFile(candidate, text);
  const time = dryRun ? 0 : confirmMs;
  const reply = await session.ask(Request.CONFIG_TRY, Request.CONFIG_TRY, sha256, time);
  const duties = dutiesOf(reply);
  if (dryRun) await Deno.remove(candidate);
  context.print(
    { changes: changeEntries(changes), duties, on_trial: !dryRun },
    [changeLines(changes), ...dutyLines(duties)].join("\n"),
  );
  if (dryRun) return;
  context.note(
    `on trial for ${confirmMs / 1000} s; keep it with "fanctl config confirm", ` +
      'take it back with "fanctl config take-back"',
  );
}

/** `[shelf, percent now, percent then]` of each shelf whose duty would change at once. */
function dutiesOf(reply: WireValue[]): WireValue[] {
  const [duties] = reply;
  if (Array.isArray(duties)) return duties;
  throw unexpected(Request.CONFIG_TRY, [Request.CONFIG_TRY, reply]);
}

function dutyLines(duties: readonly WireValue[]): string[] {
  if (duties.length === 0) return ["", "no duty changes at once"];
  const rows = duties.map((entry) => (Array.isArray(entry) ? entry : []).map(String));
  return ["", ...tableLines([["SHELF", "NOW %", "THEN %"], ...rows])];
}
