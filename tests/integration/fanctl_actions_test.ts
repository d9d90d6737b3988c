import assert from "node:assert/strict";
import type { WireValue } from "../../src/wire/value.ts";
import { always, fanctl } from "../support/run_fanctl.ts";
import { VirtualClock } from "../support/virtual_clock.ts";
import type { Answer } from "../support/wire_server.ts";

const ack = always("ack");
const NOW = Date.UTC(2030, 0, 1);
const IN_1H30 = new Date(NOW + 5_400_000);

interface Case {
  line: string;
  answer: Answer;
  asked: [request: string, ...args: WireValue[]];
  out: string;
  err?: string;
}

const CASES: Case[] = [
  { line: "ping", answer: ack, asked: ["ping"], out: "ok\n" },
  { line: "ping --json", answer: ack, asked: ["ping"], out: '{"ok":true}\n' },
  {
    line: "get-pwm nas",
    answer: always("set_pwm", "nas", 25),
    asked: ["get_pwm", "nas"],
    out: "25\n",
  },
  {
    line: "get-pwm nas",
    answer: always("set_pwm", "nas", 62.5),
    asked: ["get_pwm", "nas"],
    out: "62.5\n",
  },
  {
    line: "get-pwm nas --json",
    answer: always("set_pwm", "nas", 25),
    asked: ["get_pwm", "nas"],
    out: '{"shelf":"nas","percent":25}\n',
  },
  {
    line: "get-rpm nas",
    answer: always("set_rpm", "nas", 1499.8004701942518),
    asked: ["get_rpm", "nas"],
    out: "1499.8\n",
  },
  {
    line: "get-rpm nas",
    answer: always("set_rpm", "nas", null),
    asked: ["get_rpm", "nas"],
    out: "unknown\n",
  },
  {
    line: "get-rpm nas --json",
    answer: always("set_rpm", "nas", null),
    asked: ["get_rpm", "nas"],
    out: '{"shelf":"nas","rpm":null}\n',
  },
  {
    line: "set-pwm-override nas 40.5",
    answer: ack,
    asked: ["set_pwm_override", "nas", 40.5],
    out: "ok\n",
  },
  {
    line: "set-pwm-override nas none",
    answer: ack,
    asked: ["set_pwm_override", "nas", null],
    out: "ok\n",
  },
  {
    line: "set-pwm-override nas 10",
    answer: always("ack", 20, "floor 20 %"),
    asked: ["set_pwm_override", "nas", 10],
    out: "ok\n",
    err: "limited to 20 % by floor 20 %\n",
  },
  {
    line: "set-pwm-override nas 10 -q",
    answer: always("ack", 20, "floor 20 %"),
    asked: ["set_pwm_override", "nas", 10],
    out: "ok\n",
  },
  {
    line: "set-pwm-override nas 10 --expire-in 1h30m --json",
    answer: always("ack", 20, "floor 20 %"),
    asked: ["set_pwm_override", "nas", 10, IN_1H30],
    out: '{"ok":true,"shelf":"nas","percent":10,"expires":"2030-01-01T01:30:00.000Z",' +
      '"limit":{"percent":20,"text":"floor 20 %"}}\n',
  },
  {
    line: "set-pwm-override nas 10 --force --expire-on 2030-01-01T01:30Z",
    answer: ack,
    asked: ["set_pwm_override", "nas", 10, IN_1H30, true],
    out: "ok\n",
  },
  {
    line: "set-pwm-override nas 10 --force",
    answer: ack,
    asked: ["set_pwm_override", "nas", 10, null, true],
    out: "ok\n",
  },
  {
    line: "set-pwm-expire-in nas 1:30:00",
    answer: ack,
    asked: ["set_pwm_expire", "nas", IN_1H30],
    out: "ok\n",
  },
  {
    line: "set-pwm-expire-on nas 2030-01-01T02:30",
    answer: ack,
    asked: ["set_pwm_expire", "nas", IN_1H30],
    out: "ok\n",
  },
  {
    line: "set-pwm-expire-on nas none --json",
    answer: ack,
    asked: ["set_pwm_expire", "nas", null],
    out: '{"ok":true,"shelf":"nas","expires":null,"limit":null}\n',
  },
  {
    line: "raw set_pwm_override nas 40 @2030-01-01T01:30:00Z true",
    answer: ack,
    asked: ["set_pwm_override", "nas", 40, IN_1H30, true],
    out: "ack []\n",
  },
  {
    line: 'raw anything {"a":[1]} "1" -- -1.5',
    answer: always("thing", "x", new Date(0), new Uint8Array([171])),
    asked: ["anything", { a: [1] }, "1", -1.5],
    out: 'thing ["x","1970-01-01T00:00:00.000Z","ab"]\n',
  },
  {
    line: "raw get_pwm nas --json",
    answer: always("set_pwm", "nas", 25),
    asked: ["get_pwm", "nas"],
    out: '{"request":"set_pwm","args":["nas",25]}\n',
  },
];

Deno.test("fanctl sends each action as its request and prints what comes back", async () => {
  for (const { line, answer, asked, out, err = "" } of CASES) {
    const clock = new VirtualClock(NOW);
    const found = await fanctl(line, answer, { clock, localZone: "Europe/Paris" });
    const [request, ...args] = asked;
    assert.deepEqual(found, { status: 0, out, err, asked: [{ request, args }] }, line);
  }
});
