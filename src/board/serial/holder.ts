/**
 * Who has a device file open: for the message that says it is taken. Linux tells under /proc; what
 * belongs to other users is hidden there, except who holds a lock.
 *
 * @module
 */
import { Libc, LibcError } from "../../libc/libc.ts";

/** A process. */
export interface Holder {
  readonly pid: number;
  /** Its command line, shortened; empty when that may not be read. */
  readonly command: string;
}

/** A device file, as the list of locks names it. */
export interface DeviceFile {
  readonly path: string;
  /** `00:05:131`: major and minor of its file system in hex, its inode; null when not known. */
  readonly id: string | null;
}

const LOCKS_BYTES = 1_048_576;
const COMMAND_BYTES = 4096;
const SHOWN_CHARACTERS = 80;

/** The process that holds a lock on the file or, failing that, has it open; null when not known. */
export async function findHolder(
  file: DeviceFile,
  root = "/proc",
): Promise<Holder | null> {
  using libc = new Libc();
  try {
    const pid = await lockingPid(libc, root, file.id) ??
      openingPid(libc, root, libc.realPath(file.path));
    return pid === null ? null : { pid, command: await commandOf(libc, root, pid) };
  } catch (error) {
    if (error instanceof LibcError) return null;
    throw error;
  }
}

/** `1: FLOCK  ADVISORY  WRITE 4711 00:05:131 0 EOF`. */
async function lockingPid(libc: Libc, root: string, id: string | null): Promise<number | null> {
  if (id === null) return null;
  const text = new TextDecoder().decode(await libc.readFile(`${root}/locks`, LOCKS_BYTES));
  for (const line of text.split("\n")) {
    const [, kind, , , pid, file] = line.trim().split(/\s+/);
    if (kind === "FLOCK" && file === id && Number(pid) > 0) return Number(pid);
  }
  return null;
}

function openingPid(libc: Libc, root: string, path: string): number | null {
  for (const name of libc.listDirectory(root)) {
    if (/^\d+$/.test(name) && Number(name) !== Deno.pid && hasOpen(libc, `${root}/${name}`, path)) {
      return Number(name);
    }
  }
  return null;
}

function hasOpen(libc: Libc, process: string, path: string): boolean {
  try {
    return libc.listDirectory(`${process}/fd`).some((fd) => {
      try {
        return libc.realPath(`${process}/fd/${fd}`) === path;
      } catch (error) {
        // Not a file, or closed meanwhile.
        if (error instanceof LibcError) return false;
        throw error;
      }
    });
  } catch (error) {
    // Another user's process, or one that has ended.
    if (error instanceof LibcError) return false;
    throw error;
  }
}

async function commandOf(libc: Libc, root: string, pid: number): Promise<string> {
  try {
    const line = await libc.readFile(`${root}/${pid}/cmdline`, COMMAND_BYTES);
    const command = new TextDecoder().decode(line).replaceAll("\0", " ").trim();
    return command.length > SHOWN_CHARACTERS
      ? `${command.slice(0, SHOWN_CHARACTERS - 1)}…`
      : command;
  } catch (error) {
    if (error instanceof LibcError) return "";
    throw error;
  }
}
