"""What somebody would write in an afternoon: paho and sqlite3, each message a row, acknowledged after COMMIT.

`python -m tests.bench.bare_mqtt PORT FILE COUNT`: ends after COUNT messages; prints JSON: the milliseconds
from sending to COMMIT (median, 99 of 100, worst), the rows, and the seconds of processor used.
"""

import json
import sqlite3
import statistics
import sys
import time
from collections import deque

from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion


def main(port: int, file: str, count: int) -> None:
    base = sqlite3.connect(file, isolation_level=None)
    for pragma in ("journal_mode = WAL", "synchronous = FULL"):
        base.execute(f"PRAGMA {pragma}")
    base.execute("CREATE TABLE reading (topic, t, v, PRIMARY KEY (topic, t)) WITHOUT ROWID")
    waiting: deque = deque()
    client = Client(CallbackAPIVersion.VERSION2, "bare", protocol=MQTTProtocolVersion.MQTTv5, manual_ack=True)
    client.on_connect = lambda *_said: client.subscribe("city/gauges/+/level", 1)
    client.on_subscribe = lambda *_said: print("here", flush=True)
    client.on_message = lambda _client, _user, message: waiting.append(message)
    client.connect("127.0.0.1", port, clean_start=False)
    client.loop_start()
    took: list[float] = []
    while len(took) < count:
        time.sleep(0.1)
        batch = [waiting.popleft() for _each in range(len(waiting))]
        read = [(message.topic, json.loads(message.payload)) for message in batch]
        base.execute("BEGIN IMMEDIATE")
        base.executemany(
            "INSERT OR IGNORE INTO reading VALUES (?, ?, ?)", [(topic, m["t"], m["v"]) for topic, m in read]
        )
        base.execute("COMMIT")
        now_ms = time.time() * 1e3
        took += [now_ms - m["t"] for _topic, m in read]
        for message in batch:
            client.ack(message.mid, message.qos)
    client.disconnect()
    client.loop_stop()
    cuts = statistics.quantiles(took, n=100)
    rows = base.execute("SELECT count(*) FROM reading").fetchone()[0]
    print(json.dumps([cuts[49], cuts[98], max(took), rows, time.process_time()]))


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
