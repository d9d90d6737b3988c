/**
 * macOS on x86-64 and arm64, after its own headers (sys/termios.h, sys/ttycom.h, sys/fcntl.h,
 * IOKit/serial/ioss.h). Nothing of this has been run: not verified.
 *
 * @module
 */
import type { LineMode, Platform, Request } from "./platform.ts";
import type { SerialSettings } from "./serial_options.ts";

const O_RDWR = 0x2;
const O_NONBLOCK = 0x4;
const O_NOCTTY = 0x20000;
const O_CLOEXEC = 0x1000000;

const EAGAIN = 35;
const ENOTTY = 25;

/** `struct termios`: four flags, 20 characters, two speeds; flags and speeds have 8 bytes. */
const TERMIOS_BYTES = 72;
const AT = { inputFlags: 0, controlFlags: 16, characters: 32, inputSpeed: 56, outputSpeed: 64 };
const VMIN = 16;

const TIOCGETA = 0x40487413n;
const TIOCSETA = 0x80487414n;
const TIOCFLUSH = 0x80047410n;
/** Any speed; to be told after TIOCSETA, which knows those with a name only. */
const IOSSIOSPEED = 0x80085402n;
const FREAD = 1;
const FWRITE = 2;
/** A speed that TIOCSETA takes, whatever the port is. */
const NAMED_BAUD = 9600n;

const IGNPAR = 0x4n;
const INPCK = 0x10n;

const CSIZE = 0x300n;
const CS7 = 0x200n;
const CS8 = 0x300n;
const CSTOPB = 0x400n;
const CREAD = 0x800n;
const PARENB = 0x1000n;
const PARODD = 0x2000n;
const CLOCAL = 0x8000n;
const CRTSCTS = 0x30000n;

/** macOS; not verified. */
export const MACOS: Platform = {
  openFlags: O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC,
  errno: { again: EAGAIN, notSerial: ENOTTY },
  request: {
    exclusive: 0x2000740dn,
    notExclusive: 0x2000740en,
    startBreak: 0x2000747bn,
    stopBreak: 0x2000747an,
    getModemLines: 0x4004746an,
    raiseModemLines: 0x8004746cn,
    dropModemLines: 0x8004746bn,
    countOutput: 0x40047473n,
  },
  getExclusive: null,
  getLineStatus: null,
  flush(input, output): Request {
    const argument = new Uint8Array(4);
    argument[0] = (input ? FREAD : 0) | (output ? FWRITE : 0);
    return { code: TIOCFLUSH, argument };
  },
  configure(settings): Request[] {
    const speed = new Uint8Array(8);
    new DataView(speed.buffer).setBigUint64(0, BigInt(settings.baudRate), true);
    return [
      { code: TIOCSETA, argument: encodeTermios(settings) },
      { code: IOSSIOSPEED, argument: speed },
    ];
  },
  getMode: { code: TIOCGETA, bytes: TERMIOS_BYTES },
  decodeMode: decodeTermios,
  hasVariadicStack: Deno.build.arch === "aarch64",
};

/** As on Linux: raw, no HUPCL, CLOCAL, and a read waits for one byte. */
function encodeTermios(settings: SerialSettings): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(TERMIOS_BYTES);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(AT.inputFlags, settings.parity === "none" ? 0n : INPCK | IGNPAR, true);
  view.setBigUint64(AT.controlFlags, controlFlags(settings), true);
  view.setUint8(AT.characters + VMIN, 1);
  view.setBigUint64(AT.inputSpeed, NAMED_BAUD, true);
  view.setBigUint64(AT.outputSpeed, NAMED_BAUD, true);
  return bytes;
}

function controlFlags({ dataBits, stopBits, parity, flowControl }: SerialSettings): bigint {
  let flags = CREAD | CLOCAL | (dataBits === 7 ? CS7 : CS8);
  if (stopBits === 2) flags |= CSTOPB;
  if (parity !== "none") flags |= PARENB;
  if (parity === "odd") flags |= PARODD;
  if (flowControl === "hardware") flags |= CRTSCTS;
  return flags;
}

function decodeTermios(termios: Uint8Array): LineMode {
  const view = new DataView(termios.buffer, termios.byteOffset, termios.byteLength);
  const flags = view.getBigUint64(AT.controlFlags, true);
  return {
    baudRate: null,
    dataBits: Number((flags & CSIZE) >> 8n) + 5,
    parity: (flags & PARENB) === 0n ? "none" : (flags & PARODD) === 0n ? "even" : "odd",
  };
}
