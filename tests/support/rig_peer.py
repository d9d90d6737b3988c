"""A rig as Python's iblutil makes it, written from its messages alone: JSON, and echoes of bytes.

    rig_peer.py serve udp|tcp HOST VECTORS     prints its port, then each message that it gets
    rig_peer.py call udp|tcp|ws HOST PORT VECTORS  sends each vector and wants exactly its echo

It is as strict as the original: whatever is not the echo that it waits for ends it.
"""
import base64, hashlib, json, os, socket, struct, sys

job, kind, host, where = sys.argv[1:5]
vectors = json.load(open(sys.argv[-1]))
family = socket.AF_INET6 if ":" in host else socket.AF_INET
sock = socket.socket(family, socket.SOCK_DGRAM if kind == "udp" else socket.SOCK_STREAM)
peer = None


def say(text):
    print(text, flush=True)


def upgrade():
    """The handshake of WebSocket, RFC 6455."""
    key = base64.b64encode(os.urandom(16)).decode()
    request = ["GET / HTTP/1.1", "Host: rig", "Upgrade: websocket", "Connection: Upgrade"]
    request += ["Sec-WebSocket-Version: 13", f"Sec-WebSocket-Key: {key}", "", ""]
    sock.sendall("\r\n".join(request).encode())
    answer = b""
    while not answer.endswith(b"\r\n\r\n"):
        answer += sock.recv(1)
    digest = hashlib.sha1(f"{key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11".encode()).digest()
    assert answer.startswith(b"HTTP/1.1 101 "), answer
    assert b"sec-websocket-accept: " + base64.b64encode(digest).lower() in answer.lower(), answer


def exactly(size):
    data = b""
    while len(data) < size:
        data += sock.recv(size - len(data))
    return data


def get_frame():
    first, length = exactly(2)
    if length == 126:
        (length,) = struct.unpack(">H", exactly(2))
    data = exactly(length)
    return data if first == 0x81 else get_frame()


def put_frame(data):
    size = len(data)
    header = bytes([0x81, 0x80 | size]) if size < 126 else struct.pack(">BBH", 0x81, 0xFE, size)
    mask = os.urandom(4)
    sock.sendall(header + mask + bytes(byte ^ mask[at % 4] for at, byte in enumerate(data)))


def get():
    global peer
    if kind == "ws":
        return get_frame()
    if kind == "tcp":
        return sock.recv(65536)
    data, peer = sock.recvfrom(65536)
    return data


def put(data):
    if kind == "ws":
        return put_frame(data)
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
    if kind != "udp":
        sock.connect(peer)
    if kind == "ws":
        upgrade()
    for vector in vectors["sent"]:
        confirmed(vector["text"].encode())
    say("confirmed")
    data = get()
    put(data)
    say(f"got {data.decode()}")


serve() if job == "serve" else call()
