/**
 * Tests that need what not every machine has. Where it is missing they are skipped, and the test's
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

/**
 * Registers a test that runs only where every one of `programs` is on the PATH, and in CI, where
 * they have to be: there the test fails without them.
 */
export function testNeeding(
  programs: readonly string[],
  name: string,
  run: (context: Deno.TestContext) => void | Promise<void>,
): void {
  if (Deno.env.get("CI") === "true") Deno.test(name, run);
  else testWith(programs, name, run);
}

/** Registers a test that is not run, and says why in its name. */
export function testSkipped(name: string, reason: string): void {
  Deno.test({ name: `${name} (skipped: ${reason})`, ignore: true, fn() {} });
}

/** Runs a step, or, where there is a reason not to, skips it and says why in its name. */
export async function stepUnless(
  context: Deno.TestContext,
  reason: string | null,
  name: string,
  run: () => Promise<void>,
): Promise<void> {
  if (reason === null) await context.step(name, run);
  else await context.step({ name: `${name} (skipped: ${reason})`, ignore: true, fn: run });
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
