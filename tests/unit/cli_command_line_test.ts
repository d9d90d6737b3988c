import assert from "node:assert/strict";
import type { Command, CommonOptions } from "../../src/cli/command.ts";
import { type Outcome, readCommandLine } from "../../src/cli/command_line.ts";
import { VERSION } from "../../src/version.ts";

const DEFAULTS: CommonOptions = {
  address: "127.0.0.1",
  port: 9999,
  timeoutMs: 10_000,
  json: false,
  tls: null,
  tokenFile: null,
  verbosity: 0,
  quiet: false,
};

function read(...args: string[]): Outcome {
  const surroundings = { localZone: () => "Europe/Paris", shelves: ["nas", "rack"] };
  return readCommandLine(args, surroundings, 80);
}

function textOf(...args: string[]): string {
  const outcome = read(...args);
  assert.equal(outcome.kind, "text");
  return outcome.kind === "text" ? outcome.text : "";
}

function problemOf(...args: string[]): string {
  const outcome = read(...args);
  assert.equal(outcome.kind, "wrong", args.join(" "));
  return outcome.kind === "wrong" ? outcome.problem : "";
}

const date = new Date("2030-12-29T00:01:59Z");
const OVERRIDE = {
  action: "set-pwm-override",
  shelf: "nas",
  expiry: null,
  force: false,
  reason: null,
} as const;

const COMMANDS: [line: string, command: Command][] = [
  ["ping", { action: "ping" }],
  ["list", { action: "list" }],
  ["get-pwm nas", { action: "get-pwm", shelf: "nas" }],
  ["get-rpm nas", { action: "get-rpm", shelf: "nas" }],
  ["status", { action: "status", shelf: null }],
  ["status nas", { action: "status", shelf: "nas" }],
  ["set-pwm-override nas 40", { ...OVERRIDE, percent: 40 }],
  ["set-pwm-override nas 0", { ...OVERRIDE, percent: 0 }],
  ["set-pwm-override nas 100", { ...OVERRIDE, percent: 100 }],
  ["set-pwm-override nas 62.5", { ...OVERRIDE, percent: 62.5 }],
  ["set-pwm-override nas none", { ...OVERRIDE, percent: null }],
  ["set-pwm-override nas nOnE", { ...OVERRIDE, percent: null }],
  ["set-pwm-override nas 40 --reason noise", { ...OVERRIDE, percent: 40, reason: "noise" }],
  ["why nas", { action: "why", shelf: "nas", at: null }],
  ["overrides", { action: "overrides" }],
  ["counters", { action: "counters" }],
  ["tune nas --sensor cpu --low 40 --high 62.5 --limit 80 --hold 5m", {
    action: "tune",
    shelf: "nas",
    sensor: "cpu",
    lowPercent: 40,
    highPercent: 62.5,
    limitC: 80,
    phaseMs: 300_000,
  }],
  ["tune nas", {
    action: "tune",
    shelf: "nas",
    sensor: null,
    lowPercent: null,
    highPercent: null,
    limitC: null,
    phaseMs: 600_000,
  }],
  ["whatif nas a=b=70 fan=stalled", {
    action: "whatif",
    shelf: "nas",
    suppositions: [{ name: "a=b", value: "70" }, { name: "fan", value: "stalled" }],
  }],
  ["set-pwm-override nas 40 --force", { ...OVERRIDE, percent: 40, force: true }],
  [
    "set-pwm-override --expire-in 1h30m nas 40",
    { ...OVERRIDE, percent: 40, expiry: { kind: "in", durationMs: 5_400_000 } },
  ],
  [
    "set-pwm-override nas 40 --expire-on=2030-12-29T01:01:59",
    { ...OVERRIDE, percent: 40, expiry: { kind: "on", date } },
  ],
  [
    "set-pwm-expire-in nas 4:22.5",
    { action: "set-pwm-expire-in", shelf: "nas", durationMs: 262_500 },
  ],
  ["set-pwm-expire-on nas 2030-12-29T00:01:59Z", {
    action: "set-pwm-expire-on",
    shelf: "nas",
    date,
  }],
  ["set-pwm-expire-on nas None", { action: "set-pwm-expire-on", shelf: "nas", date: null }],
  ["raw get_pwm nas", { action: "raw", request: "get_pwm", args: ["nas"] }],
  ["raw ping", { action: "raw", request: "ping", args: [] }],
  ["raw x -- -1 --json", { action: "raw", request: "x", args: ["-1", "--json"] }],
  ["watch", { action: "watch", shelves: [], count: null }],
  ["watch nas rack --once", { action: "watch", shelves: ["nas", "rack"], count: 1 }],
  ["watch --count 3", { action: "watch", shelves: [], count: 3 }],
  [
    "agent nas=0,1 ra=ck=2 --board sim: --name upper --state /var/lib/fand/a.json --server h:1 --server [::1] --server b",
    {
      action: "agent",
      bindings: [{ shelf: "nas", channels: [0, 1] }, { shelf: "ra=ck", channels: [2] }],
      board: "sim:",
      name: "upper",
      calibration: null,
      state: "/var/lib/fand/a.json",
      servers: [{ host: "h", port: 1 }, { host: "::1", port: 9999 }, { host: "b", port: 9999 }],
    },
  ],
  [
    "board set 0 62.5 --for 30s --board upper",
    { action: "board-set", board: "upper", channel: 0, target: { percent: 62.5 }, forMs: 30_000 },
  ],
  [
    "board set 1 none",
    { action: "board-set", board: null, channel: 1, target: null, forMs: 60_000 },
  ],
  [
    "board set 1 1200rpm",
    { action: "board-set", board: null, channel: 1, target: { rpm: 1200 }, forMs: 60_000 },
  ],
  ["board config get", { action: "board-config-get", board: null }],
  [
    "board config set 0.pulses 4",
    { action: "board-config-set", board: null, key: "0.pulses", value: "4" },
  ],
  ["board config save --board b", { action: "board-config-save", board: "b" }],
  ["board list", { action: "board-list" }],
  ["board info --board /dev/ttyUSB0", { action: "board-info", board: "/dev/ttyUSB0" }],
  ["board watch --once", { action: "board-watch", board: null, count: 1 }],
  [
    "agent nas=0 --board=sim:7",
    {
      action: "agent",
      bindings: [{ shelf: "nas", channels: [0] }],
      board: "sim:7",
      name: null,
      calibration: null,
      state: null,
      servers: [],
    },
  ],
];

