/** The rules of this repository that its files show: what CONTRIBUTING.md asks for, executable. */

import assert from "node:assert/strict";
import { MAX_FUNCTION_LINES, PURE } from "../../tools/lint_plugin.ts";
import { REPOSITORY } from "../support/paths.ts";
import { importsOf, readTree, type TreeFile, withoutComments } from "../support/tree.ts";

const MAX_FILE_LINES = 400;
const MAX_LINE_LENGTH = 100;

/** Which parts of src/ a part may use, beside itself; "" is the files of src/ themselves. */
const MAY_USE: Readonly<Record<string, readonly string[]>> = {
  "": [],
  wire: [""],
  control: [""],
  "board/protocol": [""],
  libc: [""],
  sockets: [""],
  radio: ["", "sockets", "board"],
  communication: ["", "wire", "sockets"],
  rig: ["", "sockets"],
  client: ["", "wire", "sockets", "communication"],
  sensors: ["", "control", "libc"],
  board: ["", "board/protocol", "libc", "sensors/simulated", "sockets"],
  agent: ["", "wire", "control", "sockets", "communication", "board", "board/protocol"],
  replay: ["", "control"],
  config: ["", "control", "sensors", "board", "agent", "rig"],
  server: ["", "wire", "control", "sockets", "communication", "sensors", "board", "agent", "libc"]
    .concat("replay", "config", "rig"),
  cli: [
    "",
    "wire",
    "control",
    "sockets",
    "communication",
    "client",
    "board",
    "agent",
    "libc",
    "replay",
    "sensors",
    "config",
    "rig",
    "radio",
  ],
};

/** What is started or imported from outside; everything else must be reached from these. */
const ENTRIES = ["mod.ts", "server.ts", "client.ts"];

/** The loopback interface, hosts that exist for examples, and the public pages that are cited. */
const KNOWN_HOSTS: readonly RegExp[] = [
  /^(127\.\d+\.\d+\.\d+|localhost|\[::1\])$/,
  /(^|\.)example(\.(com|org|net))?$/,
  /(^|\.)(github\.com|githubusercontent\.com|deno\.com|jsr\.io|npmjs\.com)$/,
  /(^|\.)(rfc-editor\.org|ietf\.org|iana\.org|kernel\.org)$/,
  // Asked for the external address, when a user asks for that.
  /^ident\.me$/,
];

/** Who may call the network itself, and why. TLS is made where its certificates are known. */
const OWN_NETWORK: readonly [place: string, reason: string][] = [
  ["src/sockets/", "the one implementation"],
  ["src/communication/private_line.ts", "judges what the system tells, not what people write"],
  ["src/server/doors/", "lets clients in as they come, with nothing in between"],
];

/** Who waits for peers, and does so by a `Waiter`: what loses a race is never forgotten. */
const TALKING = /^src\/(agent|cli|client|communication|radio|rig)\//;

const tree = await readTree();
const modules = tree.filter(({ path }) => path.endsWith(".ts"));
const sources = modules.filter(({ path }) => path.startsWith("src/"));
const byPath = new Map(tree.map((file) => [file.path, file]));

/** The part of src/ that a module belongs to: the longest name in {@link MAY_USE}. */
function partOf(path: string): string | undefined {
  const folder = path.match(/^src\/(?:(.*)\/)?[^/]*$/)?.[1] ?? "";
  const inside = (part: string): boolean => part === "" || `${folder}/`.startsWith(`${part}/`);
  if (folder === "") return "";
  return Object.keys(MAY_USE).filter((part) => part !== "" && inside(part))
    .sort((a, b) => b.length - a.length)[0];
}

/** Every line of `files` that matches, as `path:line: text`. */
function linesLike(files: readonly TreeFile[], pattern: RegExp): string[] {
  return files.flatMap(({ path, text }) =>
    text.split("\n").flatMap((line, index) =>
      pattern.test(line) ? [`${path}:${index + 1}: ${line.trim()}`] : []
    )
  );
}

