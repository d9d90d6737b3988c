import type { WireMap } from "../../src/wire/value.ts";

/** A shelf that a curve decides, with an override below it and an agent that reports. */
export const QUIET_SHELF: WireMap = {
  shelf: "nas",
  percent: 62.5,
  pending: false,
  fault: null,
  rpm: 1480.2,
  rpm_age_ms: 480,
  details: {
    state: "following",
    rpms: [1480.2, null],
    applied: [62.5, 62.5],
    compare: [200],
    steps: [320],
  },
  causes: [
    { kind: "curve", name: "disks", percent: 62.5, text: "curve disks: disk 41 °C -> 62.5 %" },
    { kind: "floor", name: "floor", percent: 20, text: "floor 20 %" },
    { kind: "override", name: "override", percent: 30, text: "override 30 %" },
  ],
  sensors: [
    { name: "disk", kind: "hdd", state: "ok", temp_c: 41, age_ms: 810, reason: null },
    {
      name: "cpu",
      kind: "cpu",
      state: "missed",
      temp_c: null,
      age_ms: 12_000,
      reason: "no such file",
    },
  ],
  override: {
    percent: 30,
    expires: new Date("2030-01-01T01:30:00Z"),
    forced: true,
    limit: "floor 20 %",
  },
  decided_age_ms: 320,
  ttl_ms: 5000,
  epoch: 7,
  seq: 3,
};

/** A shelf that nothing is known about. */
export const LOST_SHELF: WireMap = {
  shelf: "rack",
  percent: 100,
  pending: true,
  fault: null,
  rpm: null,
  rpm_age_ms: null,
  details: null,
  fans: [],
  causes: [
    { kind: "failsafe", name: "disk", percent: 100, text: "failsafe: disk is lost -> 100 %" },
  ],
  sensors: [],
  override: null,
  decided_age_ms: 1234,
  ttl_ms: null,
  epoch: 7,
  seq: 1,
};
