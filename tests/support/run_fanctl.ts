import { runFanctl } from "../../src/cli/main.ts";
import type { WireValue } from "../../src/wire/value.ts";
import { TestIo, type TestIoOptions } from "./test_io.ts";
import { type Answer, WireServer } from "./wire_server.ts";

/** Answers every request with this one message. */
export function always(request: string, ...args: WireValue[]): Answer {
  return (_asked, connection) => connection.send(request, ...args);
}

/** Runs fanctl against a server that answers so. */
export async function fanctl(
  line: string | readonly string[],
  answer: Answer,
  options: TestIoOptions = {},
): Promise<{ status: number; out: string; err: string; asked: WireServer["asked"] }> {
  await using server = new WireServer(answer);
  const io = new TestIo(options);
  const words = typeof line === "string" ? line.split(" ") : line;
  const status = await runFanctl(["-p", String(server.port), ...words], io);
  const asked = server.asked.filter(({ request }) => request !== "disconnect");
  return { status, out: io.out, err: io.err, asked };
}
