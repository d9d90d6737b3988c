/**
 * Tests that need a program of the machine. Where it is missing they are skipped, and the test's
 * own name says why.
 *
 * @module
 */

/** Registers a test that runs only where every one of `programs` is on the PATH. */
export function testWith(
  programs: readonly string[],
  name: string,
  run: (context: Deno.TestContext) => void | Promise<void>,
): void {
  const missing = programs.filter((program) => !isOnPath(program));
  if (missing.length === 0) Deno.test(name, run);
  else testSkipped(name, `${missing.join(" and ")} not installed`);
}

/** Registers a test that is not run, and says why in its name. */
export function testSkipped(name: string, reason: string): void {
  Deno.test({ name: `${name} (skipped: ${reason})`, ignore: true, fn() {} });
}

/** Whether a program of this name can be run. */
export function isOnPath(program: string): boolean {
  const folders = (Deno.env.get("PATH") ?? "").split(":");
  return folders.some((folder) => isFile(`${folder}/${program}`));
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}