Deno.test("readCommandLine() reads every command", () => {
  for (const [line, command] of COMMANDS) {
    const expected = { kind: "command", line: { options: DEFAULTS, command } };
    assert.deepEqual(read(...line.split(" ")), expected, line);
  }
});

const OPTIONS: [line: string, options: Partial<CommonOptions>][] = [
  ["-a nas.example ping", { address: "nas.example" }],
  ["ping --address ::1", { address: "::1" }],
  ["-p 1 ping", { port: 1 }],
  ["ping --port=65535", { port: 65_535 }],
  ["--timeout 0.5 ping", { timeoutMs: 500 }],
  ["--json ping", { json: true }],
  ["ping --json", { json: true }],
  ["-v ping", { verbosity: 1 }],
  ["-v ping -vv", { verbosity: 3 }],
  ["ping --quiet", { quiet: true }],
  ["ping -qv", { quiet: true, verbosity: 1 }],
];

Deno.test("readCommandLine() takes the common flags before and after the command", () => {
  for (const [line, options] of OPTIONS) {
    const expected = { options: { ...DEFAULTS, ...options }, command: { action: "ping" } };
    assert.deepEqual(read(...line.split(" ")), { kind: "command", line: expected }, line);
  }
});

const WRONG: [line: string, problem: RegExp][] = [
  ["", /^Cannot understand the command line: no command is given; see "fanctl --help"$/],
  ["--json", /: no command is given; see "fanctl --help"$/],
  ["histroy", /: unexpected option or argument: "histroy"; did you mean "history"\?$/],
  ["statsu nas", /"statsu"; did you mean "status"\?$/],
  ["get-pwn nas", /"get-pwn"; did you mean .*"get-pwm"/],
  ["ping --jsn", /"--jsn"; did you mean .*"--json"/],
  ["histroy --help", /"histroy"; did you mean "history"\?$/],
  ["help histroy", /"histroy"; did you mean "history"\?$/],
  ["ping nas", /: unexpected option or argument: "nas"; see "fanctl --help"$/],
  ["get-pwm", /: expected a "SHELF", but too few arguments; see "fanctl --help"$/],
  ["get-pwm nas other", /"other"; see "fanctl --help"$/],
  ["-a", /: "-a" requires "HOST"; see "fanctl --help"$/],
  ["-a x -a y ping", /: "-a" cannot be used multiple times; see/],
  ["-p 0 ping", /^Cannot read the port "0": it is not a whole number from 1 to 65535; write/],
  ["-p 65536 ping", /^Cannot read the port "65536"/],
  ["-p 99x ping", /^Cannot read the port "99x"/],
  ["--timeout 0 ping", /^Cannot read the time limit "0": it is not a number of seconds above 0/],
  ["--timeout 3601 ping", /^Cannot read the time limit "3601"/],
  ["--timeout forever ping", /^Cannot read the time limit "forever"/],
  ["set-pwm-override nas", /expected a "PERCENT\|none", but too few arguments/],
  ["set-pwm-override nas 101", /^Cannot read the percentage "101": it is not between 0 and 100; /],
  ["set-pwm-override nas 1e308", /^Cannot read the percentage "1e308"/],
  ["set-pwm-override nas NaN", /^Cannot read the percentage "NaN"/],
  ["set-pwm-override nas string", /^Cannot read the percentage "string"/],
  ["set-pwm-override nas -1-1", /"-1-1"/],
  ["set-pwm-override nas -- -1", /^Cannot read the percentage "-1"/],
  ["set-pwm-override nas 4 --expire-in 5 --expire-on 2030-01-01", /cannot be used together/],
  ["set-pwm-override nas 4 --expire-in 10s4h", /^Cannot read the duration "10s4h"/],
  ["set-pwm-override nas 4 --expire-on now", /^Cannot read the date "now"/],
  ["set-pwm-expire-in nas 5x", /^Cannot read the duration "5x"/],
  ["set-pwm-expire-on nas 2020-29-12T00:00:00", /^Cannot read the date "2020-29-12T00:00:00"/],
  ["raw", /expected a "REQUEST", but too few arguments/],
  ["raw get_pwm -1", /"-1"/],
  ["watch --count 0", /^Cannot read the count "0"/],
  ["watch --once --count 3", /cannot be used together/],
  ["agent nas=0", /: missing option "--board"; see/],
  ["agent --board sim:", /: no SHELF=CHANNEL is given; see/],
  ["agent nas --board sim:", /^Cannot read the binding "nas"/],
  ["agent nas=x --board sim:", /^Cannot read the binding "nas=x"/],
  ["agent =1 --board sim:", /^Cannot read the binding "=1"/],
  ["agent nas=0 --board sim", /^Cannot read the board line "sim": this is no known kind of line; /],
  ["agent nas=0 --board sim: --server a:b:c", /^Cannot read the server "a:b:c"/],
  ["agent nas=0 --board sim: --server a:70000", /^Cannot read the server "a:70000"/],
  ["completion", /: missing shell name for completion; see/],
  ["completion tcsh", /: unsupported shell "tcsh"/],
];

