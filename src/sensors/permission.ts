/**
 * Permissions are checked before they are used: Deno would otherwise ask at a terminal, and the
 * server would stand still until somebody answers.
 *
 * @module
 */
import { SensorError } from "../errors.ts";

/**
 * Makes sure that something is permitted.
 *
 * @throws {SensorError} naming the flag that is missing
 */
export function requirePermission(
  descriptor:
    | Deno.ReadPermissionDescriptor
    | Deno.RunPermissionDescriptor
    | Deno.NetPermissionDescriptor,
  action: string,
): void {
  if (Deno.permissions.querySync(descriptor).state === "granted") return;
  const value = descriptor.name === "run"
    ? descriptor.command
    : descriptor.name === "net"
    ? descriptor.host
    : descriptor.path;
  throw new SensorError(
    `Cannot ${action}: it is not permitted; run with --allow-${descriptor.name}=${value}`,
  );
}
