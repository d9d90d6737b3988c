/**
 * `fanctl radio agent`: drives a fan board where no network is.
 *
 * @module
 */
import type { HeldOrder } from "../../agent/radio/order_book.ts";
import { runRadioAgent } from "../../agent/radio/radio_agent.ts";
import type { ShelfSample } from "../../agent/shelf_sample.ts";
import { openBoard } from "../../board/open_board.ts";
import { UsageError } from "../../errors.ts";
import { ServiceManager } from "../../libc/service_manager.ts";
import { uplinkMs } from "../../radio/lorawan/airtime.ts";
import { openLorawanModem } from "../../radio/open_radio.ts";
import { attachRadio } from "../../sockets/radio/attach_radio.ts";
import { MOST_RADIO_SHELVES } from "../../wire/radio/limits.ts";
import { refuseSharedChannels } from "../agent.ts";
import type { CommandOf } from "../command.ts";
import type { CommandContext } from "../context.ts";
import { Temperatures } from "./temperatures.ts";

/** What most bands of Europe allow one sender; elsewhere it is good manners. */
const DUTY_CYCLE = 0.01;

/**
 * Runs until Ctrl-C and prints a line whenever what a shelf does changes, or orders come.
 *
 * @throws {UsageError} If the shelves are too many, or do not fit together.
 */
export async function radioAgent(
  command: CommandOf<"radio-agent">,
  context: CommandContext,
): Promise<void> {
  const { bindings, board, modem, safePercent } = command;
  refuseSharedChannels(bindings);
  refuseOddShelves(command);
  const { io, log } = context;
  const { clock } = io;
  using manager = ServiceManager.find();
  manager?.ready();
  io.signal.addEventListener("abort", () => manager?.stopping(), { once: true });
  await using temperatures = new Temperatures(command.temperatures, {
    clock,
    log,
    sysfsRoot: io.places.sysfsRoot,
  });
  await using radio = openLorawanModem(modem, { clock, log });
  using _attached = attachRadio(radio);
  const shown = new Map<string, string>();
  await runRadioAgent({
    assignments: bindings,
    safePercent,
    boardName: bindings.map(({ shelf }) => shelf).join("+"),
    openBoard: () => openBoard(board, { clock, log, safePercent, places: io.places }),
    radio,
    everyMs: command.everyMs,
    dataRate: command.dataRate,
    leastWaitMs: ({ region }, dataRate, bytes) => uplinkMs(region, dataRate, bytes) / DUTY_CYCLE,
    temperatures: () => temperatures.latest(),
    clock,
    log,
    random: Math.random,
    onTurn: () => manager?.alive(),
    onSample: (sample) => {
      const text = sampleText(sample);
      if (!context.options.json && shown.get(sample.shelf) === text) return;
      shown.set(sample.shelf, text);
      const { shelf, rpm, details } = sample;
      context.print({ time: new Date(clock.wallMs()), shelf, rpm, ...details }, text);
    },
    onOrders: (orders) => context.print(ordersJson(orders), ordersText(orders)),
    onEnd: (counters) => {
      const counts = Object.entries({ ...radio.counters, ...counters });
      log.info(`Radio: ${counts.map(([name, count]) => `${name} ${count}`).join(", ")}`);
    },
  }, io.signal);
}

/** `attic: held, applied 40 %`. */
function sampleText({ shelf, state, details }: ShelfSample): string {
  const applied = Array.isArray(details["applied"]) ? details["applied"] : [];
  const word = { held: "as ordered", waiting: "safe", failsafe: "safe" }[state];
  const now = details["state"] === "no board" ? "no board" : word;
  return `${shelf}: ${now}, applied ${applied.map((percent) => `${percent} %`).join(", ")}`;
}

function ordersText(orders: ReadonlyMap<string, HeldOrder>): string {
  if (orders.size === 0) return "orders: none";
  const each = [...orders].map(([shelf, { permille, expiresAt }]) =>
    `${shelf} ${permille / 10} % until ${new Date(expiresAt).toISOString()}`
  );
  return `orders: ${each.join(", ")}`;
}

function ordersJson(orders: ReadonlyMap<string, HeldOrder>) {
  return {
    orders: [...orders].map(([shelf, { permille, expiresAt }]) => ({
      shelf,
      percent: permille / 10,
      expires: new Date(expiresAt),
    })),
  };
}

function refuseOddShelves({ bindings, temperatures }: CommandOf<"radio-agent">): void {
  const shelves = bindings.map(({ shelf }) => shelf);
  const unknown = temperatures.find(({ shelf }) => !shelves.includes(shelf));
  if (unknown !== undefined) {
    throw new UsageError(
      `Cannot run the agent: a temperature of "${unknown.shelf}" is given, which is no shelf of ` +
        `this agent; give one of ${shelves.join(", ")}`,
    );
  }
  if (shelves.length > MOST_RADIO_SHELVES || new Set(shelves).size < shelves.length) {
    throw new UsageError(
      `Cannot run the agent: ${
        shelves.join(", ")
      } found; give 1 to ${MOST_RADIO_SHELVES} shelves, ` +
        "each once",
    );
  }
}
