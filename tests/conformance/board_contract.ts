/**
 * The board contract: what every board keeps of docs/board_protocol.md, whatever runs it. Only
 * bytes on the line and what is seen from outside count.
 *
 * @module
 */
import assert from "node:assert/strict";
import { encodeFrame } from "../../src/board/protocol/frame.ts";
import type { ContractBoard } from "../support/contract_board.ts";
import {
  At,
  ContractHost,
  type Entry,
  Flag,
  REPLY,
  TELEMETRY_TYPE,
  Type,
  u16,
  u16At,
} from "../support/contract_host.ts";
import { stepUnless } from "../support/test_with.ts";

const NAK = 0xff;
const Reason = {
  UNKNOWN: 1,
  SHORT: 2,
  STALE_BOOT: 3,
  VALUE: 4,
  STALE: 5,
  BUSY: 6,
  OTHER_CONFIG: 7,
};
const ConfigState = { STORED: 1, WRITING: 2 };
const Mode = { DUTY: 0, RPM: 1, SAFE: 3 };
const State = { SPINNING: 1, IMPLAUSIBLE: 5, NOT_FITTED: 6 };
const Fault = { LOOP_ENDED: 2, IMPLAUSIBLE: 4 };
const MAX_RPM_AT = 10;
const MAX_TTL_MS = 10_000;
const MOST_PAYLOAD_BYTES = 192;

/** Tries every statement of the contract on a board that nobody has talked to yet. */
export async function tryBoardContract(t: Deno.TestContext, board: ContractBoard): Promise<void> {
  const host = new ContractHost(board);
  const unseen = await board.drives() === null ? "nobody can look at its pins" : null;
  await stepUnless(t, unseen, "it is born with every pin released", async () => {
    assert.ok((await board.drives())?.every((drive) => drive === "released"));
  });
  await t.step("hello tells who it is, and its limits", async () => {
    const body = await host.hello();
    assert.equal(body[0], 1);
    assert.ok(host.bootId.some((byte) => byte !== 0));
    assert.ok(host.channels >= 1 && host.channels <= 11);
    assert.equal(body[11], MOST_PAYLOAD_BYTES);
    assert.equal(u16At(body, 12), MAX_TTL_MS);
    assert.equal(body.length, 16 + 3 * host.channels);
  });
  await t.step("before the first set every channel is in failsafe", async () => {
    const status = await host.status();
    assert.deepEqual(host.applied(status), host.all(1000));
    assert.deepEqual(host.flags(status), host.all(Flag.FAILSAFE | Flag.RELEASED));
  });
  await t.step("a host of minor 0 gets a status without details, one of minor 1 with", async () => {
    const bare = At.CHANNELS + At.SIZE * host.channels;
    await host.hello(0);
    assert.equal((await host.status()).length, bare);
    await host.hello(9);
    assert.equal((await host.status()).length, bare + 6 + 3 * host.channels + 2);
  });
  await setSteps(t, host, unseen);
  await refusalSteps(t, host);
  await configSteps(t, host);
  await lineSteps(t, host);
  await telemetrySteps(t, host);
  await ttlSteps(t, host, unseen);
  await speedSteps(t, host, board.hasFans ? null : "nobody knows what turns at its tachometers");
  await resetSteps(t, host);
}

async function setSteps(
  t: Deno.TestContext,
  host: ContractHost,
  unseen: string | null,
): Promise<void> {
  await t.step("a set is answered with what is applied: never less, and 0 only for 0", async () => {
    for (const permille of [0, 1, 250, 500, 999, 1000]) {
      for (const applied of host.applied(await host.set(permille))) {
        assert.ok(applied >= permille && applied - permille < 13, `${applied} for ${permille}`);
        assert.equal(applied === 0, permille === 0);
      }
    }
    assert.deepEqual(host.flags(await host.set(1000)), host.all(Flag.RELEASED));
  });
  await stepUnless(t, unseen, "the pins do what the answer says", async () => {
    for (const [permille, drive] of [[250, 250], [0, 0], [500, 500], [1000, "released"]] as const) {
      await host.set(permille);
      assert.deepEqual(await host.board.drives(), host.all(drive));
    }
  });
  await t.step("the shortest and the longest TTL are taken", async () => {
    const longest = await host.set(300, MAX_TTL_MS);
    for (const ms of host.ofChannels((at) => u16At(longest, at + 4))) assert.ok(ms > 9900, `${ms}`);
    await host.set(300, 1);
  });
}

