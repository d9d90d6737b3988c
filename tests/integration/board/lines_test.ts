/** Lines over TCP and serial ports: what every line owes its driver. */

import assert from "node:assert/strict";
import type { Line } from "../../../src/board/line.ts";
import { openLine } from "../../../src/board/open_line.ts";
import { BoardError } from "../../../src/errors.ts";
import { freePort } from "../../support/free_port.ts";
import { runDeno } from "../../support/process.ts";
import { Pty } from "../../support/pty.ts";
import { isOnPath, stepUnless } from "../../support/test_with.ts";

/** The other end of a line, which sends back what it gets. */
interface Echo extends AsyncDisposable {
  readonly spec: string;
  /** Goes away. */
  unplug(): Promise<void>;
}

async function serialEcho(): Promise<Echo> {
  const pty = await Pty.echo();
  return {
    spec: `tty:${pty.path}`,
    unplug: () => pty.unplug(),
    [Symbol.asyncDispose]: () => pty[Symbol.asyncDispose](),
  };
}

function tcpEcho(hostname = "127.0.0.1"): Promise<Echo> {
  const listener = Deno.listen({ hostname, port: 0 });
  const connections: Deno.Conn[] = [];
  const unplug = (): Promise<void> => {
    for (const connection of connections.splice(0)) connection.close();
    return Promise.resolve();
  };
  const echoing = (async () => {
    for await (const connection of listener) {
      connections.push(connection);
      connection.readable.pipeTo(connection.writable).catch(() => {});
    }
  })();
  const { port } = listener.addr as Deno.NetAddr;
  const host = hostname.includes(":") ? `[${hostname}]` : hostname;
  return Promise.resolve({
    spec: `tcp://${host}:${port}`,
    unplug,
    [Symbol.asyncDispose]: async () => {
      listener.close();
      await echoing;
      await unplug();
    },
  });
}

const KINDS = [
  { kind: "serial", echo: serialEcho, missing: isOnPath("socat") ? null : "socat not installed" },
  { kind: "TCP", echo: tcpEcho, missing: null },
] as const;

/** The next `length` bytes of a line. */
async function read(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  length: number,
): Promise<number[]> {
  const bytes: number[] = [];
  while (bytes.length < length) {
    const { value, done } = await reader.read();
    assert.ok(!done, "the line has ended");
    bytes.push(...value);
  }
  return bytes;
}

const PROMISES: readonly [string, (line: Line, echo: Echo) => Promise<void>][] = [
  ["has its name, and carries bytes both ways", async (line, { spec }) => {
    assert.ok(spec.endsWith(line.name), line.name);
    const reader = line.readable.getReader();
    const writer = line.writable.getWriter();
    await writer.write(Uint8Array.of(0, 3, 17, 19, 255));
    await writer.write(Uint8Array.of(10, 13));
    assert.deepEqual(await read(reader, 7), [0, 3, 17, 19, 255, 10, 13]);
  }],
  ["ends both streams when it is closed, also those that are held", async (line) => {
    const reading = line.readable.getReader().read();
    const writer = line.writable.getWriter();
    await line.close();
    await line.close();
    assert.equal((await reading).done, true);
    await assert.rejects(writer.write(Uint8Array.of(1)), /is (not open|closed)/);
  }],
  ["ends what is being written when it is closed", async (line) => {
    const writing = line.writable.getWriter().write(new Uint8Array(50_000_000));
    const failed = assert.rejects(writing);
    await line.close();
    await failed;
  }],
  ["ends or fails when the other side goes away", async (line, echo) => {
    const reader = line.readable.getReader();
    const writer = line.writable.getWriter();
    await writer.write(Uint8Array.of(1));
    await read(reader, 1);
    await echo.unplug();
    const end = await reader.read().catch((error) => error);
    assert.ok(end instanceof Error || end.done);
  }],
];

for (const { kind, echo, missing } of KINDS) {
  Deno.test(`a ${kind} line`, async (t) => {
    const skip = Deno.env.get("CI") === "true" ? null : missing;
    for (const [promise, keep] of PROMISES) {
      await stepUnless(t, skip, promise, async () => {
        await using other = await echo();
        const line = await openLine(other.spec);
        await keep(line, other);
        await line.close();
      });
    }
  });
}

Deno.test("a TCP line to IPv6 keeps its brackets", async () => {
  await using echo = await tcpEcho("::1");
  const line = await openLine(echo.spec);
  assert.equal(line.name, echo.spec);
  await line.close();
});

Deno.test("a line that cannot be opened says why, as a BoardError", async () => {
  const fails = (spec: string, message: RegExp): Promise<void> =>
    assert.rejects(openLine(spec), (error) => {
      assert.ok(error instanceof BoardError);
      assert.match(error.message, message);
      return true;
    });
  const port = freePort();
  await fails(
    `tcp://127.0.0.1:${port}`,
    /^Cannot open the board line "tcp:\/\/127\.0\.0\.1:\d+": .*refused.*; check the address/,
  );
  await fails("/dev/nothing", /^Cannot open "\/dev\/nothing": No such file or directory; check/);
  await fails("tty:usb-dead:beef", /^Cannot find the serial port "usb-dead:beef": /);
});

Deno.test("a line without its permission names the flag, and asks nobody", async () => {
  const program = (spec: string): string => `
    import { openLine } from "${new URL("../../../src/board/open_line.ts", import.meta.url)}";
    await openLine("${spec}").catch((error) => console.log(error.message));`;
  const run = async (spec: string): Promise<string> =>
    (await runDeno(["run", "--ext=ts", "-"], { stdin: program(spec) })).stdout;
  assert.match(
    await run("tcp://127.0.0.1:9"),
    /it is not permitted; run with --allow-net=127\.0\.0\.1:9$/m,
  );
  assert.match(await run("tcp://[::1]:9"), /run with --allow-net=\[::1\]:9$/m);
  assert.match(
    await run("/dev/null"),
    /it is not permitted; run with --allow-ffi=\/.*libc\.so\.6$/m,
  );
});
