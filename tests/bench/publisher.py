"""As many gauges as wanted speak to a broker, as evenly as one process can.

`python -m tests.bench.publisher PORT GAUGES RATE SECONDS`: each message holds when it was sent (ms since
1970). MQTT 3.1.1 by hand, QoS 1: a publisher made with paho takes more of the computer than the broker and
the desk together. Ends once the broker has taken everything, and prints how many messages those were.
"""

import select
import socket
import struct
import sys
import time

_BEAT_S = 0.01


def connected(port: int) -> socket.socket:
    line = socket.create_connection(("127.0.0.1", port))
    name = b"gauges"
    body = b"\0\4MQTT\4\2\0\0" + struct.pack(">H", len(name)) + name
    line.sendall(b"\x10" + bytes([len(body)]) + body)
    assert line.recv(4) == b"\x20\2\0\0", "the broker does not take us"
    return line


def packet(number: int, gauges: int, at_us: int) -> bytes:
    topic = b"city/gauges/G-%d/level" % (number % gauges)
    payload = b'{"t":%d.%03d,"v":%d.%02d}' % (*divmod(at_us, 1000), number % 7, number % 100)
    body = struct.pack(">H", len(topic)) + topic + struct.pack(">H", number % 65_535 + 1) + payload
    return b"\x32" + bytes([len(body)]) + body


def speak(port: int, gauges: int, rate: int, seconds: float) -> int:
    line = connected(port)
    sent, heard, last_us, begun = 0, 0, 0, time.perf_counter()
    while sent < int(seconds * rate) or heard < sent:
        spent = time.perf_counter() - begun
        due = min(int(spent * rate), int(seconds * rate))
        packets = []
        for number in range(sent, due):
            last_us = max(last_us + 1, time.time_ns() // 1000)
            packets.append(packet(number, gauges, last_us))
        heard += exchanged(line, b"".join(packets))
        sent = due
        time.sleep(max(0.0, _BEAT_S - (time.perf_counter() - begun - spent)))
    line.close()
    return sent


def exchanged(line: socket.socket, content: bytes) -> int:
    """Send it all; returns how many acknowledgements (4 bytes each) came meanwhile, in bytes divided by 4."""
    count, left = 0.0, memoryview(content)
    while True:
        readable, writable, _never = select.select([line], [line] if left else [], [], 0)
        if readable:
            heard = line.recv(1 << 16)
            assert heard, "the broker hung up"
            count += len(heard) / 4
        if writable and left:
            left = left[line.send(left) :]
        if not left and not readable:
            return count


if __name__ == "__main__":
    print(speak(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4])))
