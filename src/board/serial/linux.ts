/**
 * Linux, with `termios2`: any speed, not only those that have a name. These are the numbers of
 * the kernel's asm-generic headers, which hold for x86-64 and for arm64; a test compares them
 * with the headers of the machine it runs on. They have been run on x86-64; arm64 is not verified.
 *
 * @module
 */
import type { LineMode, Platform, Request } from "./platform.ts";
import type { SerialSettings } from "./serial_options.ts";

const O_RDWR = 0o2;
const O_NOCTTY = 0o400;
const O_NONBLOCK = 0o4000;
const O_CLOEXEC = 0o2000000;

const EAGAIN = 11;
const ENOTTY = 25;

/** `struct termios2`: four words of flags, the line discipline, 19 characters, two speeds. */
const TERMIOS_BYTES = 44;
const AT = { inputFlags: 0, controlFlags: 8, characters: 17, inputSpeed: 36, outputSpeed: 40 };
const VMIN = 6;

const TCGETS2 = 0x802c542an;
const TCSETS2 = 0x402c542bn;
const TCFLSH = 0x540bn;
const [TCIFLUSH, TCOFLUSH, TCIOFLUSH] = [0n, 1n, 2n];

const IGNPAR = 0x4;
const INPCK = 0x10;

const CSIZE = 0x30;
const CS7 = 0x20;
const CS8 = 0x30;
const CSTOPB = 0x40;
const CREAD = 0x80;
const PARENB = 0x100;
const PARODD = 0x200;
const CLOCAL = 0x800;
/** The speed is the number in the speed fields. */
const BOTHER = 0x1000;
const CRTSCTS = 0x80000000;

/** Linux on x86-64 and arm64. */
export const LINUX: Platform = {
  openFlags: O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC,
  errno: { again: EAGAIN, notSerial: ENOTTY },
  request: {
    exclusive: 0x540cn,
    notExclusive: 0x540dn,
    startBreak: 0x5427n,
    stopBreak: 0x5428n,
    getModemLines: 0x5415n,
    raiseModemLines: 0x5416n,
    dropModemLines: 0x5417n,
    countOutput: 0x5411n,
  },
  getExclusive: 0x80045440n,
  getLineStatus: 0x5459n,
  flush(input, output): Request {
    const argument = input && output ? TCIOFLUSH : input ? TCIFLUSH : TCOFLUSH;
    return { code: TCFLSH, argument };
  },
  configure: (settings) => [{ code: TCSETS2, argument: encodeTermios(settings) }],
  getMode: { code: TCGETS2, bytes: TERMIOS_BYTES },
  decodeMode: decodeTermios,
  hasVariadicStack: false,
};

/**
 * All of it, nothing kept from before: what is not set here is off, so the line is raw. HUPCL is
 * off, so DTR stays up when the port is closed; CLOCAL is on, so nobody waits for a carrier.
 */
function encodeTermios(settings: SerialSettings): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(TERMIOS_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint32(AT.inputFlags, settings.parity === "none" ? 0 : INPCK | IGNPAR, true);
  view.setUint32(AT.controlFlags, controlFlags(settings), true);
  // A read of a silent line then says "nothing yet", so that 0 bytes can only mean its end.
  view.setUint8(AT.characters + VMIN, 1);
  view.setUint32(AT.inputSpeed, settings.baudRate, true);
  view.setUint32(AT.outputSpeed, settings.baudRate, true);
  return bytes;
}

function controlFlags({ dataBits, stopBits, parity, flowControl }: SerialSettings): number {
  let flags = CREAD | CLOCAL | BOTHER | (dataBits === 7 ? CS7 : CS8);
  if (stopBits === 2) flags |= CSTOPB;
  if (parity !== "none") flags |= PARENB;
  if (parity === "odd") flags |= PARODD;
  if (flowControl === "hardware") flags |= CRTSCTS;
  return flags >>> 0;
}

function decodeTermios(termios: Uint8Array): LineMode {
  const view = new DataView(termios.buffer, termios.byteOffset, termios.byteLength);
  const flags = view.getUint32(AT.controlFlags, true);
  return {
    baudRate: view.getUint32(AT.outputSpeed, true),
    dataBits: ((flags & CSIZE) >> 4) + 5,
    parity: (flags & PARENB) === 0 ? "none" : (flags & PARODD) === 0 ? "even" : "odd",
  };
}
