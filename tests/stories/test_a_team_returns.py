"""A team was out with a desk of its own. What both sides wrote comes together, and a person decides."""

from datetime import timedelta

import pytest
from PySide6.QtWidgets import QAbstractButton

from gis.clock import ManualClock
from gis.model.incident import Incident, Severity
from gis.ops import incidents
from gis.store import Operation, Store
from gis.store.questions import conflicts
from gis.sync import exchange
from gis.sync.package import SUFFIX, pack, unpack
from tests.build import MARKET, SIX


@pytest.fixture
def desk_of(tmp_path):
    """Makes operations of one city, each with its own clock and author."""
    made = []

    def make(desk, author):
        clock = ManualClock(SIX)
        operation = Operation("Muara Seruni", SIX, desk=desk, timezone="Asia/Makassar")
        made.append(Store.create(tmp_path / f"{author}.kentongan", operation, clock=clock, author=author))
        return made[-1]

    yield make
    for store in made:
        store.close()


def write(store, label, verb):
    store.clock.advance(timedelta(minutes=1))
    with store.writing(label) as tx:
        return verb(tx)


def found(store):
    with store.reading() as query:
        return sorted(query.find(Incident, void=None), key=lambda i: i.number)


def disputed(store):
    with store.reading() as query:
        return conflicts(query)


def test_a_stick_goes_back_and_forth_until_both_desks_say_the_same(desk_of, tmp_path):
    city, team = desk_of("I", "R. Sari"), desk_of("T", "A. Putri")
    stick = tmp_path / "stick"
    stick.mkdir()
    market = write(
        city, "Log", lambda tx: incidents.log(tx, "fl", "Knee high", Severity.SEVERE, place=MARKET)
    )
    outward = pack(city, stick / f"out{SUFFIX}")
    write(team, "Take in", lambda tx: exchange.receive(tx, unpack(outward.path)))

    roof = write(team, "Log", lambda tx: incidents.log(tx, "fl", "Four on a roof", Severity.EXTREME))
    write(team, "Amend", lambda tx: incidents.amend(tx, market.id, text="Chest high", affected=40))
    write(city, "Amend", lambda tx: incidents.amend(tx, market.id, text="Going down"))
    write(city, "Note", lambda tx: incidents.note(tx, "Boat 2 on its way", market.id))

    home = pack(team, stick / f"home{SUFFIX}")
    received = write(city, "Take in", lambda tx: exchange.receive(tx, unpack(home.path)))
    (dispute,) = received.conflicts
    assert {(edit.who, edit.value) for edit in dispute.values} == {
        ("A. Putri", "Chest high"),
        ("R. Sari", "Going down"),
    }
    assert [i.number for i in found(city)] == [market.number, roof.number]
    assert found(city)[0].affected == 40, "what nobody disputes is there at once"

    theirs = next(edit for edit in dispute.values if edit.who == "A. Putri")
    write(city, "Decide", lambda tx: exchange.settle(tx, dispute, theirs))
    answer = pack(city, stick / f"answer{SUFFIX}")
    for _again in range(2):
        write(team, "Take in", lambda tx: exchange.receive(tx, unpack(answer.path)))
        write(city, "Take in", lambda tx: exchange.receive(tx, unpack(home.path)))
    assert found(city) == found(team)
    assert found(city)[0].text == "Chest high"
    assert disputed(city) == disputed(team) == []


def test_the_same_through_two_windows_by_buttons_alone(desk_of, sit_down, tmp_path):
    city, team = sit_down(desk_of("I", "R. Sari")), sit_down(desk_of("T", "A. Putri"))
    market = write(city.store, "Log", lambda tx: incidents.log(tx, "fl", "Knee high", Severity.SEVERE))
    city.wait(lambda: city.incidents_shown() != [])
    send(city, tmp_path / f"out{SUFFIX}")
    take_in(team, tmp_path / f"out{SUFFIX}")
    team.wait(lambda: any("Knee high" in line for line in team.incidents_shown()))

    write(team.store, "Amend", lambda tx: incidents.amend(tx, market.id, text="Chest high"))
    write(city.store, "Amend", lambda tx: incidents.amend(tx, market.id, text="Going down"))
    send(team, tmp_path / f"home{SUFFIX}")
    take_in(city, tmp_path / f"home{SUFFIX}")
    city.wait(lambda: len(disputed(city.store)) == 1)
    city.wait(lambda: answers(city) == {"Chest high", "Going down"})
    keep(city, "Chest high")
    city.wait(lambda: disputed(city.store) == [])
    city.wait(lambda: answers(city) == set())
    city.wait(lambda: any("Chest high" in line for line in city.incidents_shown()))

    send(city, tmp_path / f"answer{SUFFIX}")
    take_in(team, tmp_path / f"answer{SUFFIX}")
    team.wait(lambda: found(city.store) == found(team.store))
    assert disputed(team.store) == []


def form_of(sitting):
    """The exchange form, brought up by its key."""
    sitting.window.perform("exchange")
    return sitting.panels.detail


def send(sitting, path):
    sitting.click("Send everything", form_of(sitting))
    sitting.choose(path)
    sitting.wait(path.is_file)


def take_in(sitting, path):
    sitting.click("Open a package", form_of(sitting))
    sitting.choose(path)
    sitting.wait(lambda: any(b.isVisible() for b in buttons(sitting, "Take it in")))
    sitting.click("Take it in", sitting.panels.detail)
    sitting.wait(lambda: not any(b.isVisible() for b in buttons(sitting, "Take it in")))


def buttons(sitting, words):
    return [b for b in sitting.panels.detail.findChildren(QAbstractButton) if b.text().startswith(words)]


def answers(sitting):
    """What stands beside the buttons of a dispute."""
    names = [b.accessibleName() for b in buttons(sitting, "Keep this") if b.isVisible()]
    return {name.removeprefix("Keep this: ").split("  —  ")[0] for name in names}


def keep(sitting, value):
    (button,) = [b for b in buttons(sitting, "Keep this") if f": {value}" in b.accessibleName()]
    button.click()
