/**
 * A calibration in a file, so that one that was cut short goes on where it was.
 *
 * @module
 */
import { type Calibration, newCalibration } from "../../control/fans/map/calibration.ts";
import { readCalibration } from "../../control/fans/map/calibration_reader.ts";
import { FandError, UsageError } from "../../errors.ts";

/**
 * What a file holds, or a new calibration when there is none.
 *
 * @param file null when nothing is to be kept.
 * @throws {UsageError} When the file is something else.
 * @throws {FandError} When it cannot be read.
 */
export async function loadCalibration(file: string | null, board: string): Promise<Calibration> {
  if (file === null) return newCalibration(board);
  await requireGrant("read", file);
  await requireGrant("write", file);
  try {
    return ofBoard(readCalibration(await Deno.readTextFile(file), file), file, board);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return newCalibration(board);
    throw refused("read", file, error);
  }
}

/** Fans of another board must not be mixed up with those of this one. */
function ofBoard(found: Calibration, file: string, board: string): Calibration {
  if (found.board === board) return found;
  throw new UsageError(
    `Cannot go on with "${file}": it is of board "${found.board}", and this is "${board}"; ` +
      "name another file with --out",
  );
}

/** Writes the file. @throws {FandError} When that fails. */
export async function saveCalibration(
  file: string | null,
  calibration: Calibration,
): Promise<void> {
  if (file === null) return;
  try {
    await Deno.writeTextFile(file, `${JSON.stringify(calibration, null, 2)}\n`);
  } catch (error) {
    throw refused("write", file, error);
  }
}

/** Asked before, because Deno would otherwise stop and prompt in a terminal. */
async function requireGrant(name: "read" | "write", path: string): Promise<void> {
  const { state } = await Deno.permissions.query({ name, path });
  if (state === "granted") return;
  throw new FandError(
    `Cannot ${name} "${path}": this process may not; run or install fanctl with ` +
      `--allow-read=${path} --allow-write=${path}`,
  );
}

function refused(action: string, file: string, error: unknown): FandError {
  if (error instanceof FandError) return error;
  const found = error instanceof Error ? error.message : String(error);
  return new FandError(`Cannot ${action} "${file}": ${found}; name another file with --out`);
}
