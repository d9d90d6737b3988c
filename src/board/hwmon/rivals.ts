/**
 * Other programs that drive fans, for the message that somebody else has changed an output.
 *
 * @module
 */
import { type Libc, LibcError } from "../../libc/libc.ts";

/** What they are called, as /proc tells it: at most 15 characters. */
const KNOWN = new Set([
  "asusctl",
  "asusd",
  "coolercontrold",
  "corectrl_helper",
  "fan2go",
  "fancontrol",
  "hddfancontrol",
  "i8kmon",
  "lact",
  "lactd",
  "mbpfan",
  "nbfc_service",
  "nvfancontrol",
  "smfc",
  "swampd",
  "thermald",
  "thinkfan",
  "zcfan",
]);

const NAME_BYTES = 64;

/** Those that run, as `fancontrol (process 812)`; none where that is hidden. */
export async function findRivals(
  libc: Pick<Libc, "listDirectory" | "readFile">,
  root = "/proc",
): Promise<string[]> {
  const rivals: string[] = [];
  for (const pid of pids(libc, root)) {
    const name = await nameOf(libc, `${root}/${pid}/comm`);
    if (KNOWN.has(name)) rivals.push(`${name} (process ${pid})`);
  }
  return rivals;
}

function pids(libc: Pick<Libc, "listDirectory">, root: string): string[] {
  try {
    return libc.listDirectory(root).filter((name) => /^\d+$/.test(name));
  } catch (error) {
    if (error instanceof LibcError) return [];
    throw error;
  }
}

async function nameOf(libc: Pick<Libc, "readFile">, path: string): Promise<string> {
  try {
    return new TextDecoder().decode(await libc.readFile(path, NAME_BYTES)).trim();
  } catch (error) {
    // It has ended meanwhile.
    if (error instanceof LibcError) return "";
    throw error;
  }
}
