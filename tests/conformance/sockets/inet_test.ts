/** Addresses as text and as bytes: ours against those of CPython. */

import assert from "node:assert/strict";
import { AF_INET, AF_INET6 } from "../../../src/sockets/constants.ts";
import { inetNtop, inetPton } from "../../../src/sockets/inet.ts";
import { runProcess } from "../../support/process.ts";
import { testNeeding } from "../../support/test_with.ts";

const TEXTS = [
  ..."127.0.0.1|0.0.0.0|127.255.255.255|127.1|127.2.3.4 ||127.02.3.4|127.256.1.1|1.2.3|127.2.3.4.5|1..2.3"
    .split("|"),
  ..."::|::1|1::|::127.2.3.4|1:2:3:4:5:6:7::|::2:3:4:5:6:7:8|1:2:3:4:5:6:7:8::|:::|fe80::1%lo|g::"
    .split("|"),
  ..."12345::|::ffff:127.2.3.4|1:2|::1:|1:2:3:4:5:6:7:8|1:2:3:4:5:6:127.2.3.4|127.2.3.4::|::127.2.3.4:5"
    .split("|"),
  ..."1::2::3|:1:2:3:4:5:6:7|1:2:3:4:5:6:7:8:9|ABCD::EF|::127.02.3.4|1:2:3:4::5:6:7:8|::+1|::-1| ::1"
    .split("|"),
];

/** Each group zero or not, in every combination, and addresses that hold one of IPv4. */
const ADDRESSES = Array.from(
  { length: 256 },
  (_, bits) => Array.from({ length: 8 }, (_, at) => bits & (1 << at) ? "0a01" : "0000").join(""),
).concat("00000000000000000000ffff01020304", "0000000000000000ffff000001020304");

const SCRIPT = `
import json, socket, sys
texts, addresses = json.load(sys.stdin)
def pton(family, text):
    try: return socket.inet_pton(family, text).hex()
    except OSError: return None
print(json.dumps([[[pton(socket.AF_INET, t), pton(socket.AF_INET6, t)] for t in texts],
    [socket.inet_ntop(socket.AF_INET6, bytes.fromhex(a)) for a in addresses]]))
`;

testNeeding(["python3"], "inetPton and inetNtop agree with CPython's", async () => {
  const stdin = JSON.stringify([TEXTS, ADDRESSES]);
  const { stdout } = await runProcess("python3", ["-c", SCRIPT], { stdin });
  const ours = [
    TEXTS.map((text) => [read(AF_INET, text), read(AF_INET6, text)]),
    ADDRESSES.map((address) => inetNtop(AF_INET6, Uint8Array.fromHex(address))),
  ];
  assert.deepEqual(ours, JSON.parse(stdout));
});

function read(family: number, text: string): string | null {
  try {
    return inetPton(family, text).toHex();
  } catch {
    return null;
  }
}
