import assert from "node:assert/strict";
import { UsageError } from "../../../src/errors.ts";
import { verbosityOf } from "../../../src/server/program/logging.ts";
import { parseServerOptions, serverHelp } from "../../../src/server/program/options.ts";

Deno.test("parseServerOptions gives defaults for what is not said", () => {
  assert.deepEqual(parseServerOptions([]), {
    config: undefined,
    address: undefined,
    port: undefined,
    verbose: 0,
    quiet: false,
    logfile: undefined,
    pidfile: undefined,
    check: false,
    live: false,
    insecure: false,
    version: false,
    help: false,
  });
});

Deno.test("parseServerOptions takes every option in its short and its long form", () => {
  const short = ["-c", "f.toml", "-a", "::1", "-p", "0", "-vv", "-q", "-l", "l", "-P", "p", "-V"];
  const long = ["--config", "f.toml", "--address=::1", "--port=0", "--verbose", "--verbose"]
    .concat(["--quiet", "--logfile", "l", "--pidfile=p", "--version"]);
  const expected = {
    config: "f.toml",
    address: "::1",
    port: 0,
    verbose: 2,
    quiet: true,
    logfile: "l",
    pidfile: "p",
    check: false,
    live: false,
    insecure: false,
    version: true,
    help: false,
  };
  assert.deepEqual(parseServerOptions(short), expected);
  assert.deepEqual(parseServerOptions(long), expected);
  assert.equal(parseServerOptions(["--check"]).check, true);
  assert.equal(parseServerOptions(["--live"]).live, true);
  assert.equal(parseServerOptions(["--insecure"]).insecure, true);
  assert.equal(parseServerOptions(["-h"]).help, true);
  assert.equal(parseServerOptions(["--help"]).help, true);
});

const WRONG: readonly (readonly [args: string[], found: RegExp])[] = [
  [["-x"], /"-x"/],
  [["extra"], /"extra"/],
  [["--chekc"], /"--chekc".*--check/],
  [["--check=1"], /--check/],
  [["-p"], /-p.*PORT/],
  [["-p", "ninety"], /"ninety"/],
  [["-p", "1.5"], /"1.5"/],
  [["-p", "65536"], /"65536"/],
  [["--port=-1"], /"-1"/],
  [["-p", "1", "-p", "2"], /-p.*multiple/],
  [["-c"], /-c.*FILE/],
];

for (const [args, found] of WRONG) {
  Deno.test(`parseServerOptions refuses ${args.join(" ")} and says what to do`, () => {
    assert.throws(() => parseServerOptions(args), (error) => {
      assert.ok(error instanceof UsageError);
      assert.match(error.message, /^Cannot start: .*[^.]; see "server\.ts --help"$/);
      assert.match(error.message, found);
      return true;
    });
  });
}

Deno.test("serverHelp names every option and what it takes, in 80 columns", () => {
  const help = serverHelp();
  for (
    const option of ["-c", "-a", "-p", "-v", "-q", "-l", "-P", "--check", "--live", "-V", "-h"]
  ) {
    assert.match(help, new RegExp(`^  ${option}[, ]`, "m"), option);
  }
  for (const line of help.split("\n")) assert.ok(line.length <= 80 && !line.endsWith(" "), line);
});

Deno.test("verbosityOf counts up to everything, and quiet wins", () => {
  assert.deepEqual([0, 1, 2, 3, 9].map((verbose) => verbosityOf(verbose, false)), [0, 1, 2, 3, 3]);
  assert.equal(verbosityOf(3, true), -1);
});
