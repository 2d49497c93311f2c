"""Rows 13 and 15: others who open the same store, as friends and as strangers."""

import pytest

from gis.errors import UserError
from gis.exchange.vector.reader import Reader
from gis.progress import Progress
from tests.faults import naive
from tests.faults.acts import Told
from tests.faults.figures import points
from tests.faults.judge import judge
from tests.faults.town import copied


def test_row_13_two_desks_on_one_computer_both_finish_their_work_at_one_store(ground):
    outcome = ground("neighbours", points(10, 500))
    assert outcome.bad == []


def test_row_15_gdal_in_the_same_process_costs_a_bare_writer_its_commits_and_us_none(town, tmp_path, note):
    kept = {}
    for file in ("none", "desk.gpkg"):
        folder = copied(town, tmp_path / f"bare {file}")
        assert naive.committed_by("bare", folder, file, town).count(b"\n") == 2 * naive.COMMITS
        kept[file] = naive.committed(folder)
    note(
        f"a bare writer told of {2 * naive.COMMITS} commits and kept {kept['desk.gpkg']} once GDAL had looked"
    )
    assert kept["none"] == 2 * naive.COMMITS
    assert kept["desk.gpkg"] < 2 * naive.COMMITS, "the naive path has become safe: the guards may go"
    for file in ("none", "desk.gpkg", "readings.sqlite"):
        folder = copied(town, tmp_path / f"{file}.kentongan")
        told = Told.of(naive.committed_by("ours", folder, file, town))
        assert bool(told.refused) == (file != "none"), "the log was taken away and nobody stopped"
        assert told.bugs == []
        assert judge(folder, town, told).clean
    reader = Reader(workers=1)
    with pytest.raises(UserError, match="belongs to an operation"):
        reader.read(folder / "desk.gpkg", crs=4326, progress=Progress())
    reader.close()
