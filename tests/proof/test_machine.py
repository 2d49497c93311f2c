"""Any sequence of what can be done at a desk: after each act everything is what the statements say."""

from collections import Counter
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from gis.errors import UserError
from gis.model.incident import Incident
from gis.model.record import Reading
from gis.store import history
from gis.store.journal.edit import read
from tests.build import SIX
from tests.proof.acts import Hand
from tests.proof.bounds import MUTANT, tried
from tests.proof.desks import Desk, room
from tests.proof.test_delivery import PLACES, VALUES, WHOLE

CITY, TEAM = 0, 1
SOURCES = ["Ibu Kartini", "Pak Budi", ""]
DAYS = [-1000, -1, -0.01, 0.01, 0.01, 1, 1000]
OFTEN = {
    "amend": 8, "both_say": 6, "close_or_reopen": 1, "there_and_back": 1, "name_the_caller": 2, "erase": 1,
    "append": 1, "settle": 2, "undo": 10, "redo": 8, "export": 2, "take_in": 3, "take_all": 3,
    "import_interrupted": 1, "clock": 3, "make_again": 1, "reopen": 1,
}  # fmt: skip
PICK = st.integers(0, 40)
ACT = st.tuples(
    st.sampled_from([what for what, times in OFTEN.items() for _ in range(times)]), PICK, PICK, PICK
)


class Stopped(Exception):
    """What ends an import in the middle."""