async function refusalSteps(t: Deno.TestContext, host: ContractHost): Promise<void> {
  const good: Entry = [0, 300, 1000];
  await t.step("a set with one value out of range does nothing at all", async () => {
    const before = host.applied(await host.set(500));
    const bad: Entry[] = [[0, 1001, 1000], [0, 300, 0], [0, 300, 10_001], [2, 300, 1000]];
    for (const entry of [...bad, [1, 99, 1000], [1, 20_001, 1000]] as Entry[]) {
      await host.refused(Reason.VALUE, Type.SET, host.setBody(good, entry));
    }
    const body = host.setBody(good);
    await host.refused(Reason.VALUE, Type.SET, body.with(4, host.channels + 1));
    const otherBoot = body.with(0, (body[0] ?? 0) ^ 1);
    await host.refused(Reason.STALE_BOOT, Type.SET, otherBoot);
    assert.deepEqual(host.applied(await host.status()), before);
  });
  await t.step(
    "every command whose body is too short is refused; a longer one is not",
    async () => {
      const bodies: [type: number, body: number[]][] = [
        [Type.HELLO, [1, 1]],
        [Type.SET, host.setBody(good)],
        [Type.CLEAR, u16(0)],
        [Type.CONFIG_GET, [0]],
        [Type.CONFIG_SAVE, [...host.bootId, 0, 0]],
        [Type.TELEMETRY, u16(0)],
      ];
      for (const [type, body] of bodies) await host.refused(Reason.SHORT, type, body.slice(0, -1));
      for (const [type, body] of bodies.slice(0, 4)) {
        assert.equal((await host.ask(type, [...body, 7, 7, 7])).type, type | REPLY, `type ${type}`);
      }
    },
  );
  await t.step("a command that is not given out is refused", async () => {
    for (const type of [0x09, 0x0b, 0x1f]) await host.refused(Reason.UNKNOWN, type);
  });
}

async function configSteps(t: Deno.TestContext, host: ContractHost): Promise<void> {
  await t.step("each block of the configuration is told, and taken as it was told", async () => {
    for (let block = 0; block <= host.channels; block++) {
      const { body } = await host.ask(Type.CONFIG_GET, [block]);
      assert.deepEqual([...body.subarray(0, 2)], [block, host.channels + 1]);
      await host.status(Type.CONFIG_SET, [...host.bootId, block, ...body.subarray(2)]);
    }
    await host.refused(Reason.VALUE, Type.CONFIG_GET, [host.channels + 1]);
  });
  await t.step("a configuration other than the one in force is not saved", async () => {
    const crc = host.details(await host.status()).crc ^ 1;
    await host.refused(Reason.OTHER_CONFIG, Type.CONFIG_SAVE, [...host.bootId, ...u16(crc)]);
  });
  await t.step("the one in force is, and nothing changes it while it is written", async () => {
    const { body: block } = await host.ask(Type.CONFIG_GET, [1]);
    const save = [...host.bootId, ...u16(host.details(await host.status()).crc)];
    const change = [...host.bootId, 1, ...block.subarray(2)];
    // In one piece: on a busy machine the board may have done with it before another one comes.
    const saveFrame = encodeFrame(Type.CONFIG_SAVE, host.next(), Uint8Array.from(save));
    const setFrame = encodeFrame(Type.CONFIG_SET, host.next(), Uint8Array.from(change));
    await host.board.send(Uint8Array.of(...saveFrame, ...setFrame));
    const saving = await host.board.frame();
    assert.ok(host.details(saving.body).configState & ConfigState.WRITING);
    const refusal = await host.board.frame();
    assert.deepEqual([refusal.type, ...refusal.body], [NAK, Type.CONFIG_SET, Reason.BUSY]);
    await host.board.pass(1000);
    const { configState } = host.details(await host.status());
    assert.equal(configState & (ConfigState.WRITING | ConfigState.STORED), ConfigState.STORED);
  });
}

async function telemetrySteps(t: Deno.TestContext, host: ContractHost): Promise<void> {
  await t.step("telemetry out of its limits is refused", async () => {
    for (const ms of [1, 49, 10_001]) await host.refused(Reason.VALUE, Type.TELEMETRY, u16(ms));
  });
  await t.step("telemetry comes by itself, numbered by itself, until the next hello", async () => {
    const { length } = await host.status(Type.TELEMETRY, u16(100));
    const first = await host.board.frame();
    const second = await host.board.frame();
    for (const { type, body } of [first, second]) {
      assert.equal(type, TELEMETRY_TYPE);
      assert.equal(body.length, length);
    }
    assert.equal(second.seq, (first.seq + 1) & 0xff);
    host.skipsTelemetry = true; // One may be on its way.
    await host.hello();
    host.skipsTelemetry = false;
    await host.board.pass(250);
    await host.status();
  });
}

