/**
 * A number that a web server has.
 *
 * @module
 */
import { SensorError } from "../../errors.ts";
import { requirePermission } from "../permission.ts";
import { excerpt, parseReading } from "../reading.ts";
import type { Sensor } from "../sensor.ts";
import type { HttpSource } from "../sensor_source.ts";
import { followPointer } from "./json_pointer.ts";

/** A number, or a JSON document with one in it. */
export const MAX_BODY_BYTES = 65_536;

/** Asks for one document each reading. Redirects are not followed: they could lead anywhere. */
export class HttpSensor implements Sensor {
  readonly name: string;
  readonly #url: URL;
  readonly #source: HttpSource;

  constructor(name: string, source: HttpSource) {
    this.name = name;
    this.#source = source;
    this.#url = new URL(source.url);
  }

  async read(signal: AbortSignal): Promise<number> {
    const { pointer, scale } = this.#source;
    const body = await this.#fetch(signal);
    const url = this.#shown();
    if (pointer === undefined) return parseReading(body, url) * scale;
    const found = followPointer(this.#parse(body), pointer);
    // Home automation writes its numbers as texts.
    if (typeof found === "string") return parseReading(found, `${url} at "${pointer}"`) * scale;
    if (typeof found === "number") return found * scale;
    throw new SensorError(
      `Cannot read ${url}: at "${pointer}" is ${describe(found)}; point to a number`,
    );
  }

  /** Without a query: it may hold a key that nobody should see in a log. */
  #shown(): string {
    return `"${this.#url.origin}${this.#url.pathname}"`;
  }

  #parse(body: string): unknown {
    try {
      return JSON.parse(body);
    } catch (cause) {
      const found = body.trim() === "" ? "nothing" : excerpt(body.trim());
      throw new SensorError(`Cannot read ${this.#shown()}: found ${found}; it must send JSON`, {
        cause,
      });
    }
  }

  async #fetch(signal: AbortSignal): Promise<string> {
    const place = hostOf(this.#url);
    requirePermission({ name: "net", host: place }, `ask "${place}"`);
    let response: Response;
    try {
      response = await fetch(this.#url, { signal, redirect: "manual" });
    } catch (cause) {
      throw this.#failure(signal, cause);
    }
    if (!response.ok) {
      await response.body?.cancel();
      const to = response.headers.get("location");
      throw new SensorError(
        `Cannot read ${this.#shown()}: it answers ${response.status}` +
          `${to === null ? "" : ` and sends to ${excerpt(to)}`}; ` +
          `${to === null ? "correct the address" : "name that address if it is meant"}`,
      );
    }
    try {
      return await this.#text(response);
    } catch (cause) {
      throw cause instanceof SensorError ? cause : this.#failure(signal, cause);
    }
  }

  #failure(signal: AbortSignal, cause: unknown): SensorError {
    const found = signal.aborted
      ? "it took too long"
      : cause instanceof Error
      ? rootOf(cause).message.replaceAll(this.#url.href, this.#url.host)
      : String(cause);
    return new SensorError(`Cannot read ${this.#shown()}: ${found}; see that the server answers`, {
      cause,
    });
  }

  async #text(response: Response): Promise<string> {
    const decoder = new TextDecoder();
    let text = "";
    let bytes = 0;
    // Leaving the loop early cancels what is still to come.
    for await (const part of response.body ?? []) {
      bytes += part.length;
      if (bytes > MAX_BODY_BYTES) {
        throw new SensorError(
          `Cannot read ${this.#shown()}: it sends more than ${MAX_BODY_BYTES} bytes; ` +
            "name a smaller document",
        );
      }
      text += decoder.decode(part, { stream: true });
    }
    return text + decoder.decode();
  }
}

/** The host and the port of an address: `sensors.example.com:80`. */
export function hostOf({ host, port, protocol }: URL): string {
  return port === "" ? `${host}:${protocol === "https:" ? 443 : 80}` : host;
}

/** Deno wraps what went wrong into an error that only says that something did. */
function rootOf(error: Error): Error {
  return error.cause instanceof Error ? rootOf(error.cause) : error;
}

function describe(value: unknown): string {
  if (value === undefined || value === null) return value === null ? "null" : "nothing";
  if (Array.isArray(value)) return "an array";
  return typeof value === "object" ? "an object" : String(value);
}
