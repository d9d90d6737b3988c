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

const LOCKS_BYTES = 1_048_576;
const COMMAND_BYTES = 4096;
const SHOWN_CHARACTERS = 80;

/**
 * The process that holds a lock on a device file or, failing that, those that have it open; none
 * when not known.
 *
 * @param lockId how /proc/locks names the file; null when the lock does not matter
 * @param root where the kernel tells about processes
 */
export async function findHolders(
  path: string,
  lockId: string | null,
  root = "/proc",
): Promise<Holder[]> {
  using libc = new Libc();
  try {
    const locking = await lockingPid(libc, root, lockId);
    const pids = locking === null ? openingPids(libc, root, libc.realPath(path)) : [locking];
    return await Promise.all(
      pids.map(async (pid) => ({ pid, command: await commandOf(libc, root, pid) })),
    );
  } catch (error) {
    if (error instanceof LibcError) return [];
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

function openingPids(libc: Libc, root: string, path: string): number[] {
  const others = libc.listDirectory(root).filter((name) =>
    /^\d+$/.test(name) && Number(name) !== Deno.pid
  );
  return others.filter((pid) => hasOpen(libc, `${root}/${pid}`, path)).map(Number);
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
    const [program = "", ...args] = new TextDecoder().decode(line).split("\0");
    const command = [program.slice(program.lastIndexOf("/") + 1), ...args].join(" ").trim();
    return command.length > SHOWN_CHARACTERS
      ? `${command.slice(0, SHOWN_CHARACTERS - 1)}…`
      : command;
  } catch (error) {
    if (error instanceof LibcError) return "";
    throw error;
  }
}
