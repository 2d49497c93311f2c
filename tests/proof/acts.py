"""What a person can take back, and when it must be refused: the rules of undo, from the statements alone."""

import json
from dataclasses import dataclass, field
from typing import Any

from tests.proof.oracle import NEEDS, STARTS, Mind, Said

Place = tuple[str, str, str]
NOTHING = "nothing"


@dataclass
class Act:
    """A step written here, or the taking in of a package: its edits carry the numbers from `number` on."""

    id: str
    number: int
    said: list[Said]
    undoes: str = ""
    arrival: bool = False


def shown(said: Said) -> bool:
    return (
        said.v == 1
        and said.kind in NEEDS
        and (said.field in STARTS[said.kind] or said.field in NEEDS[said.kind])
    )


@dataclass
class Hand:
    """One person at one desk. `means`: what each edit that took something back brought back."""

    mind: Mind
    actor: str
    author: str
    means: dict[str, frozenset[str]] = field(default_factory=dict)

    def acts(self) -> list[Act]:
        found: dict[Any, Act] = {}
        for n, each in enumerate(self.mind.came, 1):
            said = each.said
            if each.arrival is not None:
                act_id, author = self.mind.arrivals[each.arrival]
                act = Act(act_id, n, [], arrival=True)
            else:
                author, act = said.who, Act(said.step, n, [], said.undoes)
            if author == self.author:
                found.setdefault(each.arrival or said.step, act).said.append(said)
        return [act for act in found.values() if not self._stays(act)]

    def _stays(self, act: Act) -> bool:
        """What changed nothing in the end, and what decided between desks, is not taken back."""
        if act.arrival:
            present = self.mind.records()
            return not any(shown(said) and (said.kind, said.record) in present for said in act.said)
        if act.undoes:
            return False
        before = self.mind.heads(act.number - 1)
        if any(self._rivals(before.get(said.place, [])) for said in act.said):
            return True
        last = {said.place: said for said in act.said}
        if len(last) == len(act.said):
            return False
        return all(
            before.get(place) and self.mind.reveal(before[place][0].value) == self.mind.reveal(said.value)
            for place, said in last.items()
        )

    def _rivals(self, heads: list[Said]) -> bool:
        return len({json.dumps(self.mind.reveal(head.value)) for head in heads}) > 1

    def stacks(self) -> tuple[list[Act], list[tuple[Act, Act]]]:
        done: list[Act] = []
        undone: list[tuple[Act, Act]] = []
        for act in self.acts():
            if not act.undoes:
                done.append(act)
                undone.clear()
            elif done and done[-1].id == act.undoes:
                undone.append((done.pop(), act))
            elif undone and undone[-1][1].id == act.undoes:
                undone.pop()
                done.append(act)
        return done, undone

    def meaning(self, heads: list[Said]) -> frozenset[str]:
        parts = [self.means.get(head.name, frozenset({head.name})) for head in heads]
        return frozenset().union(*parts) if parts else frozenset({NOTHING})

    def wanted(self, act: Act) -> dict[Place, Any]:
        """Field by field, what is shown once the act is taken back."""
        present, was = self.mind.records(), self.mind.records(act.number - 1)
        found: dict[Place, Any] = {}
        for said in act.said:
            key = said.kind, said.record
            if not shown(said) or key not in present:
                continue
            if key not in was:
                found[(*key, "void")] = True
            else:
                found[said.place] = was[key][said.field]
        return found

    def refused(self, act: Act) -> bool:
        """Whether somebody changed since, and did not take back, what taking this back would change."""
        present, before = self.mind.heads(), self.mind.heads(act.number - 1)
        known = self.mind.records()
        places = {s.place for s in act.said if shown(s) and (s.kind, s.record) in known}
        for place in places | self.wanted(act).keys():
            mine = [said for said in act.said if said.place == place]
            allowed = self.meaning(before.get(place, []))
            allowed |= self.meaning(mine) if mine else frozenset()
            if not self.meaning(present.get(place, [])) <= allowed:
                return True
        return False

    def took_back(self, act: Act, written: list[Said]) -> None:
        before = self.mind.heads(act.number - 1)
        for said in written:
            self.means[said.name] = self.meaning(before.get(said.place, []))
