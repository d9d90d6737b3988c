/**
 * The C library of this machine, for what Deno itself only does with every permission: files
 * under /sys and /proc, and terminals.
 *
 * @module
 */
import { FandError } from "../errors.ts";

/**
 * Where the C library is. On Linux that is glibc: Debian and its kin on both architectures, Fedora
 * and its kin, Arch. On macOS, which nothing here was run on, it is in no folder but is found.
 */
export const LIBC_PATHS: readonly string[] = Deno.build.os === "darwin"
  ? ["/usr/lib/libSystem.B.dylib"]
  : [
    "/lib/x86_64-linux-gnu/libc.so.6",
    "/lib/aarch64-linux-gnu/libc.so.6",
    "/lib64/libc.so.6",
    "/usr/lib/libc.so.6",
  ];

/**
 * Opens the C library at the first path that is permitted and exists. Never prompts: whoever
 * runs as a service has nobody to ask.
 *
 * @throws {FandError} naming the flag that is missing, or the paths that were tried
 */
export function openLibc<const S extends Deno.ForeignLibraryInterface>(
  symbols: S,
): Deno.DynamicLibrary<S> {
  const granted = LIBC_PATHS.filter((path) =>
    Deno.permissions.querySync({ name: "ffi", path }).state === "granted"
  );
  if (granted.length === 0) {
    throw new FandError(
      `Cannot open the C library: it is not permitted; run with --allow-ffi=${likelyPath()}`,
    );
  }
  let cause: unknown;
  for (const path of granted) {
    try {
      return Deno.dlopen(path, symbols);
    } catch (error) {
      cause = error;
    }
  }
  throw new FandError(
    `Cannot open the C library: it is not at ${granted.join(" or ")}; ` +
      `run with --allow-ffi=PATH for the one of ${LIBC_PATHS.join(", ")} that exists`,
    { cause },
  );
}

/** The path to name in a message: one that exists, as far as that may be looked at. */
function likelyPath(): string {
  const usual = LIBC_PATHS[Deno.build.arch === "aarch64" ? 1 : 0];
  return LIBC_PATHS.find(exists) ?? usual ?? "PATH";
}

function exists(path: string): boolean {
  if (Deno.permissions.querySync({ name: "read", path }).state !== "granted") return false;
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}