Deno.test("imports point one way, from the server, the agent and fanctl down to the wire", () => {
  const wrong = sources.flatMap((file) => {
    const part = partOf(file.path);
    if (part === undefined) return [`${file.path} belongs to no part of MAY_USE`];
    const allowed = [part, ...MAY_USE[part] ?? []];
    return importsOf(file).filter((target) => target.startsWith("src/")).flatMap((target) => {
      const used = partOf(target) ?? target;
      return allowed.some((name) => used === name || (name && used.startsWith(`${name}/`)))
        ? []
        : [`${file.path} imports ${target}`];
    });
  });
  assert.deepEqual(wrong, []);
});

Deno.test("pure parts import pure parts, and the wire its codec", () => {
  const wrong = sources.filter(({ path }) => PURE.test(`/${path}`)).flatMap((file) =>
    importsOf(file)
      .filter((target) => !PURE.test(`/${target}`))
      .filter((target) => !(target === "deps.ts" && file.path.startsWith("src/wire/")))
      .map((target) => `${file.path} imports ${target}`)
  );
  assert.deepEqual(wrong, []);
});

Deno.test("connections, listeners and addresses are those of src/sockets/", () => {
  const own = /\bDeno\.(connect|listen|listenDatagram|resolveDns)\b|"node:(net|dgram|dns)\b/;
  const handMade = /127\\?\.?\(?\\\.|\{1,3\}\)\{3\}|\bport\b.*\{1,5\}|`\[\$\{(host|addr)/;
  const wrong = sources
    .filter(({ path }) => !OWN_NETWORK.some(([place]) => path.startsWith(place)))
    .map(({ path, text }) => ({ path, text: withoutComments(text) }));
  assert.deepEqual([...linesLike(wrong, own), ...linesLike(wrong, handMade)], []);
  const talking = wrong.filter(({ path }) => TALKING.test(path));
  assert.deepEqual(linesLike(talking, /\bPromise\.race\(/), []);
});

Deno.test("packages enter through deps.ts, with exact versions, and nothing comes from a URL", () => {
  const exact = /^npm:(@[\w.-]+\/)?[\w.-]+@\d+\.\d+\.\d+(-[\w.]+)?(\/[\w./-]+)?$/;
  const wrong = modules.flatMap((file) =>
    importsOf(file)
      .filter((specifier) => /^(npm|jsr|https?):/.test(specifier))
      .filter((specifier) => !/^(tests\/)?deps\.ts$/.test(file.path) || !exact.test(specifier))
      .map((specifier) => `${file.path} imports ${specifier}`)
  );
  assert.deepEqual(wrong, []);
});

Deno.test("deno.json maps no imports, because a module imported by URL never sees them", async () => {
  const config = JSON.parse(await Deno.readTextFile(`${REPOSITORY}deno.json`));
  for (const key of ["imports", "importMap", "scopes", "workspace"]) assert.ok(!(key in config));
  assert.ok(!byPath.has("package.json"));
});

Deno.test("mod.ts is an export list and nothing else", () => {
  const rest = withoutComments(byPath.get("mod.ts")?.text ?? "")
    .replace(/export\s+(type\s+)?(\{[^}]*\}|\*)\s+from\s+"[^"]+";/g, "");
  assert.equal(rest.trim(), "");
});

Deno.test("every module of src/ is reached from mod.ts, server.ts or client.ts", () => {
  const reached = new Set(ENTRIES);
  for (const path of reached) {
    const file = byPath.get(path);
    if (file?.path.endsWith(".ts")) { for (const next of importsOf(file)) reached.add(next); }
  }
  assert.deepEqual(sources.map(({ path }) => path).filter((path) => !reached.has(path)), []);
});

Deno.test("everything in tests/support/ is used by a test", () => {
  const used = new Set(modules.flatMap((file) => importsOf(file)));
  const support = modules.filter(({ path }) => path.startsWith("tests/support/"));
  assert.deepEqual(support.map(({ path }) => path).filter((path) => !used.has(path)), []);
});

Deno.test("tests have names that the test runner finds", () => {
  const lost = modules.filter(({ path, text }) =>
    path.startsWith("tests/") && /^Deno\.test\(/m.test(text) &&
    !/_test\.ts$/.test(path) && !path.startsWith("tests/support/")
  );
  assert.deepEqual(lost.map(({ path }) => path), []);
});

Deno.test(`no source file has more than ${MAX_FILE_LINES} lines`, () => {
  const long = tree.filter(({ path }) => /\.(ts|c|h)$/.test(path) && !path.includes("vectors/"))
    .map(({ path, text }) => ({ path, lines: text.split("\n").length - 1 }))
    .filter(({ lines }) => lines > MAX_FILE_LINES);
  assert.deepEqual(long, []);
});

Deno.test(`no function of the firmware has more than ${MAX_FUNCTION_LINES} lines`, () => {
  const long = tree.filter(({ path }) => path.endsWith(".c")).flatMap(({ path, text }) =>
    [...text.matchAll(/^[\w][^;\n]*\([^;{]*\{\n[\s\S]*?^\}/gm)]
      .filter(([body]) => body.split("\n").length > MAX_FUNCTION_LINES)
      .map(([body]) => `${path}: ${body.split("\n")[0]}`)
  );
  assert.deepEqual(long, []);
});

Deno.test(`no comment, no C and no prose is wider than ${MAX_LINE_LENGTH} characters`, () => {
  const wide = (start: string): RegExp => new RegExp(`^(?=${start}).{${MAX_LINE_LENGTH + 1}}`, "u");
  const comments = linesLike(modules, wide("\\s*(\\*|//|/\\*)"));
  const firmware = linesLike(
    tree.filter(({ path }) => /\.[ch]$|Makefile$|run$/.test(path)),
    wide(""),
  );
  const pages = tree.filter(({ path }) => path.endsWith(".md"))
    .map(({ path, text }) => ({ path, text: text.replace(/^```[\s\S]*?^```$/gm, "") }));
  // A table's row and a line that is one long address cannot be broken.
  const prose = linesLike(pages, wide("(?!\\||\\S+$)"));
  assert.deepEqual([...comments, ...firmware, ...prose], []);
});

Deno.test("no mark of unfinished work is left", () => {
  // In pieces, so that this line is not one.
  const marks = new RegExp(
    `\\b(${["TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK"].join("|")})\\b|` +
      `\\b(not|un) ?implement` + "ed\\b",
  );
  assert.deepEqual(linesLike(tree.filter(({ path }) => path !== "deno.lock"), marks), []);
});

Deno.test("every page has one title, at its top", () => {
  for (const { path, text } of tree.filter(({ path }) => path.endsWith(".md"))) {
    const outsideFences = text.replace(/^```[\s\S]*?^```$/gm, "");
    assert.match(text, /^# \S/, path);
    assert.equal(outsideFences.match(/^# /gm)?.length, 1, path);
  }
});

Deno.test("files name no place of the machine that they were written on", () => {
  const rooted = /["'`(= ]\/(?!\*|\/)([a-z][\w.-]*)\//;
  const known = /^(etc|dev|sys|proc|lib|lib64|usr|var|run|bin|opt|boot|path|repository)$/;
  const wrong = linesLike(tree.filter(({ path }) => !/\.(ts|lock|hex)$/.test(path)), rooted)
    .concat(linesLike(modules, /["'`]\/(?!\*|\/)([a-z][\w.-]*)\//))
    .filter((line) => !known.test(line.match(/["'`(= ]\/([a-z][\w.-]*)\//)?.[1] ?? ""));
  assert.deepEqual(wrong, []);
  assert.deepEqual(tree.filter(({ text }) => text.includes(REPOSITORY)).map((f) => f.path), []);
});

Deno.test("addresses are of the loopback interface, of examples, or of known public pages", () => {
  const hosts = tree.filter(({ path }) => path !== "deno.lock").flatMap(({ path, text }) =>
    [...text.matchAll(/\b(?:https?|wss?|mqtts?):\/\/([^\s/:"'`<>)$\\]+)/g)].map((
      [, host = ""],
    ) => ({
      path,
      host,
    }))
  );
  assert.deepEqual(hosts.filter(({ host }) => !KNOWN_HOSTS.some((known) => known.test(host))), []);
  const numbers =
    /(?<![\d.])(?!127\.|0\.0\.0\.0|192\.0\.2\.|198\.51\.100\.|203\.0\.113\.)\d{1,3}(\.\d{1,3}){3}(?![\d.])/;
  assert.deepEqual(linesLike(modules, numbers), []);
});
