/**
 * `fanctl rig status`: how the fans on a rig stand.
 *
 * @module
 */
import { FandError } from "../../errors.ts";
import { ExpMessage } from "../../rig/exp_message.ts";
import { ExpStatus } from "../../rig/exp_status.ts";
import { isWireMap, type WireMap, type WireValue } from "../../wire/value.ts";
import type { CommandOf } from "../command.ts";
import type { CommandContext } from "../context.ts";
import { tableLines } from "../table.ts";
import { callRig } from "./rig_call.ts";

const HEADINGS = ["SHELF", "HOTTEST", "DUTY", "RPM", "WHY"];
const NUMBERS = new Set([1, 2, 3]);

/** Asks for EXPINFO and shows it. */
export async function rigStatus(
  { uri }: CommandOf<"rig-status">,
  context: CommandContext,
): Promise<void> {
  const reply = await callRig(uri, ExpMessage.EXPINFO, [ExpStatus.CONNECTED, null], context);
  const [status, state] = (reply.answer ?? []) as WireValue[];
  if (!isWireMap(state) || !isWireMap(state["shelves"])) {
    throw new FandError(
      `Cannot show how the fans stand: ${reply.uri} confirms, but tells nothing of fans; ` +
        "check that it is a fand server with [rig]",
    );
  }
  const shelves = Object.entries(state["shelves"]).map(([name, shelf]) => rowOf(name, shelf));
  const lines = [headline(status, state), ...tableLines([HEADINGS, ...shelves], NUMBERS)];
  context.print({ uri: reply.uri, status: status ?? null, ...state }, lines.join("\n"));
}

function headline(status: WireValue | undefined, state: WireMap): string {
  const name = Object.entries(ExpStatus).find(([, value]) => value === status)?.[0];
  const experiment = state["experiment"];
  const leftMs = state["left_ms"];
  return [
    name ?? String(status),
    typeof experiment === "string" ? `experiment ${experiment}` : "",
    typeof leftMs === "number" ? `${Math.ceil(leftMs / 1000)} s left` : "",
    `profile ${state["profile"] ?? "none"}`,
  ].filter((part) => part !== "").join(", ");
}

function rowOf(name: string, shelf: WireValue): string[] {
  const { temp_c: tempC, duty_percent: percent, rpm, why } = isWireMap(shelf) ? shelf : {};
  return [
    name,
    typeof tempC === "number" ? `${tempC.toFixed(1)} °C` : "unknown",
    typeof percent === "number" ? `${percent} %` : "unknown",
    typeof rpm === "number" ? String(Math.round(rpm)) : "unknown",
    typeof why === "string" ? why : "",
  ];
}
