/**
 * fanctl: reads its command line, does what it says, and tells how that went.
 *
 * @module
 */
import { ConfigError, FandError, UsageError } from "../errors.ts";
import type { Command } from "./command.ts";
import { readCommandLine } from "./command_line.ts";
import { type CommandContext, commandContext } from "./context.ts";
import type { CliIo } from "./io.ts";
import { printable, toJson } from "./text.ts";

/** What fanctl's process ends with. */
export const ExitStatus = {
  DONE: 0,
  FAILED: 1,
  USAGE: 2,
  /** Ended by Ctrl-C before it was done, as shells number that. */
  INTERRUPTED: 130,
} as const;

const DEFAULT_COLUMNS = 80;

/**
 * Runs one command of fanctl.
 *
 * @param args The words after the program's name.
 * @returns The exit status: 0 done, 1 failed, 2 wrong usage.
 */
export async function runFanctl(args: readonly string[], io: CliIo): Promise<number> {
  const columns = io.terminal()?.columns ?? DEFAULT_COLUMNS;
  const isCompleting = args[0] === "completion" && args.length > 2;
  const surroundings = {
    localZone: io.localZone,
    shelves: isCompleting
      ? await (await import("./completion.ts")).shelvesToOffer(args.slice(2), io)
      : [],
  };
  const outcome = readCommandLine(args, surroundings, columns);
  if (outcome.kind === "text") {
    io.stdout(outcome.text);
    return ExitStatus.DONE;
  }
  if (outcome.kind === "wrong") {
    io.stderr(`fanctl: ${printable(outcome.problem)}\n`);
    return ExitStatus.USAGE;
  }
  const { command, options } = outcome.line;
  const context = commandContext(options, io);
  try {
    return await dispatch(command, context) ?? ExitStatus.DONE;
  } catch (error) {
    return report(error, context);
  }
}

/** Loads only the module of the command: a short command starts fast. */
async function dispatch(command: Command, context: CommandContext): Promise<number | void> {
  switch (command.action) {
    case "ping":
      return await (await import("./ping.ts")).ping(command, context);
    case "list":
      return await (await import("./list.ts")).list(command, context);
    case "get-pwm":
      return await (await import("./get_pwm.ts")).getPwm(command, context);
    case "get-rpm":
      return await (await import("./get_rpm.ts")).getRpm(command, context);
    case "set-pwm-override":
      return await (await import("./set_pwm_override.ts")).setPwmOverride(command, context);
    case "set-pwm-expire-in":
      return await (await import("./set_pwm_expire.ts")).setPwmExpireIn(command, context);
    case "set-pwm-expire-on":
      return await (await import("./set_pwm_expire.ts")).setPwmExpireOn(command, context);
    case "raw":
      return await (await import("./raw.ts")).raw(command, context);
    case "status":
      return await (await import("./status.ts")).status(command, context);
    case "history":
      return await (await import("./history.ts")).history(command, context);
    case "replay":
      return await (await import("./replay.ts")).replay(command, context);
    case "watch":
      return await (await import("./watch.ts")).watch(command, context);
    case "agent":
      return await (await import("./agent.ts")).agent(command, context);
    case "profile-list":
      return await (await import("./profile.ts")).profileList(command, context);
    case "profile-set":
      return await (await import("./profile.ts")).profileSet(command, context);
    case "profile-clear":
      return await (await import("./profile.ts")).profileClear(command, context);
    case "alert-list":
      return await (await import("./alerts.ts")).alertList(command, context);
    case "alert-acknowledge":
      return await (await import("./alerts.ts")).alertAcknowledge(command, context);
    case "config-check":
      return await (await import("./config/check.ts")).configCheck(command, context);
    case "config-diff":
      return await (await import("./config/diff.ts")).configDiff(command, context);
    case "config-apply":
      return await (await import("./config/apply.ts")).configApply(command, context);
    case "config-confirm":
      return await (await import("./config/confirm.ts")).configConfirm(command, context);
    case "config-take-back":
      return await (await import("./config/confirm.ts")).configTakeBack(command, context);
    case "board-list":
      return await (await import("./board/list.ts")).boardList(command, context);
    case "board-info":
      return await (await import("./board/info.ts")).boardInfo(command, context);
    case "board-set":
      return await (await import("./board/set.ts")).boardSet(command, context);
    case "board-watch":
      return await (await import("./board/watch.ts")).boardWatch(command, context);
    case "board-calibrate":
      return await (await import("./board/calibrate.ts")).boardCalibrate(command, context);
    case "board-config-get":
      return await (await import("./board/config.ts")).boardConfigGet(command, context);
    case "board-config-set":
      return await (await import("./board/config.ts")).boardConfigSet(command, context);
    case "board-config-save":
      return await (await import("./board/config.ts")).boardConfigSave(command, context);
    case "board-flash":
      return await (await import("./board/flash.ts")).boardFlash(command, context);
    case "board-restore":
      return await (await import("./board/restore.ts")).boardRestore(command, context);
    case "board-selftest":
      return await (await import("./board/selftest.ts")).boardSelftest(command, context);
  }
}

function report(error: unknown, context: CommandContext): number {
  const { io, options } = context;
  if (io.signal.aborted) return ExitStatus.INTERRUPTED;
  const { code, message } = error instanceof FandError
    ? error
    : { code: "internal", message: internalMessage(error) };
  if (error instanceof UsageError) {
    io.stderr(`fanctl: ${printable(message)}\n`);
    return ExitStatus.USAGE;
  }
  const problems = error instanceof ConfigError ? [...error.problems] : [];
  if (options.json) {
    const more = problems.length > 0 ? { problems } : {};
    io.stderr(`${toJson({ error: { code, message, ...more } })}\n`);
  } else {
    io.stderr(`fanctl: ${printable(message)}\n`);
    for (const problem of problems) io.stderr(`${printable(problem)}\n`);
  }
  return ExitStatus.FAILED;
}

function internalMessage(error: unknown): string {
  const found = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return `Cannot go on: ${found}; report this if it happens again`;
}