Deno.test("readCommandLine() says what is wrong with a line and what to do", () => {
  for (const [line, problem] of WRONG) {
    const found = problemOf(...line.split(" ").filter((word) => word !== ""));
    assert.match(found, problem);
    assert.match(found, /^Cannot [^;]+: .*; .*[^.]$/s);
  }
});

Deno.test.each(["-V", "--version"])("readCommandLine() prints the version for %s", (flag) => {
  assert.equal(textOf(flag), `fanctl ${VERSION}\n`);
});

Deno.test("readCommandLine() lists every command in its help", () => {
  const help = textOf("--help");
  assert.equal(textOf("-h"), help);
  assert.equal(textOf("help"), help);
  assert.match(help, /^Usage: fanctl \[FLAG\]\.\.\. COMMAND \[ARG\]\.\.\.$/m);
  for (const [line] of COMMANDS) {
    const [name = ""] = line.split(" ");
    assert.match(help, new RegExp(`^  ${name} `, "m"));
  }
  assert.ok(help.split("\n").every((line) => line.length <= 80));
});

Deno.test("readCommandLine() explains every command in a help page of its own", () => {
  for (const [line] of COMMANDS) {
    const [name = ""] = line.split(" ");
    assert.match(textOf(name, "--help"), new RegExp(`^Usage: fanctl ${name}`));
    assert.equal(textOf("help", name), textOf(name, "--help"));
  }
});

Deno.test.each(["bash", "zsh", "fish"])("readCommandLine() writes a completion for %s", (shell) => {
  assert.match(textOf("completion", shell), /fanctl/);
});

Deno.test("readCommandLine() offers commands, flags and shelves to a shell", () => {
  assert.match(textOf("completion", "bash", "set-"), /^set-pwm-override$/m);
  assert.match(textOf("completion", "bash", "ping", "--js"), /^--json$/m);
  assert.deepEqual(textOf("completion", "bash", "get-pwm", "").match(/^\w+$/gm), ["nas", "rack"]);
  assert.match(textOf("completion", "bash", "watch", "nas", "r"), /^rack$/m);
});

Deno.test("--tls, or a file for it, means TLS and its port; -p stands above that", () => {
  const optionsOf = (...args: string[]) => {
    const outcome = read(...args, "ping");
    assert.equal(outcome.kind, "command");
    return outcome.kind === "command" ? outcome.line.options : DEFAULTS;
  };
  const none = { ca: null, cert: null, key: null };
  assert.deepEqual(optionsOf("--tls"), { ...DEFAULTS, port: 9998, tls: none });
  assert.deepEqual(optionsOf("--ca", "ca.pem"), {
    ...DEFAULTS,
    port: 9998,
    tls: { ...none, ca: "ca.pem" },
  });
  assert.deepEqual(optionsOf("-p", "77", "--cert", "a.pem", "--key", "a.key"), {
    ...DEFAULTS,
    port: 77,
    tls: { ca: null, cert: "a.pem", key: "a.key" },
  });
});