class Night:
    """Two desks; at the first sit two people."""

    def __init__(self, blank, folder):
        self.desks = [Desk(blank, folder, name) for name in ("city", "team")]
        city = self.desks[CITY]
        self.hands = [Hand(d.mind, d.store.actor, d.store.author) for d in self.desks]
        self.hands.append(Hand(city.mind, city.store.actor, "second", self.hands[CITY].means))
        self.instants, self.packages = [SIX], []
        self.readings, self.told = set(), Counter()
        city.write("Incident", "one", **WHOLE["Incident"], source="Ibu Kartini")
        self.desks[TEAM].take(city.bodies(), city.apart(city.bodies()))

    def desk(self, who):
        """Mostly the city."""
        return self.desks[who % 3 == 2]

    def author(self, who):
        return "second" if who % 3 == 1 else None

    def amend(self, who, where, which):
        desk = self.desk(who)
        kind, record, name = PLACES[where % len(PLACES)]
        present = desk.mind.records().get((kind, record))
        others = [v for v in VALUES[name] if present is None or v != present[name]]
        wanted = ({} if present else WHOLE[kind]) | {name: others[which % len(others)]}
        desk.write(kind, record, self.author(who), **wanted)

    def both_say(self, who, where, which):
        """A dispute in the making."""
        where %= 7
        self.amend(who, where, which)
        self.amend(2, where, which + 1)
        self.take_all(who)

    def close_or_reopen(self, who, *_more):
        desk = self.desk(who)
        present = desk.mind.records()["Incident", "one"]
        now = desk.clock.now().isoformat(timespec="milliseconds").replace("+00:00", "Z")
        ended = {"status": "closed", "closed_at": now}
        wanted = {"status": "verified", "closed_at": None} if present["closed_at"] else ended
        desk.write("Incident", "one", self.author(who), **wanted)

    def there_and_back(self, who, *_more):
        desk = self.desk(who)
        with desk.store.writing("There and back", self.author(who)) as tx:
            was = tx.get(Incident, "one")
            tx.put(replace(was, where="elsewhere"))
            tx.put(was)
        assert [desk.mind.reveal(s.value) for s in desk.listen()] == ["elsewhere", was.where]

    def name_the_caller(self, who, which, *_more):
        self.desk(who).write("Incident", "one", self.author(who), source=SOURCES[which % 3])

    def erase(self, who, *_more):
        desk = self.desk(who)
        desk.store.erase(Incident, "one")
        for each in desk.mind.spoken():
            if each.record == "one" and isinstance(each.value, dict):
                desk.mind.whispers[each.value["p"]] = None

    def append(self, who, minute, *_more):
        reading = Reading("gauge", SIX + timedelta(minutes=minute), float(minute))
        with self.desk(who).store.writing("Readings") as tx:
            tx.append([reading])
        if self.desk(who) is self.desks[CITY]:
            self.readings.add(reading)

    def settle(self, who, pick, side):
        desk = self.desk(who)
        if found := sorted(desk.mind.conflicts(), key=str):
            *place, _names = found[pick % len(found)]
            heads = desk.mind.heads()[tuple(place)]
            chosen = desk.mind.reveal(heads[side % len(heads)].value)
            desk.settle(tuple(place), chosen)
            self.told["settled"] += 1

    def undo(self, who, *_more):
        self._take_back(who % 5, again=False)

    def redo(self, who, *_more):
        self._take_back(who % 5, again=True)

    def _take_back(self, who, *, again):
        """Exactly as the stacks and what stands allow."""
        person = self.hands[who if who < 3 else 0]
        desk = self.desks[who == 1]
        done, undone = person.stacks()
        act = (undone[-1][1] if undone else None) if again else (done[-1] if done else None)
        verb = history.redo if again else history.undo
        with desk.store.reading() as query:
            can = (history.can_redo if again else history.can_undo)(query, person.author)
            named = (undone[-1][0] if again else act) if act else None
            assert (can.id if can else None) == (named.id if named else None)
        if act is None or person.refused(act):
            if act is not None:
                self.told["refused"] += 1
            with pytest.raises(UserError), desk.store.writing("Undo", person.author) as tx:
                verb(tx)
            return
        self._goes_back(desk, person, act, verb)
        self.told["redone" if again else "undone"] += 1
        if act.arrival:
            self.told["imports undone"] += 1

    def _goes_back(self, desk, person, act, verb):
        wanted, before = person.wanted(act), desk.mind.records()
        questions = values_of(desk.mind, act.number - 1)
        with desk.store.writing("Undo", person.author) as tx:
            verb(tx)
        written = desk.listen()
        if questions.keys() & {said.place for said in written}:
            self.told["disputes back"] += 1
        assert written
        assert all(each.undoes == act.id for each in written)
        person.took_back(act, written)
        for (kind, record, name), value in wanted.items():
            before[kind, record] = before[kind, record] | {name: value}
            if name != "void" or (kind, record, name) in questions:
                open_now = values_of(desk.mind).get((kind, record, name))
                assert open_now == questions.get((kind, record, name))
        assert desk.mind.records() == before

    def export(self, who, since, many):
        desk = self.desk(who)
        bodies = desk.bodies()
        since %= len(bodies)
        sent = bodies[since : since + many % 4] or bodies[since:]
        self.packages.append((sent, desk.apart(sent)))

    def take_in(self, who, pick, *_more):
        if self.packages:
            self.desk(who).take(*self.packages[pick % len(self.packages)])

    def take_all(self, who, *_more):
        other = self.desks[who % 3 != 2]
        self.desk(who).take(other.bodies(), other.apart(other.bodies()))

    def import_interrupted(self, who, much, *_more):
        desk, edits = self.desk(who), [read(body) for body in self.desks[who % 3 != 2].bodies()]
        with suppress(Stopped), desk.store.writing("Take in") as tx:
            tx.receive(edits[: much % (len(edits) + 1)])
            raise Stopped

    def clock(self, who, which, *_more):
        desk = self.desk(who)
        self.instants.append(desk.clock.now())
        desk.clock.advance(timedelta(days=DAYS[which % 7]))

    def make_again(self, who, *_more):
        self.desk(who).made_again_is_the_same()

    def reopen(self, who, *_more):
        self.desk(who).reopen()

    def everything_is_what_the_statements_say(self):
        for desk in self.desks:
            desk.agree(*self.instants[-3:], desk.clock.now())
        with self.desks[CITY].store.reading() as query:
            held = sorted(self.readings, key=lambda reading: reading.at)
            assert [*query.latest().values()] == held[-1:]
            assert query.series("gauge").value.tolist() == [reading.value for reading in held]

    def end(self):
        for desk in self.desks:
            desk.made_again_is_the_same()
            desk.reopen()
            desk.agree()
            desk.store.close()


def values_of(mind, upto=10**9):
    """Where desks disagree, and what they say."""
    heads = mind.heads(upto)
    return {
        (kind, record, name): {str(mind.reveal(head.value)) for head in heads[kind, record, name]}
        for kind, record, name, _names in mind.conflicts(upto)
    }


def test_whatever_is_done_at_a_desk_everything_is_what_the_statements_say(blank):
    told = Counter()

    @tried(30, 3000)
    @given(st.lists(ACT, min_size=12, max_size=30))
    def done(acts):
        with room() as folder:
            night = Night(blank, folder)
            for what, *how in acts:
                getattr(night, what)(*how)
                night.everything_is_what_the_statements_say()
            night.end()
            told.update(night.told.keys())
            for name in night.told:
                event(name)

    done()
    if not MUTANT:  # what this is about really occurs
        often = [
            told[n] for n in ("settled", "refused", "redone", "undone", "imports undone", "disputes back")
        ]
        assert min(often) >= 2, told
