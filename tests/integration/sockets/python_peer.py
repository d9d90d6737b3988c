"""A peer of CPython's socket module: one job, its address or "ready" on stdout, then the work."""
import socket, struct, sys

job, family, where = sys.argv[1], getattr(socket, sys.argv[2]), sys.argv[3]
kind = socket.SOCK_DGRAM if job.startswith("udp") else socket.SOCK_STREAM
sock = socket.socket(family, kind)
sock.settimeout(20)
path = family == getattr(socket, "AF_UNIX", None)
here = where if path else (where, 0)
there = where if path or len(sys.argv) < 5 else (where, int(sys.argv[4]))


def say(text):
    print(text, flush=True)


def port():
    return "ready" if path else str(sock.getsockname()[1])


def echo(conn):
    """Lines come back in capitals, until the other side has ended."""
    with conn.makefile("rwb", buffering=0) as file:
        while line := file.readline():
            file.write(line.upper())


if job == "serve":
    sock.bind(here)
    sock.listen()
    say(port())
    conn, _ = sock.accept()
    echo(conn)
    conn.close()
elif job == "reset":
    sock.bind(here)
    sock.listen()
    say(port())
    conn, _ = sock.accept()
    conn.recv(1)
    conn.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    conn.close()
elif job == "told":
    sock.bind(here)
    sock.listen()
    say(port())
    conn, peer = sock.accept()
    say(f"from {peer[1]}")
    try:
        while conn.recv(65536):
            pass
        say("ended")
    except ConnectionResetError:
        say("reset")
    conn.close()
elif job == "call":
    sock.connect(there)
    sock.sendall(b"x" * 300000 + b"\n")
    sock.shutdown(socket.SHUT_WR)
    total = 0
    while data := sock.recv(65536):
        total += len(data)
    say(f"got {total}")
elif job == "udp-serve":
    sock.bind(here)
    say(port())
    for _ in range(3):
        data, address = sock.recvfrom(65536)
        sock.sendto(data.upper(), address)
elif job == "udp-call":
    sock.connect(there)
    for data in (b"hello", b"", b"z" * 60000):
        sock.send(data)
        say(f"got {len(sock.recv(65536))}")
sock.close()
