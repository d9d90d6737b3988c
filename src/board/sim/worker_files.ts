/**
 * What the worker of a simulated board must be able to read. Deno loads a worker's modules with
 * the permissions of its process: nothing is needed when they come from a URL, and reading them
 * when they come from a folder.
 *
 * @module
 */

const PROJECT = new URL("../../../", import.meta.url);

/** The paths that must be readable; none when this module came from a URL. */
export function workerFiles(): string[] {
  if (PROJECT.protocol !== "file:") return [];
  const folder = decodeURIComponent(PROJECT.pathname);
  return [`${folder}src`, `${folder}deps.ts`];
}

/** Those of {@link workerFiles} that may not be read. */
export function forbiddenWorkerFiles(): string[] {
  return workerFiles().filter((path) =>
    Deno.permissions.querySync({ name: "read", path }).state !== "granted"
  );
}
