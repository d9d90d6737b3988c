/** Run by stream_test.ts, with the permissions for one path and nothing else. */

import { AF_UNIX, Socket } from "../../../mod.ts";
import { observe } from "../../support/socket_observations.ts";
import { STREAM_ROWS } from "./stream_rows.ts";
import { OWN_TALKS, STREAM_TALKS } from "./stream_talks.ts";

const [path = ""] = Deno.args;
const rows = [...STREAM_ROWS, ...STREAM_TALKS, ...OWN_TALKS];
for (const row of rows) {
  await using l = new Socket(AF_UNIX);
  await l.bind(path);
  await l.listen();
  await using s = new Socket(AF_UNIX);
  await using c = new Socket(AF_UNIX);
  await c.connect(path);
  const [accepted] = await l.accept();
  await using a = accepted;
  await observe(row, { s, l, c, a, nobody: path });
}
await Deno.stdout.write(new TextEncoder().encode(`${rows.length} observed\n`));
