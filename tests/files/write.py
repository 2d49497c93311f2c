"""An operation with something of everything, and what is in it, for all later versions to open.

From a checkout of the version: `PYTHONPATH=. python tests/files/write.py tests/files/format-N`.
"""

import json
import math
import random
import shutil
import sys
import tempfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from shapely import LineString, Point, box

from gis.clock import ManualClock
from gis.model.incident import Incident, Severity
from gis.model.record import Quality, Reading
from gis.model.sensor import Alarm, AlarmRule, Quantity, Sensor
from gis.ops import alarms, incidents, readings, sensors, sitreps
from gis.store import Operation, Store, history
from gis.store.questions import conflicts
from gis.store.tables.geometry import time_text
from gis.store.tables.rows import KINDS, TABLES, starting_values, to_json

try:
    from gis.geo.figures import Circle
    from gis.ops import drawings
except ImportError:  # formats 1 and 2
    drawings = None
try:
    from gis.store.journal.edit import read
except ImportError:  # format 1
    from gis.store.journal import read

START = datetime(2026, 3, 14, 6, 0, tzinfo=UTC)


def write(folder: Path) -> None:
    """The night of one desk, with what another one sent."""
    clock = ManualClock(START)
    ours = desk(folder, clock, "R. Sari", "I")
    theirs = desk(folder.with_name("field.kentongan"), clock, "Budi", "F")
    with ours.writing("Set up") as tx:
        gauges = [sensors.register(tx, gauge(n)) for n in range(3)]
        first = sensors.set_rule(tx, rule(gauges[0], "Siaga 2", 2.5))
        sensors.set_rule(tx, rule(gauges[0], "Siaga 1", 3.4))
        tx.keep("layers", [{"name": "Wards", "shown": True}])
    log(ours, clock)
    hand_over(ours, theirs, 0)
    disagree(ours, theirs, clock)
    measure(ours, clock, gauges)
    with ours.writing("Acknowledge") as tx:
        ringing = next(alarm for alarm in tx.find(Alarm) if alarm.rule_id == first.id)
        alarms.acknowledge(tx, ringing.id, "R. Sari", "boat sent")
    undo_and_redo(ours, clock)
    if drawings is not None:
        draw(ours)
    with ours.writing("Send report") as tx:
        sitreps.freeze(
            tx,
            number=1,
            since=START,
            as_of=clock.now(),
            assessment="Rising.",
            digest=sha256(b"1").hexdigest(),
        )
    ours.close()
    theirs.close()


def desk(folder: Path, clock: ManualClock, author: str, letter: str) -> Store:
    about = Operation("Muara Seruni", clock.now(), desk=letter, timezone="Asia/Makassar")
    return Store.create(folder, about, clock=clock, author=author)


def gauge(n: int) -> Sensor:
    return Sensor(
        key=f"KALI-{n}", name=f"Kali {n}", quantity=Quantity.LEVEL, unit="m",
        place=Point(116.7 + n / 100, -8.24), low=0.0, high=10.0,
    )  # fmt: skip


def rule(sensor: Sensor, level: str, limit: float) -> AlarmRule:
    return AlarmRule(
        sensor_id=sensor.id, level=level, severity=Severity.SEVERE, raise_at=limit, clear_below=limit - 0.3
    )


def log(store: Store, clock: ManualClock) -> None:
    """Incidents of every shape, some with a caller's name, amended, closed and struck out."""
    places = [
        Point(116.71, -8.23),
        LineString([(116.7, -8.2), (116.72, -8.22)]),
        box(116.7, -8.3, 116.8, -8.2),
        None,
    ]
    texts = ["Water knee high", "น้ำท่วมถนน", "도로 침수", "桥梁损坏"]
    for n in range(24):
        clock.advance(timedelta(minutes=1))
        with store.writing("Log incident") as tx:
            made = incidents.log(
                tx, "fl", f"{texts[n % 4]} {n}", Severity.SEVERE, place=places[n % 4], where="Pasar Lama",
                source=f"Ibu Ani 0812-{n:04}" if n % 3 == 0 else "",
            )  # fmt: skip
            incidents.note(tx, f"Called back {n}", made.id)
        if n % 4 == 1:
            with store.writing("Amend incident") as tx:
                incidents.amend(tx, made.id, affected=n, source="Pak RT 07")
        if n % 6 == 2:
            with store.writing("Close incident") as tx:
                incidents.close(tx, made.id)
        if n == 20:
            with store.writing("Strike out") as tx:
                incidents.strike(tx, made.id)


