/** Addresses beyond loopback: ours against those of CPython. */

import assert from "node:assert/strict";
import { runDeno, runProcess } from "../../support/process.ts";
import { testNeeding } from "../../support/test_with.ts";

const OURS = new URL("./far_observations.ts", import.meta.url).pathname;
const CPYTHON = `
import errno, json, socket
def outcome(f):
    try: return f()
    except OSError as e: return errno.errorcode[e.errno]
found = []
for family, foreign in ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1")):
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        with socket.socket(family, kind) as s:
            found += [outcome(lambda: s.bind((foreign, 0))), outcome(lambda: s.bind(("", 0)))]
            found += [s.getsockname()[:1], s.getsockname()[1] > 0]
    with socket.socket(family) as s:
        s.listen()
        found += [s.getsockname()[:1], s.getsockname()[1] > 0]
    with socket.socket(family) as s:
        s.bind(("", 0))
        port = s.getsockname()[1]
        s.listen(3)
        found.append(s.getsockname()[1] == port)
print(json.dumps(found))
`;

testNeeding(
  ["python3"],
  "addresses of others, of nobody and of everybody are CPython's",
  async () => {
    const { code, stdout, stderr } = await runDeno(["run", "--no-prompt", "--allow-net", OURS]);
    assert.equal(code, 0, stderr);
    const peer = await runProcess("python3", ["-c", CPYTHON]);
    assert.deepEqual(JSON.parse(stdout), JSON.parse(peer.stdout));
    assert.equal(JSON.parse(stdout)[0], "EADDRNOTAVAIL");
  },
);
