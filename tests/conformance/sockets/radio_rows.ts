/**
 * What is observed of sockets of AF_LORA, whatever radio is under them.
 *
 * @module
 */
import {
  type LoraRadio,
  MSG_PEEK,
  SO_CONFIRMED,
  SO_DR,
  type Socket,
  SOL_LORA,
  SOL_SOCKET,
} from "../../../mod.ts";

/** A socket on a radio that has joined, and the other end of the air. */
export interface RadioBench {
  readonly socket: Socket;
  readonly radio: LoraRadio;
  /** The uplinks so far. */
  uplinks(): readonly { port: number; bytes: Uint8Array; confirmed: boolean; dataRate: number }[];
  /** Sends a downlink after the next uplink. */
  downlink(port: number, bytes: Uint8Array): void;
  /** From now on nobody hears anything. */
  lose(): void;
}

/** An observation, and what the documents say that it is. */
export interface RadioRow {
  readonly name: string;
  readonly observe: (bench: RadioBench) => Promise<unknown> | unknown;
  readonly expected: unknown;
}

const b = (text: string): Uint8Array => new TextEncoder().encode(text);
const t = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** The code of what is thrown, or what is given. */
async function outcome(act: () => unknown): Promise<unknown> {
  try {
    return await act();
  } catch (error) {
    return (error as { code?: unknown }).code;
  }
}

/** One after the other. */
async function outcomes(...acts: (() => unknown)[]): Promise<unknown[]> {
  const found: unknown[] = [];
  for (const act of acts) found.push(await outcome(act));
  return found;
}

export const RADIO_ROWS: readonly RadioRow[] = [
  {
    name: "a frame is unconfirmed, on FPort 2, at the region's data rate",
    observe: async ({ socket, uplinks }) => {
      const sent = await socket.send(b("up"));
      return [sent, ...uplinks().map((u) => [u.port, t(u.bytes), u.confirmed, u.dataRate])];
    },
    expected: [2, [2, "up", false, 5]],
  },
  {
    name: "bind takes the FPort, again and again",
    observe: async ({ socket, uplinks }) => {
      for (const port of [1, 224]) {
        await socket.bind(port);
        await socket.sendall(b("x"));
      }
      return uplinks().map(({ port }) => port);
    },
    expected: [1, 224],
  },
  {
    name: "no other number is an FPort",
    observe: ({ socket }) =>
      outcomes(
        () => socket.bind(225),
        () => socket.bind(-1),
        () => socket.bind(0.5),
        () => socket.bind(["127.0.0.1", 1]),
      ),
    expected: Array(4).fill("EOPNOTSUPP"),
  },
  {
    name: "options change what the next frames are",
    observe: async ({ socket, uplinks }) => {
      socket.setsockopt(SOL_LORA, SO_CONFIRMED, true);
      socket.setsockopt(SOL_LORA, SO_DR, 0);
      await socket.send(b("x"));
      socket.setsockopt(SOL_LORA, SO_CONFIRMED, false);
      socket.setsockopt(SOL_LORA, SO_DR, 3);
      await socket.send(b("x"));
      return uplinks().map(({ confirmed, dataRate }) => [confirmed, dataRate]);
    },
    expected: [[true, 0], [false, 3]],
  },
  {
    name: "no other level, option or value is there",
    observe: ({ socket }) =>
      outcomes(
        () => socket.setsockopt(SOL_SOCKET, SO_DR, 1),
        () => socket.setsockopt(SOL_LORA, 1, 1),
        () => socket.setsockopt(SOL_LORA, SO_DR, 7),
        () => socket.setsockopt(SOL_LORA, SO_DR, -1),
        () => socket.setsockopt(SOL_LORA, SO_CONFIRMED, Uint8Array.of(1)),
      ),
    expected: [...Array(4).fill("EOPNOTSUPP"), "EINVAL"],
  },
  {
    name: "a frame that is too long for its data rate, or for any",
    observe: async ({ socket, uplinks }) => {
      socket.setsockopt(SOL_LORA, SO_DR, 0);
      const found = await outcomes(
        () => socket.send(new Uint8Array(51)),
        () => socket.send(new Uint8Array(52)),
        () => socket.send(new Uint8Array(256)),
        () => socket.send(new Uint8Array(0)),
      );
      return [...found, uplinks().length];
    },
    expected: [51, "EMSGSIZE", "EMSGSIZE", 0, 1],
  },
  {
    name: "a confirmed frame that nobody hears",
    observe: ({ socket, lose }) => {
      lose();
      socket.setsockopt(SOL_LORA, SO_CONFIRMED, 1);
      return outcome(() => socket.send(b("x")));
    },
    expected: "EAGAIN",
  },
  {
    name: "a downlink, its FPort, and what is left of it",
    observe: async ({ socket, downlink }) => {
      downlink(7, b("abcdef"));
      await socket.send(b("x"));
      const [first, port] = await socket.recvfrom<number>(4);
      const peeked = await socket.recv(9, MSG_PEEK);
      return [t(first), port, t(peeked), t(await socket.recv(9))];
    },
    expected: ["abcd", 7, "ef", "ef"],
  },
  {
    name: "nothing to receive, without blocking",
    observe: async ({ socket }) => {
      socket.setblocking(false);
      const [bytes, port] = await socket.recvfrom<number>(9);
      return [(await socket.recv(9)).length, bytes.length, port];
    },
    expected: [0, 0, 0],
  },
  {
    name: "what the sockets of a radio do not have",
    observe: ({ socket }) =>
      outcomes(
        () => socket.connect(["127.0.0.1", 1]),
        () => socket.listen(),
        () => socket.accept(),
        () => socket.read(1),
        () => socket.readline(),
        () => socket.readinto(new Uint8Array(1)),
        () => socket.write(b("x")),
        () => socket.makefile(),
        () => socket.sendto(b("x"), ["127.0.0.1", 1]),
      ),
    expected: Array(9).fill("EOPNOTSUPP"),
  },
  {
    name: "everything after close",
    observe: async ({ socket }) => {
      await socket.close();
      const found = await outcomes(
        () => socket.close(),
        () => socket.send(b("x")),
        () => socket.recv(1),
        () => socket.bind(1),
        () => socket.setsockopt(SOL_LORA, SO_DR, 1),
        () => socket.settimeout(1),
      );
      return [...found, socket.fileno()];
    },
    expected: [undefined, ...Array(5).fill("EBADF"), -1],
  },
];
