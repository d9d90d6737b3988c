/** The commands of docs/permissions.md: enough, and without any single grant too little. */

import assert from "node:assert/strict";
import { Workbench } from "../support/document.ts";
import { FakeSmartctl } from "../support/fake_smartctl.ts";
import { freePort } from "../support/free_port.ts";
import {
  commandFor,
  FILES,
  flagsFor,
  type Grant,
  grantsOf,
  LIBC,
  ROLES,
} from "../support/permissions_page.ts";
import { startDeno, type TestProcess } from "../support/process.ts";
import { ataDisk } from "../support/smart_reports.ts";
import { tempDir } from "../support/temp_dir.ts";
import { stepUnless } from "../support/test_with.ts";

/** A role that this test runs: what it is given besides, and the line that shows it at work. */
interface Trial {
  readonly role: string;
  readonly extra: readonly string[];
  readonly works: RegExp;
  /** Whether a server must be there for it. */
  readonly client?: boolean;
}

const DRIVES = `
store = "none"

[[sensor]]
name = "disk"
type = "smart"
device = "/dev/sda"
kind = "hdd"
misses = 0

[[shelf]]
name = "case"

[[shelf.cause]]
name = "drives"
sensors = ["disk"]
shape = "linear"
curve = [[30, 25], [50, 100]]
`;

const TRIALS: readonly Trial[] = [
  { role: "server", extra: ["--live", "-v"], works: /sim-\w+ \d.*°C/ },
  { role: "server with sensors of the kernel", extra: ["--live", "-v"], works: /ambient 32\.8 °C/ },
  { role: "server with programs", extra: ["--live", "-v"], works: /disk 37\S* °C/ },
  { role: "server with a store", extra: ["--live", "-v"], works: /ambient \d.*°C/ },
  { role: "fanctl", extra: [], works: /^ok$/, client: true },
  { role: "agent", extra: ["-vv"], works: /firmware \d+\.\d+/, client: true },
  {
    role: "agent with a serial port",
    extra: [],
    // The grants reach as far as the system's own answer.
    works: /Cannot open "\/dev\/serial\/\S*": No such file or directory/,
    client: true,
  },
];

/** Roles that need a web server; tests/integration/four_ways_test.ts runs them. */
const BY_URL = / by URL$/;

Deno.test("every role of the page is run by a test", () => {
  const tried = TRIALS.map(({ role }) => role);
  assert.deepEqual(ROLES.filter((role) => !BY_URL.test(role)), tried);
});

Deno.test("the command that a bare start names works as it is", async () => {
  await using bench = await Workbench.open();
  const args = ["server.ts", "-p", String(freePort()), "--live"];
  await using bare = startDeno(["run", ...args], bench.options);
  const told = (await bare.line(/^ +deno run /)).trim().split(" ").slice(1);
  assert.equal((await bare.ended).code, 1);
  await using run = startDeno(told, bench.options);
  await run.line(/°C/);
});

for (const trial of TRIALS) {
  Deno.test(`permissions of the role "${trial.role}"`, async (t) => {
    const { flags, args } = commandFor(trial.role, 0);
    const grants = grantsOf(flags);
    const noLibc = grants.some(({ name }) => name === "ffi") && LIBC === undefined
      ? "no C library is where it is known to be"
      : null;
    await using bench = await Workbench.open();
    for (const [name, text] of [...FILES, ["drives.toml", DRIVES] as const]) {
      if (args.includes(name)) await bench.write(name, text);
    }
    await stepUnless(t, noLibc, "are enough", async () => {
      await using run = await startTrial(bench, trial, []);
      await run.child.line(trial.works);
      assert.deepEqual(run.child.lines.filter(({ text }) => /--allow-/.test(text)), []);
    });
    for (const grant of grants) {
      await stepUnless(t, noLibc, `need ${flagsFor([grant])}`, async () => {
        await using run = await startTrial(bench, trial, [grant]);
        const value = grant.value.replace(/:0$/, ":").replaceAll(".", "\\.");
        await run.child.line(new RegExp(`--allow-${grant.name}=\\S*${value}`));
      });
    }
  });
}

/** Starts a role's command without some of its grants, and what it needs around it. */
async function startTrial(
  bench: Workbench,
  { role, extra, client }: Trial,
  without: readonly Grant[],
): Promise<AsyncDisposable & { child: TestProcess }> {
  const port = freePort();
  await using started = new AsyncDisposableStack();
  const tools = started.use(await tempDir());
  const smartctl = await FakeSmartctl.make(tools);
  await smartctl.answer("sda", { json: ataDisk("S1", 37) });
  const env = {
    ...bench.options.env,
    PATH: `${tools.path}:${bench.options.env?.["PATH"]}`,
  };
  if (client) {
    const server = commandFor("server", port);
    const child = started.use(
      startDeno(
        [...server.verb, ...server.flags, server.script, "-p", String(port)],
        bench.options,
      ),
    );
    await child.line(/listening/);
  }
  const { verb, flags, script, args } = commandFor(role, port);
  const kept = grantsOf(flags)
    .filter(({ name, value }) => !isIn(without, name, value.replace(String(port), "0")));
  const child = started.use(
    startDeno(
      [...verb, ...flagsFor(kept), script, ...args, "-p", String(port), ...extra],
      { ...bench.options, env },
    ),
  );
  const all = started.move();
  return { child, [Symbol.asyncDispose]: () => all.disposeAsync() };
}

function isIn(grants: readonly Grant[], name: string, value: string): boolean {
  return grants.some((grant) => grant.name === name && grant.value === value);
}
