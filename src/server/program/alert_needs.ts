/**
 * What Deno must permit for the alerts of a configuration, each grant as narrow as it can be. A
 * server starts without them: what is missing shows when there is something to tell.
 *
 * @module
 */

import type { AlertsConfig, DeliveryConfig } from "../../config/alert_config.ts";
import { hostOf } from "../../sensors/network/http.ts";
import { type Need, readNeed, runNeed } from "./permissions.ts";

/** What is needed to tell these alerts and to shut down; the same grant may come twice. */
export function alertNeeds({ rules, deliveries }: AlertsConfig): Need[] {
  const shutdowns = rules.flatMap(({ shutdown }) => shutdown?.slice(0, 1) ?? []);
  return [...deliveries.flatMap(needsOf), ...shutdowns.map(runNeed)];
}

function needsOf(delivery: DeliveryConfig): Need[] {
  switch (delivery.type) {
    case "log":
      return [];
    case "command":
      return [runNeed(delivery.argv[0] ?? "")];
    case "webhook": {
      const host = hostOf(new URL(delivery.url));
      const need: Need = { descriptor: { name: "net", host }, flag: `--allow-net=${host}` };
      return delivery.bearerFile === null ? [need] : [need, readNeed(delivery.bearerFile)];
    }
  }
}
