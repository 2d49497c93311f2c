"""The town every fault is tried on: an operation with gauges and calls, and packages of a team to take in."""

import json
import random
import shutil
from datetime import timedelta
from pathlib import Path

from gis.clock import ManualClock
from gis.model.incident import Severity
from gis.model.record import Reading
from gis.ops import incidents, sensors
from gis.store import Operation, Store
from gis.sync.package import SUFFIX, pack
from tests.build import SIX, a_gauge, a_rule

GAUGES = tuple(a_gauge(id=f"gauge-{n}", key=f"KALI-{n}", name=f"Kali {n}") for n in range(3))
PACKAGES = 6
_MARK = 1e-7


def operation_in(town: Path) -> Path:
    return town / "town.kentongan"


def packages_in(town: Path) -> list[Path]:
    return sorted(town.glob(f"*{SUFFIX}"))


def edits_in(town: Path) -> dict[str, list[str]]:
    """The names of the edits in each package, by the package's name."""
    return json.loads((town / "packages.json").read_text())


def laid_out(town: Path) -> int:
    """The journal number of the last edit that was there before anything was done."""
    return int((town / "laid out").read_text())


def batch(number: int) -> list[Reading]:
    """The readings of the batch with this number: nobody else's times, and values that carry the number."""
    rng = random.Random(number)
    start = SIX + timedelta(minutes=10 * number)
    return [
        Reading(
            rng.choice(GAUGES).id, start + timedelta(seconds=second), _value(rng.uniform(1.0, 6.0), number)
        )
        for second in range(rng.randrange(1, 120))
    ]


def _value(level: float, number: int) -> float:
    return round(round(level, 2) + number * _MARK, 7)


def number_of(value: float) -> int:
    """Which batch a value came in."""
    return round((value - round(value, 2)) / _MARK)


def build(town: Path) -> Path:
    """Lay out the town in a new folder and return it."""
    town.mkdir(parents=True)
    store = Store.create(operation_in(town), Operation("Seruni", SIX), clock=ManualClock(SIX), author="desk")
    with store.writing("Set up") as tx:
        for gauge in GAUGES:
            sensors.register(tx, gauge)
            sensors.set_rule(tx, a_rule(gauge, id=f"rule-{gauge.id}"))
        for number in range(5):
            incidents.log(tx, "fl", "Water in the street", Severity.MINOR, where=f"street {number}")
    with store.reading() as query:
        upto = max(number for number, _edit in query.edits_after(0))
    store.close()
    (town / "laid out").write_text(str(upto))
    names = _write_packages(town)
    (town / "packages.json").write_text(json.dumps(names))
    return town


def _write_packages(town: Path) -> dict[str, list[str]]:
    """What a team sent, in parts that build on each other."""
    home = town / "team.kentongan"
    team = Store.create(home, Operation("Seruni", SIX, desk="T"), clock=ManualClock(SIX), author="team")
    names: dict[str, list[str]] = {}
    upto, logged = 0, []
    for part in range(PACKAGES):
        with team.writing("From the field") as tx:
            logged += [
                incidents.log(tx, "fl", "Seen by boat", Severity.SEVERE, where=f"boat {part}.{each}")
                for each in range(3)
            ]
            incidents.amend(tx, logged[part].id, text=f"Seen again on round {part}")
        with team.reading() as query:
            edits = [edit.id for _n, edit in query.edits_after(upto)]
        packed = pack(team, town / f"{part}{SUFFIX}", after=upto)
        upto, names[packed.path.name] = packed.upto, edits
    team.close()
    shutil.rmtree(home)
    return names


def copied(town: Path, to: Path) -> Path:
    """A copy of the town's operation, for one fault; the desk keeps its reserve of room anew."""
    shutil.rmtree(to, ignore_errors=True)
    shutil.copytree(operation_in(town), to, ignore=shutil.ignore_patterns("reserve"))
    return to