def hand_over(giver: Store, taker: Store, after: int, *, without: int = -1) -> None:
    """What one desk wrote after a number comes to the other; without the one at a place, when it is lost."""
    with giver.reading() as query:
        edits = [edit for _n, edit in query.edits_after(after)]
        apart = query.personal(edits) if hasattr(query, "personal") else ()
    edits = [edit for n, edit in enumerate(edits) if n != without]
    with taker.writing("Take in a package") as tx:
        tx.receive(edits, apart) if apart else tx.receive(edits)


def disagree(ours: Store, theirs: Store, clock: ManualClock) -> None:
    """Both desks change the same fields; theirs come with one missing, and with words of a newer version."""
    with theirs.reading() as query:
        upto = query.edits_after(0)[-1][0]
    for store, word, count in ((ours, "ours", 7), (theirs, "theirs", 9)):
        clock.advance(timedelta(minutes=1))
        with store.writing("Amend incident") as tx:
            for incident in tx.find(Incident)[:3]:
                incidents.amend(tx, incident.id, where=f"Pasar {word}", affected=count)
    with theirs.writing("Log incident") as tx:
        made = incidents.log(tx, "br", "Bridge closed", Severity.EXTREME, source="Pos 3", number="F-0001")
        incidents.note(tx, "Seen from the boat", made.id)
    hand_over(theirs, ours, upto, without=2)
    with ours.writing("Take in a package") as tx:
        tx.receive(from_a_newer_version(tx.find(Incident)[0].id))
    with ours.writing("Decide") as tx:
        first = conflicts(tx)[0]
        tx.settle(KINDS[first.kind], first.record_id, first.field, first.values[0].value)


def from_a_newer_version(incident_id: str) -> list:
    """Two edits of a kind and a field that no version so far knows."""
    step = {
        "v": 1,
        "actor": "f" * 16,
        "step": "0" * 32,
        "label": "Fly",
        "who": "Citra",
        "at": time_text(START),
    }
    drone = step | {"kind": "Drone", "record": "d1", "field": "battery", "value": {"percent": 70}}
    rain = step | {"kind": "Incident", "record": incident_id, "field": "weather", "value": ["rain"]}
    first = read(canonical(drone | {"seq": 1, "prev": "", "over": []}))
    return [first, read(canonical(rain | {"seq": 2, "prev": first.id, "over": []}))]


def canonical(values: dict) -> str:
    return json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def measure(store: Store, clock: ManualClock, gauges: list[Sensor]) -> None:
    """Readings in order, late, twice, two for one instant, doubtful, and of an instrument nobody set up."""
    water = random.Random(7)
    for part in range(12):
        clock.advance(timedelta(hours=1))
        batch = [
            Reading(sensor_id, clock.now() - timedelta(minutes=m), height(part * 60 - m, water))
            for sensor_id in (*(each.id for each in gauges), "nobody-set-this-up")
            for m in range(60, 0, -1)
        ]
        late = [replace(each, at=each.at - timedelta(days=2)) for each in batch[:20]]
        with store.writing("Readings") as tx:
            readings.ingest(tx, batch)
        with store.writing("Readings") as tx:
            readings.ingest(
                tx, [*late, *batch[:10], *(replace(each, value=each.value + 1) for each in batch[:5])]
            )
        with store.writing("Readings") as tx:
            tx.append([Reading(gauges[1].id, clock.now() - timedelta(seconds=part + 1), 99.0, Quality.RANGE)])
    with store.writing("Readings") as tx:
        tx.append([Reading(gauges[2].id, clock.now() + timedelta(days=9), 1.0, Quality.CLOCK)])


def height(minute: int, water: random.Random) -> float:
    """Twice a day over the limits."""
    return round(2 + 1.7 * math.sin(minute / 57) + water.uniform(0, 0.02), 3)


