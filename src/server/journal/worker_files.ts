/**
 * What the worker of a journal must be able to read: nothing when it comes from a URL, its own
 * modules when they come from a folder.
 *
 * @module
 */

const SOURCES = new URL("../../", import.meta.url);

/** The paths that must be readable; none when this module came from a URL. */
export function journalWorkerFiles(): string[] {
  if (SOURCES.protocol !== "file:") return [];
  return [decodeURIComponent(SOURCES.pathname).replace(/\/$/, "")];
}

/** Whether the worker may be loaded. */
export function mayLoadWorker(): boolean {
  return journalWorkerFiles().every((path) =>
    Deno.permissions.querySync({ name: "read", path }).state === "granted"
  );
}