async function speedSteps(
  t: Deno.TestContext,
  host: ContractHost,
  fanless: string | null,
): Promise<void> {
  const speeds = (): number[] => {
    const entries = host.tachs.map((tach): Entry => tach ? [1, 1200, 9000] : [0, 400, 9000]);
    const bytes = entries.flatMap(([mode, value, ttlMs]) => [mode, ...u16(value), ...u16(ttlMs)]);
    return [...host.bootId, host.channels, ...bytes];
  };
  /** Changes channel 0's block. */
  const declare = async (change: (block: Uint8Array) => void): Promise<void> => {
    const { body } = await host.ask(Type.CONFIG_GET, [1]);
    const block = body.slice(2);
    change(block);
    await host.status(Type.CONFIG_SET, [...host.bootId, 1, ...block]);
  };
  await t.step("a speed is taken where a tachometer is, and refused where none is", async () => {
    const { channels } = host.details(await host.status(Type.SET, speeds()));
    const modes = host.tachs.map((tach) => tach ? Mode.RPM : Mode.DUTY);
    assert.deepEqual(channels.map(({ mode }) => mode), modes);
    await host.set(400);
    await declare((block) => block[0] = (block[0] ?? 0) | 2);
    await host.refused(Reason.VALUE, Type.SET, speeds());
    await host.board.pass(100);
    assert.equal(host.details(await host.status()).channels[0]?.state, State.NOT_FITTED);
    await declare((block) => block[0] = (block[0] ?? 0) & ~2);
  });
  await stepUnless(t, fanless, "the speed is held, and the fans are told as spinning", async () => {
    await host.status(Type.SET, speeds());
    await host.board.pass(6000);
    const status = await host.status();
    for (const [channel, { mode, state }] of host.details(status).channels.entries()) {
      if (!host.tachs[channel]) continue;
      assert.deepEqual([mode, state], [Mode.RPM, State.SPINNING]);
      const at = At.CHANNELS + channel * At.SIZE;
      const spanUs = u16At(status, at + 6) + 65_536 * u16At(status, at + 8);
      const rpm = u16At(status, at + 10) / 2 / spanUs * 60e6;
      assert.ok(Math.abs(rpm - 1200) < 60, `channel ${channel}: ${rpm} rpm`);
    }
  });
  await stepUnless(t, fanless, "an implausible tachometer ends it, until clear", async () => {
    await host.status(Type.SET, speeds());
    await declare((block) => block.set(u16(500), MAX_RPM_AT));
    await host.board.pass(200);
    const ended = await host.status(Type.SET, speeds());
    const [first, ...others] = host.details(ended).channels;
    const faults = Fault.LOOP_ENDED | Fault.IMPLAUSIBLE;
    assert.deepEqual(first, { mode: Mode.SAFE, state: State.IMPLAUSIBLE, faults });
    assert.equal(host.applied(ended)[0], 1000);
    assert.ok(others.every(({ faults }) => faults === 0));
    await declare((block) => block.set(u16(0), MAX_RPM_AT));
    await host.board.pass(200);
    const { channels } = host.details(await host.status(Type.CLEAR, u16(1)));
    assert.deepEqual(channels[0], { mode: Mode.RPM, state: State.SPINNING, faults: 0 });
  });
}

