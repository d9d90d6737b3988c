import assert from "node:assert/strict";
import { LiveDisplay, liveTable } from "../../../src/server/program/live_table.ts";
import { serve, type TestServer } from "../../support/serve.ts";
import { VirtualClock } from "../../support/virtual_clock.ts";

const tableOf = (served: TestServer, rows = 20) =>
  liveTable(served.server.controller, served.clock.monotonicMs(), rows);

Deno.test("the live table goes from the hottest sensor to the register, the rpm and the reason", async () => {
  const clock = new VirtualClock();
  const shelves = ["attic", "lost", "nas", "waiting"];
  await using served = serve({ clock, shelves, tempsC: { attic: 92.04, nas: 42.5 } });
  served.misses.set("lost", "no answer");
  await clock.advance(4000);
  const client = await served.connect();
  await client.ask("set_rpm", "nas", 1180.4, { compare: [136, 0], steps: [320, 80] });
  await client.ask("set_rpm", "attic", null, { compare: ["\x1b[2J"], steps: [320] });
  assert.deepEqual(tableOf(served), [
    "shelf    hottest          duty  register      rpm  why",
    'attic    attic 92.0 °C   100 %  no board  unknown  critical: "attic" 92.0 °C >= 90.0 °C -> 100 %',
    'lost     none yet        100 %  no board  unknown  failsafe: sensor "lost" lost (4 misses in 3.0 s: no answer) -> 100 %',
    "nas      nas 42.5 °C    42.5 %   136/320     1180  nas 42.5 °C -> 42.5 %",
    'waiting  none yet        100 %  no board  unknown  failsafe: waiting for the first reading of "waiting" -> 100 %',
  ]);
});

Deno.test("the live table says how many shelves it leaves out, and why a duty is not the decision", async () => {
  const clock = new VirtualClock();
  await using served = serve({ clock, shelves: ["a", "b", "c"], tempsC: { a: 30, b: 30, c: 30 } });
  assert.deepEqual(tableOf(served, 1).slice(1), [
    "a      a 30.0 °C  30 %  no board  unknown  a 30.0 °C -> 30 %",
    "… and 2 more shelves",
  ]);
  clock.skip(2500);
  assert.match(tableOf(served).at(-1) ?? "", /100 % .* the last tick ran 2500 ms ago$/);
});

Deno.test("LiveDisplay draws over the table before it on a terminal, and below it elsewhere", () => {
  const drawn = (isTerminal: boolean) => {
    let text = "";
    const display = new LiveDisplay({ isTerminal, columns: 4, write: (more) => text += more });
    display.draw(["one", "two"]);
    display.draw(["three"]);
    return text;
  };
  assert.equal(drawn(true), "one\x1b[K\ntwo\x1b[K\n\x1b[J\x1b[2Athre\x1b[K\n\x1b[J");
  assert.equal(drawn(false), "one\ntwo\n\nthre\n\n");
});
