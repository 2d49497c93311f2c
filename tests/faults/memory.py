"""Row 36: an import that needs more memory than there is.

Run as `python -m tests.faults.memory TOWN SCRATCH`: prints what went wrong, a line each.
"""

import json
import resource
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from gis.clock import ManualClock
from gis.errors import UserError
from gis.exchange.vector.reader import Reader
from gis.progress import Progress
from gis.store import Store
from tests.build import SIX
from tests.faults.acts import Sitting, Told
from tests.faults.judge import judge
from tests.faults.town import copied

ENOUGH = 512 << 20  # for a worker and what it loads
CORNERS, HUGE = 2_000, 2_400


def write(path: Path, features: int) -> Path:
    """A map of many-cornered districts."""
    ring = [[116 + n / CORNERS, -8.0] for n in range(CORNERS)] + [[116.5, -9.0], [116.0, -8.0]]
    shape = json.dumps({"type": "Polygon", "coordinates": [ring]})
    with path.open("w") as file:
        file.write('{"type": "FeatureCollection", "features": [\n')
        for number in range(features):
            comma = "," if number else ""
            file.write(
                f'{comma}{{"type": "Feature", "properties": {{"n": {number}}}, "geometry": {shape}}}\n'
            )
        file.write("]}")
    return path


def complaints(town: Path, scratch: Path) -> Iterator[str]:
    folder = copied(town, scratch / "town.kentongan")
    store = Store.open(folder, clock=ManualClock(SIX + timedelta(days=1)), author="desk")
    sitting, told = Sitting(store, town, 1), Told()
    reader = Reader(workers=1)
    for features, fits in ((3, True), (HUGE, False), (3, True)):
        path = write(scratch / f"{features}.geojson", features)
        told.hear(json.dumps(sitting.act()))
        try:
            reader.read(path, crs=4326, progress=Progress())
            if not fits:
                yield "the map was not large enough to prove anything"
        except UserError as refused:
            if fits or not refused.hint:
                yield f"{features} districts: {refused} {refused.hint}"
        told.hear(json.dumps(sitting.act()))
    reader.close()
    store.close()
    verdict = judge(folder, town, told)
    yield from verdict.lost + verdict.corrupt


def main(town: str, scratch: str) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (ENOUGH, ENOUGH))
    for said in complaints(Path(town), Path(scratch)):
        print(said)


if __name__ == "__main__":
    main(*sys.argv[1:])
