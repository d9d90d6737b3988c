import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import { HttpSensor, MAX_BODY_BYTES } from "../../../src/sensors/network/http.ts";
import type { HttpSource } from "../../../src/sensors/sensor_source.ts";
import { runDeno } from "../../support/process.ts";
import { tempDir } from "../../support/temp_dir.ts";

const never = new AbortController().signal;

/** A web server that answers as a test says, and counts. */
class WebServer implements AsyncDisposable {
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  readonly asked: string[] = [];

  constructor(answer: (request: Request) => Response | Promise<Response>) {
    this.#server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen() {} },
      (request) => {
        this.asked.push(new URL(request.url).pathname);
        return answer(request);
      },
    );
  }

  get url(): string {
    return `http://127.0.0.1:${this.#server.addr.port}/room?key=secret`;
  }

  read(source: Partial<HttpSource> = {}, signal: AbortSignal = never): Promise<number> {
    return new HttpSensor("x", { type: "http", url: this.url, scale: 1, ...source }).read(signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }
}

for (
  const [what, body, source, tempC] of [
    ["a plain number", "21.5\n", {}, 21.5],
    ["tenths of degrees", "215", { scale: 0.1 }, 21.5],
    ["a number in JSON", '{"path":[{"c":21.5}]}', { pointer: "/path/0/c" }, 21.5],
    ["a number in quotes", '{"state":"21.5"}', { pointer: "/state" }, 21.5],
    ["a whole document that is a number", "21.5", { pointer: "" }, 21.5],
    ["a number below zero", "-4.25", {}, -4.25],
  ] as const
) {
  Deno.test(`a web server that sends ${what} is read`, async () => {
    await using server = new WebServer(() => new Response(body));
    strictEqual(await server.read(source), tempC);
  });
}

for (
  const [what, response, source, message] of [
    ["text", () => new Response("warm"), {}, /found "warm"; it must hold one number/],
    ["nothing", () => new Response(null, { status: 204 }), {}, /found nothing/],
    ["NaN", () => new Response("NaN"), {}, /found "NaN"/],
    ["no JSON", () => new Response("<html>"), { pointer: "/c" }, /"<html>"; it must send JSON/],
    ["null", () => Response.json({ c: null }), { pointer: "/c" }, /at "\/c" is null; point/],
    ["no such key", () => Response.json({}), { pointer: "/c" }, /at "\/c" is nothing; point/],
    ["true", () => Response.json({ c: true }), { pointer: "/c" }, /at "\/c" is true; point/],
    ["an error", () => new Response("7", { status: 500 }), {}, /it answers 500; correct the/],
    ["nothing found", () => new Response("7", { status: 404 }), {}, /it answers 404/],
  ] as const
) {
  Deno.test(`a web server that sends ${what} gives no reading`, async () => {
    await using server = new WebServer(response);
    await rejects(server.read(source), message);
  });
}

Deno.test("a redirect is told and not followed", async () => {
  await using server = new WebServer(() => Response.redirect("http://127.0.0.1/elsewhere"));
  await rejects(server.read(), /it answers 302 and sends to "http:\/\/127\.0\.0\.1\/elsewhere"/);
  deepStrictEqual(server.asked, ["/room"]);
});

Deno.test("a web server that floods is cut off", async () => {
  let cancelled = false;
  const flood = (): Response =>
    new Response(
      new ReadableStream({
        pull: (controller) => controller.enqueue(new Uint8Array(16_384).fill(0x31)),
        cancel: () => void (cancelled = true),
      }),
    );
  await using server = new WebServer(flood);
  await rejects(server.read(), new RegExp(`sends more than ${MAX_BODY_BYTES} bytes`));
  ok(cancelled || server.asked.length === 1);
});

Deno.test("a web server that does not answer in time gives no reading", async () => {
  const { promise: asked, resolve } = Promise.withResolvers<void>();
  const { promise: never, resolve: end } = Promise.withResolvers<Response>();
  await using server = new WebServer(() => {
    resolve();
    return never;
  });
  const abort = new AbortController();
  const reading = rejects(server.read({}, abort.signal), /it took too long; see that the server/);
  await asked;
  abort.abort();
  await reading;
  end(new Response("7"));
});

Deno.test("a web server that stops in the middle gives no reading", async () => {
  const { promise: begun, resolve } = Promise.withResolvers<void>();
  await using server = new WebServer(() =>
    new Response(
      new ReadableStream({
        start(controller) {
          controller.enqueue(new TextEncoder().encode("2"));
          resolve();
        },
      }),
    )
  );
  const abort = new AbortController();
  const reading = rejects(server.read({}, abort.signal), /it took too long/);
  await begun;
  abort.abort();
  await reading;
});

Deno.test("a web server that is not there gives no reading, and no key is told", async () => {
  let url = "";
  {
    await using server = new WebServer(() => new Response("7"));
    url = server.url;
  }
  await rejects(
    new HttpSensor("x", { type: "http", url, scale: 1 }).read(never),
    ({ message }: Error) =>
      /^Cannot read "http:\/\/127\.0\.0\.1:\d+\/room": .*; see that the server answers$/.test(
        message,
      ) && !message.includes("secret"),
  );
});

Deno.test("a web server needs the permission for its own place alone", async () => {
  await using server = new WebServer(() => new Response("21.5"));
  const module = new URL("../../../src/sensors/network/http.ts", import.meta.url).href;
  await using dir = await tempDir();
  const script = await dir.write(
    "bare.ts",
    `import { HttpSensor } from "${module}";
     const source = { type: "http", url: "${server.url}", scale: 1 };
     const read = new HttpSensor("x", source).read(new AbortController().signal);
     console.log(await read.catch((error) => error.message));`,
  );
  const { host } = new URL(server.url);
  const run = async (...flags: string[]): Promise<string> =>
    (await runDeno(["run", "--no-check", ...flags, script])).stdout.trim();
  strictEqual(
    await run(),
    `Cannot ask "${host}": it is not permitted; run with --allow-net=${host}`,
  );
  strictEqual(await run(`--allow-net=${host}`), "21.5");
});
