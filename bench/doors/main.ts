/**
 * What each way into a server costs, side by side: requests a second of one connection, one by one
 * and sixty-four at a time, handshakes a second, and memory a connection. A server process of its
 * own for each way and round; the median of the rounds is printed. Then one run of many connections
 * over each way, and what the server works for a request.
 *
 *     deno run -A bench/doors/main.ts [rounds]
 *
 * @module
 */

import { Authority } from "../../src/cli/pki/authority.ts";
import { openTls, type TlsOptions } from "../../src/sockets/net.ts";
import { encodeMessage } from "../../src/wire/message.ts";
import { crowd } from "../system/crowd.ts";

const SECONDS = 2;
const IN_FLIGHT = 64;
const CONNECTIONS = 800;
/** So many connections are made at one time. */
const AT_ONCE = 200;

/** A way in. */
interface Way {
  readonly name: string;
  connect(server: Running): Promise<Deno.Conn>;
}

/** A server process. */
interface Running extends AsyncDisposable {
  readonly pid: number;
  readonly port: number;
  readonly tlsPort: number;
}

const folder = await Deno.makeTempDir({ prefix: "fand_bench_" });
const authority = await Authority.init(folder, { name: "bench CA", days: 1 }, Date.now());
const wanted = { days: 1, replace: false, hosts: [] as string[] };
await authority.issue(
  { ...wanted, name: "localhost", use: "server", hosts: ["127.0.0.1"] },
  Date.now(),
);
await authority.issue({ ...wanted, name: "rack7", use: "client" }, Date.now());
const text = (file: string) => Deno.readTextFileSync(`${folder}/${file}`);
const path = `${folder}/fand.sock`;
const PING = encodeMessage("ping", []);
const ACK = encodeMessage("ack", []);

const overTls = (tls: TlsOptions) => ({ tlsPort: port }: Running) =>
  openTls({ hostname: "127.0.0.1", port }, tls, new AbortController().signal);
const ca = text("ca.pem");
const WAYS: readonly (Way & { readonly tls: string })[] = [
  {
    name: "plain TCP",
    tls: "",
    connect: async ({ port }) => {
      const conn = await Deno.connect({ hostname: "127.0.0.1", port });
      conn.setNoDelay();
      return conn;
    },
  },
  { name: "unix socket", tls: "", connect: () => Deno.connect({ transport: "unix", path }) },
  { name: "TLS", tls: "tls", connect: overTls({ ca }) },
  {
    name: "mutual TLS",
    tls: "mutual",
    connect: overTls({ ca, cert: text("rack7.pem"), key: text("rack7.key") }),
  },
];

function configOf(tls: string): string {
  const files = [
    `cert = "${folder}/localhost.pem"`,
    `key = "${folder}/localhost.key"`,
    ...tls === "mutual" ? [`client_ca = "${folder}/ca.pem"`] : [],
  ];
  return `store = "none"
unix = "${path}"
${tls === "" ? "" : `[tls]\nport = 0\n${files.join("\n")}`}
[journal]
path = "none"
[[client]]
name = "rack7"
role = "read"
[[sensor]]
name = "a"
type = "pushed"
[[shelf]]
name = "shelf1"
[[shelf.cause]]
name = "warmth"
sensors = ["a"]
curve = [[30, 25], [60, 100]]
`;
}

async function start(tls: string): Promise<Running> {
  const config = `${folder}/fand.toml`;
  await Deno.writeTextFile(config, configOf(tls));
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "server.ts", "-p", "0", "-c", config],
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const lines = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let said = "";
  while (!said.includes(tls === "" ? "unix:" : "(TLS)")) said += (await lines.read()).value ?? "";
  return {
    pid: child.pid,
    port: Number(/:(\d+);/.exec(said)?.[1]),
    tlsPort: Number(/:(\d+) \(TLS\)/.exec(said)?.[1]),
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      await child.status;
      await lines.cancel();
    },
  };
}

