/**
 * `fanctl agent`: drives a fan board by what a server decides.
 *
 * @module
 */
import { runAgent, type ShelfSample } from "../agent/agent.ts";
import { loadFanCalibration } from "../agent/calibration_file.ts";
import { openClaimFile } from "../agent/duty/claim_file.ts";
import { openBoard } from "../board/open_board.ts";
import { UsageError } from "../errors.ts";
import { ServiceManager } from "../libc/service_manager.ts";
import type { Binding, CommandOf } from "./command.ts";
import type { CommandContext } from "./context.ts";
import { readTls } from "./tls_option.ts";
import { readToken } from "./token_option.ts";

/** What a channel gets while nothing valid is known for its shelf. */
const SAFE_PERCENT = 100;

/**
 * Runs until Ctrl-C and prints a line whenever what a shelf's fans are told changes; with
 * `--json` a document after every exchange with the board.
 *
 * @throws {UsageError} If two shelves are given the same channel.
 */
export async function agent(
  { bindings, board, name, calibration, state, servers }: CommandOf<"agent">,
  context: CommandContext,
): Promise<void> {
  refuseSharedChannels(bindings);
  const { io, options, log } = context;
  const boardName = name ?? bindings.map(({ shelf }) => shelf).join("+");
  const channels = bindings.flatMap((binding) => binding.channels);
  const fans = calibration === null
    ? null
    : await loadFanCalibration(calibration, { name: boardName, line: board, channels });
  const token = await readToken(context);
  // What cannot be read now is told now, and not by every try to connect.
  await readTls(options.tls);
  const shown = new Map<string, string>();
  using manager = ServiceManager.find();
  manager?.ready();
  io.signal.addEventListener("abort", () => manager?.stopping(), { once: true });
  await runAgent({
    servers: servers.length > 0 ? servers : [{ host: options.address, port: options.port }],
    assignments: bindings,
    safePercent: SAFE_PERCENT,
    boardName,
    line: board,
    calibration: fans,
    ...state !== null && { claims: openClaimFile(state, log) },
    openBoard: () =>
      openBoard(board, {
        clock: io.clock,
        log,
        safePercent: SAFE_PERCENT,
        places: io.places,
      }),
    token,
    tls: () => readTls(options.tls),
    clock: io.clock,
    log,
    random: Math.random,
    onTurn: () => manager?.alive(),
    onSample: (sample) => {
      const text = sampleText(sample);
      if (!options.json && shown.get(sample.shelf) === text) return;
      shown.set(sample.shelf, text);
      const { shelf, rpm, details } = sample;
      context.print({ time: new Date(io.clock.wallMs()), shelf, rpm, ...details }, text);
    },
  }, io.signal);
}

/** `nas: held, applied 45 %, register 176/320`. */
function sampleText({ shelf, state, details }: ShelfSample): string {
  const list = (value: unknown) => Array.isArray(value) ? value : [];
  const steps = list(details.steps);
  const registers = list(details.compare).map((compare, index) => `${compare}/${steps[index]}`);
  const applied = list(details.applied).map((percent) => `${percent} %`);
  return `${shelf}: ${state}, applied ${applied.join(", ")}, register ${registers.join(", ")}`;
}

/** @throws {UsageError} If two shelves are given the same channel. */
export function refuseSharedChannels(bindings: readonly Binding[]): void {
  const owners = new Map<number, string>();
  for (const { shelf, channels } of bindings) {
    for (const channel of channels) {
      const owner = owners.get(channel);
      if (owner !== undefined) {
        throw new UsageError(
          `Cannot run the agent: channel ${channel} is given to "${owner}" and "${shelf}"; ` +
            "give each channel to one shelf",
        );
      }
      owners.set(channel, shelf);
    }
  }
}
