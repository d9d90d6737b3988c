/** A bare Deno echo server: what a connection costs before anything is done with it. */

const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
Deno.stdout.writeSync(new TextEncoder().encode(`listening on 127.0.0.1:${listener.addr.port}\n`));

async function echo(connection: Deno.TcpConn): Promise<void> {
  connection.setNoDelay();
  const buffer = new Uint8Array(65_536);
  for (let length = 0; length !== null; length = await connection.read(buffer) as number) {
    let written = 0;
    while (written < length) written += await connection.write(buffer.subarray(written, length));
  }
  connection.close();
}

for await (const connection of listener) echo(connection).catch(() => {});
