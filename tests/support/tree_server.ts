/**
 * Serves the working tree over HTTP on the loopback interface, as a web host would serve a
 * release: every module, and everything that a module needs at run time, must arrive this way.
 *
 * @module
 */

import { REPOSITORY } from "./paths.ts";

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  ts: "application/typescript",
  js: "text/javascript",
  json: "application/json",
  html: "text/html",
  css: "text/css",
};

/** A running HTTP server of a folder; hold it with `await using`. */
export class TreeServer implements AsyncDisposable {
  /** Every path that was asked for, in order. */
  readonly requested: string[] = [];
  readonly #server: Deno.HttpServer<Deno.NetAddr>;

  constructor(folder: string) {
    const root = folder.endsWith("/") ? folder : `${folder}/`;
    this.#server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen() {} },
      (request) => this.#answer(root, new URL(request.url).pathname.slice(1)),
    );
  }

  /** `127.0.0.1:PORT`: what `--allow-import` takes. */
  get host(): string {
    return `127.0.0.1:${this.#server.addr.port}`;
  }

  /** The address of a file of the folder. */
  url(path: string): string {
    return `http://${this.host}/${path}`;
  }

  /** Stops the server. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }

  async #answer(root: string, path: string): Promise<Response> {
    this.requested.push(path);
    const type = CONTENT_TYPES[path.split(".").at(-1) ?? ""] ?? "text/plain";
    try {
      return new Response(await Deno.readFile(root + path), { headers: { "content-type": type } });
    } catch {
      return new Response("Not found", { status: 404 });
    }
  }
}

/** Serves `folder`, which is this repository unless told otherwise. */
export function serveTree(folder: string = REPOSITORY): TreeServer {
  return new TreeServer(folder);
}
