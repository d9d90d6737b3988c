import { deepStrictEqual } from "node:assert/strict";
import { type AlertConfig, LOG_DELIVERY } from "../../../src/config/alert_config.ts";
import { alertNeeds } from "../../../src/server/program/alert_needs.ts";

Deno.test("alerts need their programs, the hosts of their webhooks, and the files of tokens", () => {
  const rule: AlertConfig = {
    name: "last resort",
    severity: "critical",
    condition: { type: "duty", abovePercent: 90, shelves: null },
    warmUpMs: 0,
    holdMs: 0,
    clearMs: 0,
    repeatMs: 0,
    deliver: ["log"],
    shutdown: ["systemctl", "poweroff"],
  };
  const url = "https://alerts.example.com/fand";
  const needs = alertNeeds({
    rules: [rule, { ...rule, shutdown: null }],
    deliveries: [
      LOG_DELIVERY,
      { type: "command", name: "mail", argv: ["/bin/mail", "operators"], timeoutMs: 1000 },
      { type: "webhook", name: "open", url, timeoutMs: 1000, bearerFile: null },
      { type: "webhook", name: "known", url, timeoutMs: 1000, bearerFile: "/etc/token" },
    ],
  });
  deepStrictEqual(needs.map(({ flag }) => flag), [
    "--allow-run=/bin/mail",
    "--allow-net=alerts.example.com:443",
    "--allow-net=alerts.example.com:443",
    "--allow-read=/etc/token",
    "--allow-run=systemctl",
  ]);
});
