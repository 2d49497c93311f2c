"""What others warn of, at the desk: on the map, in a list, pointed out when it is grave and near."""

from datetime import timedelta

import pytest

from desktop.legends import with_live
from desktop.work import HAZARDS
from gis.exchange.cap_feed import listing
from gis.exchange.cap_hazards import Listening, message
from gis.ops import hazards
from gis.progress import Progress
from gis.store.moment import Moment
from layers.sources.base import EVERYWHERE
from tests.stations import cap_alert, reference

NEAR = "<polygon>-8.2,116.7 -8.2,116.75 -8.25,116.75 -8.25,116.7 -8.2,116.7</polygon>"
FAR = "<circle>10.0,20.0 5</circle>"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def warn(sitting):
    """A message arrives, sent so many minutes ago."""
    store = sitting.desk.store
    begun = store.clock.now()

    def hear(name, minutes=10, **said):
        told = cap_alert(begun - minutes * MINUTE, name, **({"area": NEAR} | said)).encode()
        messages = [message(alert, Listening(), begun) for alert in listing(told).alerts]
        hazards.take_in(store, messages, "Feed of alerts")

    hear.reference = lambda name, minutes=10: reference(begun - minutes * MINUTE, name)
    return hear


def listed(sitting) -> list[str]:
    return [alert.headline for alert in sitting.desk.watch.hazards.list.table.records.records]


def drawn(sitting) -> list[str]:
    """The titles on the map."""
    stack = sitting.desk.ground.model.stack
    found = stack.get(HAZARDS).source.read(EVERYWHERE, stack.crs, Progress())
    return [title for each in found for title in each.columns["title"]]


def notice(sitting) -> str:
    notices = sitting.desk.ground.notices
    return notices.words.text() if notices.isVisible() else ""


def test_a_warning_is_listed_and_drawn_until_it_expires(sitting, warn):
    warn("a", severity="Moderate", hours=2)
    sitting.wait(lambda: listed(sitting) == ["Flood warning"])
    assert drawn(sitting) == ["Flood"]
    sitting.desk.store.clock.advance(timedelta(hours=3))
    sitting.desk.watch.hazards.look()  # as its beat does
    sitting.wait(lambda: listed(sitting) == [])
    assert drawn(sitting) == []


def test_a_grave_warning_for_the_city_is_pointed_out_and_leads_to_what_it_says(sitting, warn):
    warn("a", severity="Extreme")
    sitting.wait(lambda: notice(sitting).startswith("Extreme warning: Flood warning. BMKG, until "))
    sitting.desk.ground.notices.answer.click()
    sitting.wait(lambda: sitting.desk.panels.detail.page is sitting.desk.watch.hazards.page)
    words = sitting.desk.watch.hazards.page.text.toPlainText()
    assert "Leave the banks." in words
    assert "BMKG" in words
    assert sitting.desk.ground.model.selection.now.layer_id == HAZARDS


@pytest.mark.parametrize(
    "said",
    [{"status": "Exercise"}, {"status": "Test"}, {"severity": "Moderate"}, {"area": FAR}, {"area": ""}],
    ids=str,
)
def test_what_is_mild_far_or_not_real_is_listed_and_calls_nobody(sitting, warn, said):
    before = notice(sitting)
    warn("a", **said)
    sitting.wait(lambda: len(listed(sitting)) == 1)
    assert notice(sitting) == before


def test_the_word_about_a_warning_goes_away_with_it(sitting, warn):
    before = notice(sitting)
    warn("a", severity="Extreme")
    sitting.wait(lambda: "Flood warning" in notice(sitting))
    warn("b", minutes=5, kind="Cancel", follows=warn.reference("a"))
    sitting.wait(lambda: listed(sitting) == [])
    assert notice(sitting) == before


def test_an_update_is_pointed_out_in_place_of_what_was_before(sitting, warn):
    warn("a", severity="Severe")
    sitting.wait(lambda: "Severe warning" in notice(sitting))
    warn("b", minutes=5, kind="Update", follows=warn.reference("a"), severity="Extreme", headline="Wave")
    sitting.wait(lambda: notice(sitting).startswith("Extreme warning: Wave."))
    sitting.desk.ground.notices.close_button.click()
    assert "warning" not in notice(sitting)


def test_an_exercise_says_so_wherever_it_is_read(sitting, warn):
    warn("a", status="Exercise", severity="Extreme")
    sitting.wait(lambda: len(listed(sitting)) == 1)
    assert drawn(sitting) == ["EXERCISE  Flood"]
    table = sitting.desk.watch.hazards.list.table
    assert table.model().index(0, 3).data() == "EXERCISE  Flood warning"
    sitting.desk.watch.hazards.select(sitting.desk.watch.hazards.list.table.records.records[0])
    page = sitting.desk.watch.hazards.page
    sitting.wait(lambda: "EXERCISE: this is not real." in page.text.toPlainText())


def test_words_of_others_are_shown_as_words(sitting, warn):
    warn("a", headline="&lt;img src=x&gt;&lt;b&gt;Flood&lt;/b&gt;")
    sitting.wait(lambda: len(listed(sitting)) == 1)
    sitting.desk.watch.hazards.select(sitting.desk.watch.hazards.list.table.records.records[0])
    page = sitting.desk.watch.hazards.page
    sitting.wait(lambda: "<b>Flood</b>" in page.text.toPlainText())


def test_a_warning_without_a_shape_is_listed_and_says_that_it_is_not_on_the_map(sitting, warn):
    warn("a", area="<geocode><valueName>EMMA_ID</valueName><value>ID042</value></geocode>")
    sitting.wait(lambda: len(listed(sitting)) == 1)
    assert drawn(sitting) == []
    sitting.desk.watch.hazards.select(sitting.desk.watch.hazards.list.table.records.records[0])
    page = sitting.desk.watch.hazards.page
    sitting.wait(lambda: "not on the map" in page.text.toPlainText())
    assert not page.go.isEnabled()


def test_the_past_has_the_warnings_of_its_time(sitting, warn):
    clock, outlook = sitting.desk.store.clock, sitting.desk.ground.model.outlook
    before = clock.now()
    clock.advance(MINUTE)
    warn("a")
    sitting.wait(lambda: len(listed(sitting)) == 1)
    outlook.go(before)
    sitting.wait(lambda: listed(sitting) == [])
    outlook.go(None)
    sitting.wait(lambda: len(listed(sitting)) == 1)


def test_an_operation_that_knew_no_warnings_has_their_layer_below_what_is_drawn_and_measured(sitting):
    stack = sitting.desk.ground.model.stack
    kept = tuple(layer for layer in stack if layer.id != HAZARDS)
    layers = with_live(kept, Moment(sitting.desk.store), sitting.desk.ground.index)
    ids = [layer.id for layer in layers]
    assert ids.index(HAZARDS) == ids.index("drawings") - 1
