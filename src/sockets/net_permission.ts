/**
 * Permissions of what the runtime checks where nobody can catch the answer.
 *
 * @module
 */
import { formatEndpoint } from "./address.ts";

/**
 * Asks for a permission before `node:dgram` or `node:net` does.
 *
 * @throws {Deno.errors.NotCapable} If it is not given.
 */
export async function allowNet(hostname: string, port: number): Promise<void> {
  const host = formatEndpoint(hostname, port);
  const { state } = await Deno.permissions.request({ name: "net", host });
  if (state === "granted") return;
  throw new Deno.errors.NotCapable(
    `Requires net access to "${host}", run again with the --allow-net flag`,
  );
}