async function lineSteps(t: Deno.TestContext, host: ContractHost): Promise<void> {
  const { board } = host;
  await t.step("a repetition is answered, does not act and counts as no fault", async () => {
    const before = await host.set(300, 5000);
    const again = host.setBody([0, 300, 5000]);
    await board.pass(50);
    const { type, body } = await host.ask(Type.SET, again, host.seq);
    assert.equal(type, Type.SET | REPLY);
    assert.equal(u16At(body, At.SEQUENCE), u16At(before, At.SEQUENCE));
    assert.equal(host.details(body).repeated, host.details(before).repeated + 1);
    assert.ok(u16At(body, At.CHANNELS + 4) <= 4960, "the repetition has renewed the TTL");
  });
  await t.step("a gap is counted and acts; a stale number is counted and does not", async () => {
    const before = u16At(await host.status(), At.SEQUENCE);
    host.seq += 9;
    assert.equal(u16At(await host.set(500), At.SEQUENCE), before + 1);
    const applied = host.applied(await host.status());
    const { type, body } = await host.ask(Type.SET, host.setBody([0, 200, 5000]), host.seq - 5);
    assert.deepEqual([type, ...body.subarray(0, 2)], [NAK, Type.SET, Reason.STALE]);
    const after = await host.status();
    assert.deepEqual(host.applied(after), applied);
    assert.equal(u16At(after, At.SEQUENCE), before + 2);
  });
  await t.step("what is no frame is counted, gets no answer and does nothing", async () => {
    const before = await host.status();
    const set = encodeFrame(Type.SET, host.next(), Uint8Array.from(host.setBody([0, 200, 5000])));
    const bad = set.with(-2, (set.at(-2) ?? 0) ^ (set.at(-2) === 0x55 ? 0x2a : 0x55));
    await board.send(bad);
    await board.send(Uint8Array.of(...set.subarray(0, 5), 0));
    await board.send(Uint8Array.of(3, 3, 3, 0));
    await board.send(Uint8Array.from([...new Array(MOST_PAYLOAD_BYTES + 30).fill(0x55), 0]));
    const after = await host.status();
    const counted = (status: Uint8Array) => u16At(status, At.CRC) + u16At(status, At.COBS);
    assert.equal(counted(after) - counted(before), 4);
    assert.deepEqual(host.applied(after), host.applied(before));
  });
  await t.step("a frame whose end stays away is dropped, and counted once", async () => {
    const before = await host.status();
    const set = encodeFrame(Type.SET, host.next(), Uint8Array.from(host.setBody([0, 200, 5000])));
    for (const missing of [1, 2, set.length - 1]) {
      await board.send(set.subarray(0, -missing));
      await board.pass(150);
      await board.send(set.subarray(-missing));
    }
    const after = await host.status();
    assert.equal(u16At(after, At.COBS) - u16At(before, At.COBS), 3);
    assert.equal(u16At(after, At.CRC), u16At(before, At.CRC));
    assert.deepEqual(host.applied(after), host.applied(before));
  });
  await t.step("types from 0x80 on are not answered", async () => {
    const before = u16At(await host.status(), At.REJECTED);
    for (const type of [0x80, Type.STATUS | REPLY, NAK]) {
      await board.send(encodeFrame(type, host.seq, new Uint8Array()));
    }
    assert.equal(u16At(await host.status(), At.REJECTED), before + 3);
  });
}

async function ttlSteps(
  t: Deno.TestContext,
  host: ContractHost,
  unseen: string | null,
): Promise<void> {
  await t.step("a channel whose TTL is over is at its safe level, latched, and alone", async () => {
    const before = u16At(await host.status(), At.EXPIRED);
    const others: Entry = [0, 300, MAX_TTL_MS];
    const set = await host.status(Type.SET, host.setBody(others, [0, 300, 200]));
    const [held = 0] = host.applied(set);
    await host.board.pass(300);
    const status = await host.status();
    assert.deepEqual(host.applied(status), host.all(held).with(-1, 1000));
    const expired = Flag.FAILSAFE | Flag.LATCHED | Flag.RELEASED;
    assert.deepEqual(host.flags(status).at(-1), expired);
    assert.equal(u16At(status, At.EXPIRED), before + 1);
  });
  await stepUnless(t, unseen, "and its pin is released", async () => {
    const drives = await host.board.drives();
    assert.deepEqual(drives?.map((drive) => drive === "released"), host.all(false).with(-1, true));
  });
  await t.step("the next set brings it back, and clear takes the latch back", async () => {
    assert.equal(host.flags(await host.set(300)).at(-1), Flag.LATCHED);
    const cleared = await host.status(Type.CLEAR, u16(1 << (host.channels - 1)));
    assert.equal(host.flags(cleared).at(-1), 0);
  });
}

async function resetSteps(t: Deno.TestContext, host: ContractHost): Promise<void> {
  await host.set(300);
  const before = host.bootId;
  const reason = await host.board.reset() ? null : "nobody can press its button";
  await stepUnless(
    t,
    reason,
    "after a reset it is another boot, and takes no old set",
    async () => {
      await host.board.send(Uint8Array.of(0));
      await host.refused(Reason.STALE_BOOT, Type.SET, host.setBody([0, 300, 1000]));
      await host.hello();
      assert.notDeepEqual(host.bootId, before);
      assert.deepEqual(host.flags(await host.status()), host.all(Flag.FAILSAFE | Flag.RELEASED));
    },
  );
}
