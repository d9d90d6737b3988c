"""The frames of the protocol in CPython's asyncio: every request is answered with ack."""

import asyncio
import sys

ACK = bytes.fromhex("00000006826361636b80")


class Peer(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport = transport
        self.rest = b""

    def data_received(self, data):
        data = self.rest + data if self.rest else data
        at, end, count = 0, len(data), 0
        while end - at >= 4:
            length = int.from_bytes(data[at : at + 4], "big")
            if end - at - 4 < length:
                break
            at += 4 + length
            count += 1
        self.rest = data[at:]
        if count:
            self.transport.write(ACK * count)


async def main():
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Peer, "127.0.0.1", 0, backlog=4096)
    print(f"listening on 127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await asyncio.sleep(float(sys.argv[1]) if len(sys.argv) > 1 else 3600)


asyncio.run(main())