/** Requests a second with so many of them in flight. */
async function rate(conn: Deno.Conn, inFlight: number): Promise<number> {
  const batch = new Uint8Array(PING.length * inFlight);
  for (let at = 0; at < batch.length; at += PING.length) batch.set(PING, at);
  const buffer = new Uint8Array(65_536);
  let met = 0;
  const startMs = performance.now();
  while (performance.now() - startMs < SECONDS * 1000) {
    for (let at = 0; at < batch.length;) at += await conn.write(batch.subarray(at));
    for (let left = ACK.length * inFlight; left > 0;) {
      left -= await conn.read(buffer) ?? Number.NaN;
      if (Number.isNaN(left)) throw new Error("the server has closed the connection");
    }
    met += inFlight;
  }
  return met / (performance.now() - startMs) * 1000;
}

async function residentKib(pid: number): Promise<number> {
  const { stdout } = await new Deno.Command("ps", { args: ["-o", "rss=", "-p", `${pid}`] })
    .output();
  return Number(new TextDecoder().decode(stdout));
}

async function measure(way: Way & { tls: string }): Promise<number[]> {
  await using server = await start(way.tls);
  const buffer = new Uint8Array(100);
  const conn = await way.connect(server);
  const [one, many] = [await rate(conn, 1), await rate(conn, IN_FLIGHT)];
  const open: Deno.Conn[] = [];
  let half = 0;
  const startMs = performance.now();
  while (open.length < CONNECTIONS) {
    // Of the first half much is room that the second half uses again.
    if (open.length === CONNECTIONS / 2) half = await residentKib(server.pid);
    open.push(
      ...await Promise.all(
        Array.from({ length: AT_ONCE }, async () => {
          const more = await way.connect(server);
          await more.write(PING);
          await more.read(buffer);
          return more;
        }),
      ),
    );
  }
  const perSecond = CONNECTIONS / (performance.now() - startMs) * 1000;
  const memory = (await residentKib(server.pid) - half) / (CONNECTIONS / 2);
  for (const socket of [conn, ...open]) socket.close();
  return [one, many, perSecond, memory];
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** One row for each number of connections and of pings that each has in flight. */
async function crowds(way: Way & { tls: string }): Promise<Record<string, Crowded>> {
  await using server = await start(way.tls);
  const { pid } = server;
  const asked = { pid, replyBytes: ACK.length, connect: () => way.connect(server) };
  const rows: Record<string, Crowded> = {};
  for (const inFlight of [1, 100]) {
    for (const connections of [1, 50, 1000]) {
      const found = await crowd(asked, connections, inFlight);
      rows[`${way.name}: ${connections}, ${inFlight} in flight`] = {
        "requests/s": Math.round(found.perSecond),
        "p50 µs": Math.round(found.p50Us),
        "p99 µs": Math.round(found.p99Us),
        "CPU µs": Math.round(found.cpuUs * 10) / 10,
      };
    }
  }
  return rows;
}

type Crowded = Record<"requests/s" | "p50 µs" | "p99 µs" | "CPU µs", number>;

const rounds = Number(Deno.args[0] ?? 3);
const results = new Map<string, number[][]>();
const crowded: Record<string, Crowded> = {};
try {
  // In turn, so that what else the machine does falls on all of them.
  for (let round = 0; round < rounds; round++) {
    for (const way of WAYS) {
      results.set(way.name, [...results.get(way.name) ?? [], await measure(way)]);
    }
  }
  for (const way of WAYS) Object.assign(crowded, await crowds(way));
} finally {
  await Deno.remove(folder, { recursive: true });
}
// deno-lint-ignore no-console
console.table(
  Object.fromEntries(
    [...results].map(([name, all]) => [name, {
      "requests/s, one by one": Math.round(median(all.map(([one = 0]) => one))),
      [`requests/s, ${IN_FLIGHT} in flight`]: Math.round(median(all.map(([, many = 0]) => many))),
      "connections/s": Math.round(median(all.map(([, , rate = 0]) => rate))),
      "KiB a connection": Math.round(median(all.map(([, , , kib = 0]) => kib)) * 10) / 10,
    }]),
  ),
);
// deno-lint-ignore no-console
console.table(crowded);
