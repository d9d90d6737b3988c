/** `fanctl board flash`, with a program in avrdude's place that keeps what it was given. */

import assert from "node:assert/strict";
import image from "../../firmware/fand_328p.hex" with { type: "text" };
import { avrdudeArguments, runAvrdude } from "../../src/cli/board/avrdude.ts";
import { BoardDesk } from "../support/board_desk.ts";
import { Pty, testOnPty } from "../support/pty.ts";
import { tempDir } from "../support/temp_dir.ts";

const FLASHING = { part: "atmega328p", port: "/dev/ttyUSB0", baudRate: null, image } as const;

Deno.test("avrdude is told the part, its bootloader and the port", () => {
  const rest = ["-D", "-U", "flash:w:-:i"];
  assert.deepEqual(avrdudeArguments(FLASHING), [
    ...["-p", "m328p", "-c", "arduino", "-P", "/dev/ttyUSB0", "-b", "115200"],
    ...rest,
  ]);
  const mega = { ...FLASHING, part: "atmega2560", baudRate: 57_600 } as const;
  assert.deepEqual(avrdudeArguments(mega), [
    ...["-p", "m2560", "-c", "wiring", "-P", "/dev/ttyUSB0", "-b", "57600"],
    ...rest,
  ]);
});

Deno.test("runAvrdude() hands the image over and passes on what is said", async () => {
  await using dir = await tempDir();
  const script = `#!/bin/sh\necho "writing $*" >&2\ncat > ${dir.join("image")}\n`;
  const program = await dir.write("avrdude", script);
  await Deno.chmod(program, 0o755);
  let said = "";
  await runAvrdude(FLASHING, (text) => said += text, program);
  assert.equal(await Deno.readTextFile(dir.join("image")), image);
  assert.match(said, /^writing -p m328p -c arduino /);
});

Deno.test("runAvrdude() says what is wrong when avrdude fails, or is not installed", async () => {
  await using dir = await tempDir();
  const program = await dir.write("avrdude", "#!/bin/sh\necho not in sync >&2\nexit 1\n");
  await Deno.chmod(program, 0o755);
  let said = "";
  await assert.rejects(
    runAvrdude(FLASHING, (text) => said += text, program),
    /avrdude ended with 1; see what it said above, and try --bootloader-baud 57600/,
  );
  assert.equal(said, "not in sync\n");
  await assert.rejects(
    runAvrdude(FLASHING, () => {}, dir.join("none")),
    /none is not installed; install it, as with apt-get install avrdude/,
  );
});

Deno.test("fanctl board flash wants a serial port, consent, and a board that nobody has", async () => {
  await using desk = await BoardDesk.open();
  const cases: [line: string, status: number, text: RegExp][] = [
    ["board flash", 2, /--board/],
    ["board flash --board sim: --yes", 2, /that is no serial port of this machine/],
    ["board flash --board /dev/ttyUSB9", 2, /all fans run at full speed meanwhile; say --yes/],
    ["board flash --board /dev/ttyUSB9 --part z80 --yes", 2, /z80/],
    [
      "board flash --board /dev/fan --yes",
      1,
      /an agent drives it as "owned"; end that agent first/,
    ],
  ];
  const agent = await desk.served.connect();
  await agent.ask("board", "owned", { line: "/dev/fan" });
  for (const [line, status, text] of cases) {
    const found = await desk.fanctl(line);
    assert.equal(found.status, status, line);
    assert.match(found.err, text);
  }
});

testOnPty("fanctl board flash asks for the part of a board that does not tell it", async () => {
  await using desk = await BoardDesk.open();
  await using pty = await Pty.echo();
  const { status, err } = await desk.fanctl(`board flash --board ${pty.path} --yes`);
  assert.equal(status, 1);
  assert.match(
    err,
    /it does not tell what it is; name its part with --part atmega328p \(Uno, Nano/,
  );
});
