/**
 * Clients that measure: one request after the other, pipelined, many at once.
 *
 * @module
 */

/** A sorted list of durations and what they come to. */
export interface Latencies {
  readonly requestsPerSecond: number;
  readonly p50Us: number;
  readonly p99Us: number;
}

/** Opens a connection to a loopback port. */
export async function open(port: number): Promise<Deno.TcpConn> {
  const connection = await Deno.connect({ hostname: "127.0.0.1", port });
  connection.setNoDelay();
  return connection;
}

/** Sends `request` and reads `replyBytes` bytes, `count` times. */
export async function inTurn(
  connection: Deno.TcpConn,
  request: Uint8Array,
  replyBytes: number,
  count: number,
): Promise<Latencies> {
  const buffer = new Uint8Array(65_536);
  const tookMs = new Float64Array(count);
  const startMs = performance.now();
  for (let index = 0; index < count; index++) {
    const sentMs = performance.now();
    await connection.write(request);
    await readBytes(connection, replyBytes, buffer);
    tookMs[index] = performance.now() - sentMs;
  }
  return summary(tookMs, performance.now() - startMs);
}

/** Writes as fast as it can while it reads; requests answered a second. */
export async function pipelined(
  connection: Deno.TcpConn,
  request: Uint8Array,
  replyBytes: number,
  count: number,
): Promise<number> {
  const batch = 2000;
  const many = new Uint8Array(request.length * batch);
  for (let index = 0; index < batch; index++) many.set(request, index * request.length);
  const startMs = performance.now();
  const writing = (async () => {
    for (let sent = 0; sent < count; sent += batch) await writeAll(connection, many);
  })();
  await readBytes(connection, replyBytes * count, new Uint8Array(65_536));
  await writing;
  return count / (performance.now() - startMs) * 1000;
}

/** `clients` connections, each one request after the other, for `forMs`. */
export async function together(
  port: number,
  request: Uint8Array,
  replyBytes: number,
  clients: number,
  forMs: number,
): Promise<Latencies & { served: number }> {
  const tookMs: number[] = [];
  let served = 0;
  const startMs = performance.now();
  const one = async (): Promise<void> => {
    const connection = await open(port);
    const buffer = new Uint8Array(1024);
    let answers = 0;
    while (performance.now() - startMs < forMs) {
      const sentMs = performance.now();
      await connection.write(request);
      await readBytes(connection, replyBytes, buffer);
      tookMs.push(performance.now() - sentMs);
      answers++;
    }
    if (answers > 0) served++;
    connection.close();
  };
  await Promise.all(Array.from({ length: clients }, one));
  return { ...summary(Float64Array.from(tookMs), performance.now() - startMs), served };
}

async function writeAll(connection: Deno.TcpConn, bytes: Uint8Array): Promise<void> {
  let written = 0;
  while (written < bytes.length) written += await connection.write(bytes.subarray(written));
}

async function readBytes(
  connection: Deno.TcpConn,
  count: number,
  buffer: Uint8Array,
): Promise<void> {
  for (let left = count; left > 0;) {
    const length = await connection.read(buffer);
    if (length === null) throw new Error(`Cannot measure: the line ended ${left} bytes early`);
    left -= length;
  }
}

/** What durations come to. */
export function summary(tookMs: Float64Array, totalMs: number): Latencies {
  const sorted = tookMs.toSorted();
  const at = (share: number) => (sorted[Math.floor(sorted.length * share)] ?? NaN) * 1000;
  return {
    requestsPerSecond: tookMs.length / totalMs * 1000,
    p50Us: at(0.5),
    p99Us: at(0.99),
  };
}
