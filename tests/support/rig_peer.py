"""A rig as Python's iblutil makes it, written from its messages alone: JSON, and echoes of bytes.

    rig_peer.py serve udp|tcp HOST VECTORS     prints its port, then each message that it gets
    rig_peer.py call udp|tcp HOST PORT VECTORS  sends each vector and wants exactly its echo

It is as strict as the original: whatever is not the echo that it waits for ends it.
"""
import json, socket, sys

job, kind, host, where = sys.argv[1:5]
vectors = json.load(open(sys.argv[-1]))
family = socket.AF_INET6 if ":" in host else socket.AF_INET
sock = socket.socket(family, socket.SOCK_DGRAM if kind == "udp" else socket.SOCK_STREAM)
peer = None


def say(text):
    print(text, flush=True)


def get():
    global peer
    if kind == "tcp":
        return sock.recv(65536)
    data, peer = sock.recvfrom(65536)
    return data


def put(data):
    sock.sendto(data, peer) if kind == "udp" else sock.sendall(data)


def confirmed(data):
    put(data)
    sock.settimeout(5)
    back = get()
    sock.settimeout(None)
    if back != data:
        say(f"unexpected response {back!r}")
        sys.exit(1)


def answer(text):
    """What this rig has to say about a message."""
    event, *data = json.loads(text)
    if event == 128 and not data[1]:
        confirmed(vectors["alyxAnswer"].encode())
    elif event == 2 and data[0] == "fail":
        put(vectors["failure"].encode())
    elif event == 1 and data[0] == "talk":
        confirmed(json.dumps([1, "talked"]).encode())


def serve():
    global sock
    sock.bind((host, 0))
    if kind == "tcp":
        sock.listen()
    say(sock.getsockname()[1])
    if kind == "tcp":
        sock, _ = sock.accept()
    while data := get():
        text = data.decode()
        if text[1] != "0":
            put(data)
        say(f"got {text}")
        answer(text)


def call():
    global peer
    peer = (host, int(where))
    if kind == "tcp":
        sock.connect(peer)
    for vector in vectors["sent"]:
        confirmed(vector["text"].encode())
    say("confirmed")
    data = get()
    put(data)
    say(f"got {data.decode()}")


serve() if job == "serve" else call()