def undo_and_redo(store: Store, clock: ManualClock) -> None:
    for number in range(3):
        clock.advance(timedelta(minutes=1))
        with store.writing("Amend incident") as tx:
            incidents.amend(tx, tx.find(Incident)[5].id, text=f"Waist high {number}", source=f"Pos {number}")
    for act in (history.undo, history.undo, history.redo):
        with store.writing("Undo or redo") as tx:
            act(tx)


def draw(store: Store) -> None:
    """Drawings of every form, one of them named anew, moved and struck out."""
    shapes = {
        "marker": Point(116.71, -8.23),
        "text": Point(116.72, -8.24),
        "line": LineString([(116.7, -8.2), (116.72, -8.22)]),
        "area": box(116.7, -8.3, 116.8, -8.2).difference(box(116.72, -8.28, 116.74, -8.26)),
        "circle": Circle(116.75, -8.25, 800.0),
    }
    for form, shape in shapes.items():
        with store.writing("Draw") as tx:
            made = drawings.draw(tx, drawings.Form(form), shape)
    with store.writing("Name drawing") as tx:
        drawings.amend(tx, made.id, title="500 m around the depot", text="ถังแก๊ส", colour="flood")
    with store.writing("Move drawing") as tx:
        drawings.reshape(tx, made.id, box(116.7, -8.3, 116.8, -8.2))
    with store.writing("Strike out") as tx:
        drawings.strike(tx, made.id)


def told(store: Store) -> dict:
    """Everything that can be asked about an operation, in words that do not depend on how it is kept."""
    with store.reading() as query:
        steps = query.steps(100_000)
        series = {sensor: query.series(sensor) for sensor in sorted(query.latest())}
        return {
            "city": store.operation.city,
            "created_at": time_text(store.operation.created_at),
            "actor": store.actor,
            "records": {
                table: sorted((plain(each) for each in query.find(kind, void=None)), key=lambda r: r["id"])
                for kind, table in TABLES.items()
                if query.find(kind, void=None)
            },
            "conflicts": sorted(
                [c.kind, c.record_id, c.field, [edit.value for edit in c.values]] for c in conflicts(query)
            ),
            "steps": [
                [s.id, s.label, s.author, time_text(s.at), s.undoes, digest(e.id for e in s.edits)]
                for s in steps
            ],
            "edits": [
                query.edits_after(0)[-1][0],
                digest((n, e.id, e.value) for n, e in query.edits_after(0)),
            ],
            "missing": query.missing(),
            "broken": query.broken(),
            "layers": query.kept("layers"),
            "readings": {name: [len(each.at_us), digest(rows(each))] for name, each in series.items()},
            "latest": {
                name: [time_text(r.at), r.value, int(r.quality)] for name, r in query.latest().items()
            },
        }


def grown(told: dict) -> dict:
    """What an earlier version told, as this one tells it: what records say only since then is what they
    hold while nobody has said it."""
    records = {
        table: [starting_values(kind) | each for each in told["records"][table]]
        for kind, table in TABLES.items()
        if told["records"].get(table)
    }
    return told | {"records": records}


def plain(record) -> dict:
    return {name: to_json(getattr(record, name)) for name in record.__dataclass_fields__}


def rows(series) -> list[tuple[int, float, int]]:
    """By time and value."""
    return sorted(zip(series.at_us.tolist(), series.value.tolist(), series.quality.tolist(), strict=True))


def digest(what) -> str:
    return sha256(repr(list(what)).encode()).hexdigest()[:16]


def main(name: str) -> None:
    target = Path(name).resolve()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "whole" / "flood.kentongan"
        folder.parent.mkdir()
        write(folder)
        store = Store.open(folder, clock=ManualClock(START + timedelta(days=1)), author="R. Sari")
        said = told(store)
        store.close()
        shutil.rmtree(folder.with_name("field.kentongan"))
        shutil.rmtree(folder / ".desk", ignore_errors=True)
        (folder / "reserve").unlink(missing_ok=True)  # room on the disk, nothing else
        shutil.make_archive(str(target), "zip", folder.parent)
        target.with_suffix(".json").write_text(json.dumps(said, ensure_ascii=False, indent=1), "utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
