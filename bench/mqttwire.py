"""A small MQTT 3.1.1 client on a socket, for what mqload does not do: read slowly, stop reading, look at $SYS."""
import os, socket, struct, time


def text(value):
    data = value.encode()
    return struct.pack(">H", len(data)) + data


def packet(first, body):
    size, length = len(body), bytearray()
    while True:
        size, low = size >> 7, size & 127
        length.append(low | (128 if size else 0))
        if not size:
            return bytes([first]) + bytes(length) + body


class WireClient:
    """Connects when it is made. `receive_buffer` bounds what the kernel takes for it."""

    def __init__(self, port, name, clean=True, receive_buffer=None, timeout=60):
        self.socket = socket.socket()
        if receive_buffer is not None:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(timeout)
        self.pending = b""
        self.socket.connect(("127.0.0.1", port))
        self.socket.sendall(packet(0x10, text("MQTT") + bytes([4, 2 if clean else 0]) + b"\0\0" + text(name)))
        kind, body = self.next()
        if kind >> 4 != 2 or body[1]:
            raise OSError(f"no CONNACK but packet {kind:#x} {body.hex()}")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send_subscribe(self, topic_filter, qos=0):
        self.socket.sendall(packet(0x82, b"\0\1" + text(topic_filter) + bytes([qos])))

    def subscribe(self, topic_filter, qos=0):
        """Returns when the SUBACK has come; what comes before it is dropped here."""
        self.send_subscribe(topic_filter, qos)
        while True:
            kind, body = self.next()
            if kind >> 4 == 9:
                if body[2] >= 0x80:
                    raise OSError(f"the subscription to {topic_filter} is refused")
                return

    def acknowledge(self, identifiers):
        if identifiers:
            self.socket.sendall(b"".join(b"\x40\2" + x for x in identifiers))

    def next(self):
        while True:
            found, rest = split(self.pending)
            if found:
                kind, start, end = found[0]
                data, self.pending = self.pending, self.pending[end:]
                return kind, data[start:end]
            self.receive(65536)

    def receive(self, most):
        """Takes up to so many bytes from the socket; what is complete is in `packets`."""
        data = self.socket.recv(most)
        if not data:
            raise OSError("the broker has closed the connection")
        self.pending += data

    def packets(self):
        """The complete packets received so far: (first byte, body)."""
        found, rest = split(self.pending)
        data, self.pending = self.pending, self.pending[rest:]
        return [(kind, data[start:end]) for kind, start, end in found]


def split(data):
    """The (first byte, start, end) of each complete packet, and where the rest begins."""
    found, at, size = [], 0, len(data)
    while at + 2 <= size:
        length, shift, head = 0, 0, at + 1
        while head < size:
            byte = data[head]
            length |= (byte & 127) << shift
            shift += 7
            head += 1
            if byte < 128:
                break
        else:
            break
        if head + length > size:
            break
        found.append((data[at], head, head + length))
        at = head + length
    return found, at


def topic_of(body):
    return body[2:2 + struct.unpack_from(">H", body)[0]]


def identifier_of(body):
    start = 2 + struct.unpack_from(">H", body)[0]
    return body[start:start + 2]


def read_all(port, topic_filter, wanted, qos=0, bytes_per_second=None, patience=30):
    """Subscribes and reads until `wanted` different topics have come, or nothing comes for so long; returns (topics, copies, seconds)."""
    topics, copies, begin, taken = set(), 0, time.monotonic(), 0
    slow = bytes_per_second is not None
    with WireClient(port, f"reader-{os.getpid()}", receive_buffer=32768 if slow else None, timeout=patience) as client:
        client.send_subscribe(topic_filter, qos)
        while len(topics) < wanted:
            try:
                client.receive(16384 if slow else 1 << 20)
            except socket.timeout:
                break
            taken += len(client.pending)
            acknowledged = []
            for kind, body in client.packets():
                if kind >> 4 == 3:
                    topics.add(topic_of(body))
                    copies += 1
                    if kind & 6:
                        acknowledged.append(identifier_of(body))
            taken -= len(client.pending)
            client.acknowledge(acknowledged)
            ahead = taken / bytes_per_second - (time.monotonic() - begin) if slow else 0
            if ahead > 0:
                time.sleep(ahead)
    return len(topics), copies, time.monotonic() - begin


def system_topics(port, seconds=1.5):
    """What $SYS says now: topic without `$SYS/broker/` to text. Waits for values younger than the question (SysInterval=1s)."""
    values, end = {}, time.monotonic() + seconds
    with WireClient(port, f"sys-{os.getpid()}") as client:
        client.send_subscribe("$SYS/#")
        while (left := end - time.monotonic()) > 0:
            client.socket.settimeout(left)
            try:
                client.receive(65536)
            except socket.timeout:
                break
            for kind, body in client.packets():
                if kind >> 4 == 3:
                    topic = topic_of(body)
                    values[topic.decode().removeprefix("$SYS/broker/")] = body[2 + len(topic):].decode()
    return values


def numbers(values):
    return {k: int(v) for k, v in values.items() if v.lstrip("-").isdigit()}


def drops(before, after):
    """What was given up between two looks at $SYS, by reason."""
    prefix = "publish/messages/dropped/"
    a, b = numbers(before), numbers(after)
    return {k.removeprefix(prefix): b[k] - a.get(k, 0) for k in sorted(b) if k.startswith(prefix) and b[k] > a.get(k, 0)}


def walk_bytes(port, topic_filter, total=None):
    """Subscribes at QoS 0 and takes what comes without looking at it: until so many bytes, or else until nothing comes for 2 s."""
    buffer, taken = bytearray(1 << 20), 0
    with WireClient(port, f"walker-{os.getpid()}", timeout=2 if total is None else 60) as client:
        client.send_subscribe(topic_filter)
        while total is None or taken < total:
            try:
                got = client.socket.recv_into(buffer)
            except socket.timeout:
                break
            if not got:
                raise OSError("the broker has closed the connection of a walk")
            taken += got
    return taken
