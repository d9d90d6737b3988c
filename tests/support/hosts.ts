/**
 * Two hosts with a cable between them: network namespaces of this machine, each with an address, a
 * loopback interface and a kernel's own TCP. They need no privilege but that of a user namespace.
 *
 * @module
 */

import { runProcess, startProcess, type TestProcess } from "./process.ts";
import { isOnPath } from "./test_with.ts";

/** The addresses of both. */
export const ADDRESSES = { left: "192.0.2.1", right: "192.0.2.2" } as const;

/** One of the two. */
export type Host = keyof typeof ADDRESSES;

/** Why there can be no hosts on this machine, or null. */
export function whyNoHosts(): string | null {
  const missing = ["unshare", "nsenter", "ip"].find((program) => !isOnPath(program));
  if (missing !== undefined) return `${missing} not installed`;
  const { success } = new Deno.Command("unshare", {
    args: ["-Urn", "ip", "link", "add", "left", "type", "veth", "peer", "name", "right"],
    stdout: "null",
    stderr: "null",
  }).outputSync();
  return success ? null : "this machine allows no cable between network namespaces";
}

/** Both hosts; hold them with `await using`. */
export class TwoHosts implements AsyncDisposable {
  readonly #holders: Record<Host, TestProcess>;

  private constructor(left: TestProcess, right: TestProcess) {
    this.#holders = { left, right };
  }

  /** Sets them up and connects them. */
  static async start(): Promise<TwoHosts> {
    const wait = ["sh", "-c", "echo ready; exec sleep 1000"];
    const left = startProcess("unshare", ["-Urn", ...wait]);
    await left.line("ready");
    const right = startProcess("nsenter", [...enter(left), "unshare", "-n", ...wait]);
    await right.line("ready");
    const hosts = new TwoHosts(left, right);
    const ends = ["type", "veth", "peer", "name", "eth", "netns", `${right.pid}`];
    await hosts.must("left", "ip", "link", "add", "eth", ...ends);
    for (const host of ["left", "right"] as const) {
      await hosts.must(host, "ip", "address", "add", `${ADDRESSES[host]}/24`, "dev", "eth");
      for (const device of ["eth", "lo"]) await hosts.must(host, "ip", "link", "set", device, "up");
    }
    return hosts;
  }

  /** Starts this very Deno on a host. */
  deno(host: Host, args: readonly string[]): TestProcess {
    return startProcess("nsenter", [...enter(this.#holders[host]), Deno.execPath(), ...args]);
  }

  /** Runs a command on a host; whether it has succeeded, and what it said. */
  async run(host: Host, ...command: string[]): Promise<{ code: number; stderr: string }> {
    return await runProcess("nsenter", [...enter(this.#holders[host]), ...command]);
  }

  /** Runs a command on a host that must succeed. */
  async must(host: Host, ...command: string[]): Promise<void> {
    const { code, stderr } = await this.run(host, ...command);
    if (code !== 0) throw new Error(`${command.join(" ")}: ${stderr}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const holder of Object.values(this.#holders)) await holder[Symbol.asyncDispose]();
  }
}

/** The arguments of nsenter for where a process is. */
function enter({ pid }: TestProcess): string[] {
  return ["-t", `${pid}`, "-U", "-n", "--preserve-credentials"];
}
