/**
 * Shows the alerts what came of every tick.
 *
 * @module
 */
import type { AlertView } from "../../control/alerts/alert_conditions.ts";
import type { Engine } from "../../control/engine/engine.ts";
import type { EventTap } from "../shelves/event_tap.ts";

/** A tap that has `judge` look at each tick's results. */
export function alertTap(judge: (view: AlertView) => void): EventTap {
  return {
    began() {},
    record() {},
    ticked(_time, engine) {
      judge(viewOf(engine));
    },
  };
}

function viewOf(engine: Engine): AlertView {
  return {
    tempC: (sensor) => engine.judgement(sensor).tempC,
    percent: (shelf) => engine.decision(shelf).percent,
    shelves: engine.config.shelves.map(({ name }) => name),
    findings: engine.findings(),
  };
}
