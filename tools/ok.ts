/**
 * Every gate, one after the other: `deno task ok` here, and `.ci/run` in a clean clone. The last
 * line is `N passed, N failed`, where each test and each other gate counts one.
 *
 * @module
 */

interface Gate {
  title: string;
  command: string[];
  env?: Record<string, string>;
  timeLimitMs?: number;
  /** What the output says about tests, when this gate runs some. */
  count?: (output: string) => { passed: number; failed: number; skipped: number };
  /** What is worth telling of the output, also when all is well. */
  note?: (output: string) => string;
}

interface Outcome {
  passed: number;
  failed: number;
}

const REPOSITORY = decodeURIComponent(new URL("..", import.meta.url).pathname);
/** Absolute, because a child writes its part from whatever folder it runs in. */
const COVERAGE_DIR = `${REPOSITORY}cov`;
const TIME_LIMIT_MS = 180_000;
const TEST_TIME_LIMIT_MS = 780_000;
const TAIL_LINES = 200;

/** What deno.json leaves out of the tests: `--ignore` takes its place. */
const NO_TESTS = "**/*.md";
/**
 * Programs of a simulated chip, minutes of its time each. Counting lines would take many times as
 * long, and what runs beside them would be late for a chip in real time.
 */
const CHIP_TESTS = [
  "tests/conformance/board/",
  "tests/integration/board/",
  "tests/faults/",
  "tests/integration/fans_test.ts",
  "tests/integration/fanctl_board_test.ts",
  ...["config", "curve", "fans", "line", "reset"].map((name) =>
    `tests/integration/firmware_${name}_test.ts`
  ),
];

const GATES: readonly Gate[] = [
  { title: "format", command: ["deno", "fmt", "--check"] },
  { title: "lint", command: ["deno", "lint"] },
  { title: "types, and the examples'", command: ["deno", "check", "--frozen", "--doc", "."] },
  {
    title: "documented API",
    command: ["deno", "doc", "--lint", "mod.ts", "server.ts", "client.ts"],
  },
  { title: "publishable", command: ["deno", "publish", "--dry-run", "--allow-dirty"] },
  { title: "firmware is the committed image", command: ["make", "-s", "-C", "firmware", "check"] },
  {
    title: "firmware's parts on this machine",
    command: ["make", "-s", "-C", "firmware", "host-test"],
  },
  {
    title: "tests",
    command: [
      "deno",
      "task",
      "test",
      "--frozen",
      "--parallel",
      `--ignore=${[NO_TESTS, ...CHIP_TESTS]}`,
    ],
    // Inherited by every process that the tests start, so that a server's lines count too.
    env: { DENO_COVERAGE_DIR: COVERAGE_DIR },
    timeLimitMs: TEST_TIME_LIMIT_MS,
    count: countTests,
    note: (output) => skippedNote(countTests(output).skipped),
  },
  {
    title: "tests on simulated chips",
    command: ["deno", "task", "test", "--frozen", ...CHIP_TESTS],
    timeLimitMs: TEST_TIME_LIMIT_MS,
    count: countTests,
  },
  {
    title: "coverage",
    // src/ and the modules at the top; not the tests, nor what they wrote into other folders.
    command: ["deno", "coverage", `--include=^file://${REPOSITORY}(src/|\\w+\\.ts$)`, COVERAGE_DIR],
    note: coverageNote,
  },
];

if (import.meta.main) Deno.exit(await main());

async function main(): Promise<number> {
  await Deno.remove(COVERAGE_DIR, { recursive: true }).catch(ignoreNotFound);
  const total: Outcome = { passed: 0, failed: 0 };
  for (const gate of GATES) {
    const { passed, failed } = await pass(gate);
    total.passed += passed;
    total.failed += failed;
  }
  say(`${total.passed} passed, ${total.failed} failed`);
  return total.failed === 0 ? 0 : 1;
}

/** Runs one gate and tells how it went; what failed shows the end of its output. */
async function pass(gate: Gate): Promise<Outcome> {
  const startMs = performance.now();
  const { success, output } = await run(gate);
  const seconds = ((performance.now() - startMs) / 1000).toFixed(1);
  const counted = gate.count?.(output) ?? { passed: Number(success), failed: 0 };
  // A test run can fail with no failing test: a module that does not load, a late rejection.
  const failed = success ? 0 : Math.max(counted.failed, 1);
  const note = gate.note?.(output) ?? "";
  say(`${success ? "ok    " : "FAILED"} ${gate.title} (${seconds} s)${note && `: ${note}`}`);
  if (!success) {
    say(`       ${gate.command.join(" ")}`);
    for (const line of tail(output)) say(`       ${line}`);
  }
  return { passed: counted.passed, failed };
}

/** The end of what a gate said, without the compiler's progress and the tests that passed. */
function tail(output: string): string[] {
  const lines = output.trimEnd().split("\n").filter((line) => !/^Check /.test(line));
  return lines.slice(Math.max(lines.indexOf(" ERRORS "), lines.length - TAIL_LINES));
}

/** Runs a gate's command as a process group of its own, so that its time limit ends all of it. */
async function run(gate: Gate): Promise<{ success: boolean; output: string }> {
  const { command: [program = "", ...args], env, timeLimitMs = TIME_LIMIT_MS } = gate;
  let child: Deno.ChildProcess;
  try {
    child = new Deno.Command(program === "deno" ? Deno.execPath() : program, {
      args,
      env: { NO_COLOR: "1", ...env },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
      detached: true,
    }).spawn();
  } catch (error) {
    return { success: false, output: `${error}; CONTRIBUTING.md names what to install` };
  }
  const end = (): void => Deno.kill(-child.pid, "SIGKILL");
  const interrupted = (): void => {
    end();
    Deno.exit(130);
  };
  Deno.addSignalListener("SIGINT", interrupted);
  let late = "";
  const timer = setTimeout(() => {
    late = `Still running after ${timeLimitMs / 1000} s: ended`;
    end();
  }, timeLimitMs);
  const { success, stdout, stderr } = await child.output();
  clearTimeout(timer);
  Deno.removeSignalListener("SIGINT", interrupted);
  const decoder = new TextDecoder();
  return { success, output: decoder.decode(stdout) + decoder.decode(stderr) + late };
}

/** Reads the last line of `deno test`: `ok | 12 passed (3 steps) | 0 failed | 1 ignored (2s)`. */
export function countTests(
  output: string,
): { passed: number; failed: number; skipped: number } {
  const summary = output.match(/^(?:ok|FAILED) \| (\d+) passed.*$/gm)?.at(-1) ?? "";
  const count = (what: string): number => Number(summary.match(`(\\d+) ${what}`)?.[1] ?? 0);
  return { passed: count("passed"), failed: count("failed"), skipped: count("ignored") };
}

function skippedNote(skipped: number): string {
  return skipped === 0 ? "" : `${skipped} skipped, their names say why`;
}

/** Reads the last row of `deno coverage`: `| All files | 93.2 | 96.6 | 96.8 |`. */
export function coverageNote(output: string): string {
  const [, branches, , lines] = output.match(/All files +\| +(\S+) +\| +(\S+) +\| +(\S+)/) ?? [];
  return lines === undefined ? "no figures" : `lines ${lines} %, branches ${branches} %`;
}

function ignoreNotFound(error: unknown): void {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
}

function say(line: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
}
