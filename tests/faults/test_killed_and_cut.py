"""Rows 1 and 2: the program is killed, and the power fails, at moments nobody chose."""

from tests import needs
from tests.faults.figures import points


def test_row_01_what_was_acknowledged_survives_kill_9_at_any_moment_and_nothing_half_does(ground):
    needs.strace()
    for kind, seeds in (("moment", points(270, 9_000)), ("call", points(50, 1_000))):
        outcome = ground(kind, seeds)
        assert outcome.bad == []
        assert outcome.total("unheard") <= len(outcome.results), "only the act under way may be there unheard"


def test_row_02_what_was_acknowledged_survives_a_power_cut_that_tears_unsynced_sectors(ground):
    needs.strace()
    outcome = ground("power", points(5, 670))
    assert outcome.bad == []
    lied_to = ground("lying disk", points(2, 20))
    assert lied_to.total("lost") > 0, "the cuts must bite where nothing is synced"
