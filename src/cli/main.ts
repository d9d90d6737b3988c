/**
 * fanctl: reads its command line, does what it says, and tells how that went.
 *
 * @module
 */
import { ConfigError, FandError, UsageError } from "../errors.ts";
import type { Command, CommandOf } from "./command.ts";
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

/** How each command is met; loads only its module, so that a short command starts fast. */
const COMMANDS: {
  readonly [A in Command["action"]]: () => Promise<
    (command: CommandOf<A>, context: CommandContext) => Promise<number | void> | void
  >;
} = {
  ping: async () => (await import("./ping.ts")).ping,
  list: async () => (await import("./list.ts")).list,
  counters: async () => (await import("./counters.ts")).counters,
  sensors: async () => (await import("./sensors.ts")).sensors,
  push: async () => (await import("./push.ts")).push,
  "get-pwm": async () => (await import("./get_pwm.ts")).getPwm,
  "get-rpm": async () => (await import("./get_rpm.ts")).getRpm,
  "set-pwm-override": async () => (await import("./set_pwm_override.ts")).setPwmOverride,
  "set-pwm-expire-in": async () => (await import("./set_pwm_expire.ts")).setPwmExpireIn,
  "set-pwm-expire-on": async () => (await import("./set_pwm_expire.ts")).setPwmExpireOn,
  raw: async () => (await import("./raw.ts")).raw,
  status: async () => (await import("./status.ts")).status,
  why: async () => (await import("./why.ts")).why,
  whatif: async () => (await import("./whatif.ts")).whatif,
  overrides: async () => (await import("./overrides.ts")).overrides,
  history: async () => (await import("./history.ts")).history,
  replay: async () => (await import("./replay.ts")).replay,
  tune: async () => (await import("./tune/tune.ts")).tune,
  watch: async () => (await import("./watch.ts")).watch,
  agent: async () => (await import("./agent.ts")).agent,
  "profile-list": async () => (await import("./profile.ts")).profileList,
  "profile-set": async () => (await import("./profile.ts")).profileSet,
  "profile-clear": async () => (await import("./profile.ts")).profileClear,
  "rig-status": async () => (await import("./rig/status.ts")).rigStatus,
  "rig-send": async () => (await import("./rig/send.ts")).rigSend,
  "alert-list": async () => (await import("./alerts.ts")).alertList,
  "alert-acknowledge": async () => (await import("./alerts.ts")).alertAcknowledge,
  "config-check": async () => (await import("./config/check.ts")).configCheck,
  "config-diff": async () => (await import("./config/diff.ts")).configDiff,
  "config-apply": async () => (await import("./config/apply.ts")).configApply,
  "config-confirm": async () => (await import("./config/confirm.ts")).configConfirm,
  "config-take-back": async () => (await import("./config/confirm.ts")).configTakeBack,
  audit: async () => (await import("./audit.ts")).audit,
  token: async () => (await import("./token.ts")).token,
  "pki-init": async () => (await import("./pki/pki.ts")).pkiInit,
  "pki-server": async () => (await import("./pki/pki.ts")).pkiServer,
  "pki-client": async () => (await import("./pki/pki.ts")).pkiClient,
  "pki-revoke": async () => (await import("./pki/pki.ts")).pkiRevoke,
  "pki-list": async () => (await import("./pki/pki.ts")).pkiList,
  "board-list": async () => (await import("./board/list.ts")).boardList,
  "board-info": async () => (await import("./board/info.ts")).boardInfo,
  "board-set": async () => (await import("./board/set.ts")).boardSet,
  "board-watch": async () => (await import("./board/watch.ts")).boardWatch,
  "board-calibrate": async () => (await import("./board/calibrate.ts")).boardCalibrate,
  "board-config-get": async () => (await import("./board/config.ts")).boardConfigGet,
  "board-config-set": async () => (await import("./board/config.ts")).boardConfigSet,
  "board-config-save": async () => (await import("./board/config.ts")).boardConfigSave,
  "board-flash": async () => (await import("./board/flash.ts")).boardFlash,
  "board-restore": async () => (await import("./board/restore.ts")).boardRestore,
  "radio-agent": async () => (await import("./radio/agent.ts")).radioAgent,
  "radio-bridge": async () => (await import("./radio/bridge.ts")).radioBridge,
  "board-selftest": async () => (await import("./board/selftest.ts")).boardSelftest,
};

async function dispatch<A extends Command["action"]>(
  command: CommandOf<A>,
  context: CommandContext,
): Promise<number | void> {
  const meet = await COMMANDS[command.action as A]();
  return await meet(command, context);
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
