/**
 * avrdude, which writes an image into a board through its bootloader.
 *
 * @module
 */
import { BoardError } from "../../errors.ts";

/** A microcontroller that fand has firmware for. */
export type Part = "atmega328p" | "atmega2560";

/** What avrdude calls the part, the protocol of its bootloader, and that one's speed. */
const PARTS = {
  atmega328p: { device: "m328p", programmer: "arduino", baudRate: 115_200 },
  atmega2560: { device: "m2560", programmer: "wiring", baudRate: 115_200 },
} as const;

/** What to write, and where. */
export interface Flashing {
  readonly part: Part;
  /** The device file of the serial port. */
  readonly port: string;
  /** Of the bootloader; null for the usual one. */
  readonly baudRate: number | null;
  /** An image in Intel hex. */
  readonly image: string;
}

/** The program as it is called; the image comes on its standard input. */
export function avrdudeArguments({ part, port, baudRate }: Flashing): string[] {
  const { device, programmer, baudRate: usual } = PARTS[part];
  const line = ["-P", port, "-b", String(baudRate ?? usual)];
  return ["-p", device, "-c", programmer, ...line, "-D", "-U", "flash:w:-:i"];
}

/**
 * Runs avrdude to its end.
 *
 * @param program its name or path
 * @param onText takes what it says, which is how far it is.
 * @throws {BoardError} When it may not be run, is not installed, or fails.
 */
export async function runAvrdude(
  flashing: Flashing,
  onText: (text: string) => void,
  program = "avrdude",
): Promise<void> {
  const { state } = await Deno.permissions.query({ name: "run", command: program });
  if (state !== "granted") {
    throw new BoardError(
      `Cannot flash the board: this process may not run ${program}; ` +
        `run fanctl with --allow-run=${program}`,
    );
  }
  await using child = start(program, avrdudeArguments(flashing));
  const talk = child.stderr.pipeThrough(new TextDecoderStream());
  const [{ code }] = await Promise.all([
    child.status,
    handOver(child.stdin, flashing.image),
    (async () => {
      for await (const text of talk) onText(text);
    })(),
  ]);
  if (code !== 0) {
    throw new BoardError(
      `Cannot flash the board at "${flashing.port}": ${program} ended with ${code}; see what it ` +
        "said above, and try --bootloader-baud 57600 for an old Nano",
    );
  }
}

function start(program: string, args: string[]): Deno.ChildProcess {
  try {
    return new Deno.Command(program, { args, stdin: "piped", stdout: "null", stderr: "piped" })
      .spawn();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new BoardError(
      `Cannot flash the board: ${program} is not installed; install it, ` +
        "as with apt-get install avrdude or brew install avrdude",
    );
  }
}

/** A program that ends early does not read all of it; its status says why. */
async function handOver(stdin: WritableStream<Uint8Array>, image: string): Promise<void> {
  const writer = stdin.getWriter();
  try {
    await writer.write(new TextEncoder().encode(image));
    await writer.close();
  } catch {
    await writer.abort().catch(() => {});
  }
}
