/**
 * Gives an output back to what drove it before.
 *
 * @module
 */
import { LibcError } from "../../libc/libc.ts";
import { FULL_VALUE, MANUAL_MODE, type Original, type Output } from "./output.ts";

/** In the kernel's words: the chip regulates by itself. For a mode that cannot be read. */
const AUTOMATIC_MODE = "2";

/** What has become of an output. */
export type Restored =
  /** It is as it was. */
  | { readonly kind: "restored" }
  /** It could not be given back: it was left at full speed instead. */
  | { readonly kind: "full speed"; readonly reason: string }
  /** Nothing that was tried has worked. */
  | { readonly kind: "failed"; readonly reason: string };

/**
 * Puts duty and mode back and looks whether they are there; when they are not, the output is left
 * at full speed. The duty goes first: with some drivers it cannot be set in other modes.
 * @throws {ChipGoneError}
 */
export async function restoreOutput(output: Output, original: Original): Promise<Restored> {
  const reason = await failureOf(() => putBack(output, original));
  if (reason === null) return { kind: "restored" };
  const worse = await failureOf(async () => {
    await output.setMode(MANUAL_MODE);
    await output.setValue(FULL_VALUE);
  });
  return worse === null ? { kind: "full speed", reason } : { kind: "failed", reason: worse };
}

async function putBack(output: Output, { mode, value }: Original): Promise<string | null> {
  const regulates = output.place.hasMode && mode !== MANUAL_MODE;
  const refused = await failureOf(() => output.setValue(value ?? FULL_VALUE));
  // In a mode that regulates, the duty is the chip's business.
  if (refused !== null && !regulates) return refused;
  if (!output.place.hasMode) return null;
  const wanted = mode ?? AUTOMATIC_MODE;
  await output.setMode(wanted);
  const found = await output.mode();
  return found === null || found === wanted
    ? null
    : `its mode is ${found} after ${wanted} was written`;
}

/** Why it does not work, or null. */
async function failureOf(action: () => Promise<string | null | void>): Promise<string | null> {
  try {
    return await action() ?? null;
  } catch (error) {
    if (error instanceof LibcError) return error.message;
    throw error;
  }
}
