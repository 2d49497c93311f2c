"""What every test stands on: real stores in tmp_path, a clock that stands still, and no unexpected word."""

import logging
import os
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import hypothesis
import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("KENTONGAN_HOME", tempfile.mkdtemp(prefix="kentongan-tests-"))

from gis.clock import ManualClock
from gis.exchange.vector.reader import Reader
from gis.store import Operation, Store
from tests import needs

# How long an example takes says more about what else this computer does than about the program.
hypothesis.settings.register_profile("untimed", hypothesis.settings(), deadline=None)
hypothesis.settings.load_profile("untimed")

BESIDE_THE_CHECKOUT = Path(__file__).parents[2] / "shared" / "realdata"
REALDATA = Path(os.environ.get("KENTONGAN_REALDATA", BESIDE_THE_CHECKOUT))


def pytest_report_header() -> str:
    """The libraries underneath that decide what we see: a result without them cannot be compared."""
    import pyogrio
    import pyproj
    import shapely

    from gis.store.tables.engine import SQLITE_VERSION

    gdal = ".".join(map(str, pyogrio.__gdal_version__))
    geos = ".".join(map(str, shapely.geos_version))
    return (
        f"GDAL {gdal}, PROJ {pyproj.__proj_version__}, GEOS {geos}, "
        f"SQLite {SQLITE_VERSION}, Qt {version('PySide6-Essentials')}"
    )


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(datetime(2026, 3, 14, 6, 0, tzinfo=UTC))


@pytest.fixture
def store(tmp_path, clock):
    made = Store.create(
        tmp_path / "flood.kentongan",
        Operation("Muara Seruni", clock.now(), timezone="Asia/Makassar"),
        clock=clock,
        author="R. Sari",
    )
    yield made
    made.close()


@pytest.fixture(scope="module")
def reader():
    """Of map files; its worker process serves all tests of a module."""
    made = Reader(workers=1)
    yield made
    made.close()


@pytest.fixture(autouse=True)
def no_unexpected_log(caplog):
    yield
    bad = [r for r in caplog.get_records("call") if r.levelno >= logging.WARNING]
    assert not bad, f"unexpected log: {[r.getMessage() for r in bad]}"


@pytest.fixture
def realdata() -> Path:
    """Real files that nobody on this project made; they lie beside the checkout."""
    needs.that(REALDATA.is_dir(), f"the folder of real files is missing: {REALDATA}")
    return REALDATA


@pytest.fixture(scope="session")
def sample_city(tmp_path_factory):
    """The sample city, grown once for all tests in all processes of a run: not to be written to."""
    from gis.training.sample import build

    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    with one_at_a_time(shared / "growing"):
        return build(shared / "sample" / "muara-seruni")


@contextmanager
def one_at_a_time(mark: Path) -> Generator[None]:
    """Whoever makes the folder `mark` goes first; the others wait until it is gone."""
    while True:
        try:
            mark.mkdir()
            break
        except FileExistsError:
            time.sleep(0.1)
    try:
        yield
    finally:
        mark.rmdir()
