"""Rows 16 to 19: an operation that was changed by something else than this version of the program."""

import os
import re

from gis.model.incident import Severity
from gis.ops import incidents
from gis.store import Store
from gis.store.checkup import faults
from gis.sync import exchange
from gis.sync.package import unpack
from tests.faults import looking, naive
from tests.faults.acts import Told
from tests.faults.figures import points
from tests.faults.town import copied, operation_in

NEWER = {"format": 99, "min_reader": 1, "min_writer": 99}


def test_row_16_bytes_that_changed_on_a_page_are_named_wherever_they_make_a_difference(ground, worked):
    outcome = ground("flipped", points(60, 3_000), worked)
    assert outcome.bad == []
    assert outcome.said("named"), "no damage was ever noticed"


def _killed_at_work(town, tmp_path):
    """What a desk left that was killed: its folder, and what it had been told was saved."""
    folder = copied(town, operation_in(tmp_path))
    return folder, Told.of(naive.committed_by("ours", folder, "none", town))


def _taken_away(log):
    log.unlink()


def _cut_in_half(log):
    os.truncate(log, log.stat().st_size // 2)


def _of_another_night(log):
    log.write_bytes(log.read_bytes()[:32][::-1] + log.read_bytes()[32:])


def test_row_17_a_log_that_was_taken_away_cut_or_exchanged_is_noticed_and_what_is_missing_is_counted(
    town, clock, tmp_path
):
    for harm in (_taken_away, _cut_in_half, _of_another_night):
        folder, told = _killed_at_work(town, tmp_path / harm.__name__)
        harm(folder / "desk.gpkg-wal")
        store = Store.open(folder, clock=clock, author="desk")
        with store.reading() as query:
            lost = len(told.edits) - len(query.arrived(sorted(told.edits)))
            newest = max(number for number, _edit in query.edits_after(0))
        assert lost > 0, f"nothing was lost by {harm.__name__}"
        (said,) = store.findings
        first, last = map(int, re.search(r"the numbers (\d+) to (\d+)", said).groups())
        assert first == newest + 1
        assert last >= newest + lost, "more is missing than is told"
        with store.writing("Log") as tx:
            incidents.log(tx, "fl", "Work goes on", Severity.MINOR)
        store.close()
        assert faults(folder) == []


def test_row_19_an_operation_of_a_newer_version_can_be_seen_and_passed_on_and_is_not_changed(
    worked, store, clock, tmp_path
):
    folder = copied(worked, operation_in(tmp_path))
    newer = Store.open(folder, clock=clock, author="desk")
    with newer.writing("Update") as tx:
        tx.keep("format", NEWER)
    newer.close()
    before = looking.contents(folder)
    shown = looking.look(folder, tmp_path / "on its way")
    assert looking.contents(folder) == before
    looking.is_whole_and_read_only(
        shown, looking.look(copied(worked, tmp_path / "x.kentongan"), tmp_path / "x")
    )
    assert "newer version" in shown["refused"]
    with store.writing("Take in") as tx:
        assert exchange.receive(tx, unpack(tmp_path / "on its way")).new_edits == shown["packed"]
