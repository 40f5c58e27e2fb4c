"""A few packets of MQTT 3.1.1, for what mqload does not do."""
import socket, struct


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def connect(port, name, clean):
    """A socket on which the CONNACK of MQTT 3.1.1 has come."""
    s = socket.create_connection(("127.0.0.1", port), timeout=60)
    body = b"\0\4MQTT\4" + bytes([2 if clean else 0]) + b"\0\0" + struct.pack(">H", len(name)) + name.encode()
    s.sendall(b"\x10" + bytes([len(body)]) + body)
    got = s.recv(4, socket.MSG_WAITALL)
    if len(got) != 4 or got[0] != 0x20 or got[3]:
        s.close()
        raise OSError(f"no CONNACK: {got!r}")
    return s


def make_session(port, name, qos=1):
    """A persistent session that subscribes to what mqload publishes, and goes."""
    with connect(port, name, clean=False) as s:
        body = b"\0\1" + struct.pack(">H", 7) + b"+/off/+" + bytes([qos])
        s.sendall(b"\x82" + bytes([len(body)]) + body)
        if len(s.recv(5, socket.MSG_WAITALL)) != 5:
            raise OSError("no SUBACK")
        s.sendall(b"\xe0\0")
        s.recv(1)


def count_messages(s):
    """Acknowledges and counts what comes, until nothing does for two seconds."""
    s.settimeout(2)
    count, data = 0, bytearray()
    try:
        while True:
            got = s.recv(1 << 20)
            if not got:
                return count
            data += got
            answers, at = bytearray(), 0
            while True:
                length, shift, i = 0, 0, at + 1
                while i < len(data):
                    length |= (data[i] & 127) << shift
                    shift += 7
                    i += 1
                    if data[i - 1] < 128:
                        break
                else:
                    break
                if i + length > len(data):
                    break
                if data[at] >> 4 == 3:
                    topic = data[i] << 8 | data[i + 1]
                    answers += b"\x40\2" + data[i + 2 + topic:i + 4 + topic]
                    count += 1
                at = i + length
            del data[:at]
            s.sendall(answers)
    except TimeoutError:
        return count
