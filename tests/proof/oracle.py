"""What a desk must hold and show, from a plain set of statements. It shares no code with the store."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any, NamedTuple

ALL = 10**9
WORDS = {"Extreme", "Severe", "Moderate", "Minor", "Unknown"}
NEEDS = {
    "Incident": ("number", "code", "text", "severity", "reported_at"),
    "Note": ("text", "at"),
}
STARTS: dict[str, dict[str, Any]] = {
    "Incident": {
        "void": False, "place": None, "where": "", "source": "", "confidence": "reported",
        "status": "reported", "affected": None, "closed_at": None, "alarm_id": None,
    },
    "Note": {"void": False, "incident_id": None},
}  # fmt: skip
_MADE_OF = {"void": bool, "affected": int}


class Said(NamedTuple):
    """One statement, read from its body alone."""

    name: str
    body: str
    v: int
    actor: str
    seq: int
    at: str
    step: str
    who: str
    kind: str
    record: str
    field: str
    value: Any
    over: frozenset[str]
    undoes: str

    @property
    def place(self) -> tuple[str, str, str]:
        return self.kind, self.record, self.field


def heard(body: str) -> Said:
    values = json.loads(body)
    name, newer = sha256(body.encode()).hexdigest(), values["v"] > 1
    texts = [values.get(key, "") for key in ("at", "step", "who", "kind", "record", "field")]
    at, step, who, kind, record, field_name = [text if isinstance(text, str) else "" for text in texts]
    over = frozenset() if newer else frozenset(values["over"])
    value, undoes = (None, "") if newer else (values["value"], values.get("undoes", ""))
    return Said(
        name, body, values["v"], values["actor"], values["seq"], at, step or name, who, kind, record,
        field_name, value, over, undoes,
    )  # fmt: skip


class Came(NamedTuple):
    said: Said
    received: datetime
    arrival: int | None


def readable(kind: str, name: str, value: Any) -> bool:
    if value is None:
        return STARTS[kind].get(name, ...) is None
    if name == "severity":
        return value in WORDS
    return type(value) is _MADE_OF.get(name, str)


@dataclass
class Mind:
    """What one desk has heard, in the order in which it came."""

    came: list[Came] = field(default_factory=list)
    whispers: dict[str, Any] = field(default_factory=dict)  # personal values by name; None: erased here
    arrivals: dict[int, tuple[str, str]] = field(default_factory=dict)  # by number: the act and its author

    def hear(self, bodies: list[str], received: datetime, arrival: int | None = None) -> list[Said]:
        said = [heard(body) for body in bodies]
        self.came += [Came(each, received, arrival) for each in said]
        return said

    @property
    def names(self) -> set[str]:
        return {each.said.name for each in self.came}

    def reveal(self, value: Any) -> Any:
        if isinstance(value, dict) and value.keys() == {"p"} and isinstance(value["p"], str):
            return self.whispers.get(value["p"])
        return value

    def spoken(self, upto: int = ALL) -> list[Said]:
        """What speaks of a field and can be read by this version."""
        return [each.said for each in self.came[:upto] if each.said.v == 1]

    def heads(self, upto: int = ALL) -> dict[tuple[str, str, str], list[Said]]:
        """By field, what nobody has replaced by a statement about the same field; the shown one first."""
        spoken = self.spoken(upto)
        replaced = {(old, said.place) for said in spoken for old in said.over}
        found: dict[tuple[str, str, str], list[Said]] = {}
        for said in sorted(spoken, key=lambda s: (s.at, s.name), reverse=True):
            if (said.name, said.place) not in replaced:
                found.setdefault(said.place, []).append(said)
        return found

    def records(self, upto: int = ALL) -> dict[tuple[str, str], dict[str, Any]]:
        values: dict[tuple[str, str], dict[str, Any]] = {}
        for (kind, record, name), heads in self.heads(upto).items():
            if kind not in NEEDS or (name not in STARTS[kind] and name not in NEEDS[kind]):
                continue
            shown = [v for v in (self.reveal(head.value) for head in heads) if readable(kind, name, v)]
            if shown:
                values.setdefault((kind, record), {})[name] = shown[0]
        whole = {k: v for k, v in values.items() if v.keys() >= set(NEEDS[k[0]])}
        return {key: STARTS[key[0]] | said for key, said in whole.items()}

    def conflicts(self, upto: int = ALL) -> set[tuple[str, str, str, frozenset[str]]]:
        found = set()
        for place, heads in self.heads(upto).items():
            if len({json.dumps(self.reveal(head.value), sort_keys=True) for head in heads}) > 1:
                found.add((*place, frozenset(head.name for head in heads)))
        return found

    def missing(self) -> int:
        seqs: dict[str, set[int]] = {}
        for each in self.came:
            seqs.setdefault(each.said.actor, set()).add(each.said.seq)
        return sum(max(here) - len(here) for here in seqs.values())

    def forks(self) -> dict[str, int]:
        named: dict[tuple[str, int], set[str]] = {}
        for each in self.came:
            named.setdefault((each.said.actor, each.said.seq), set()).add(each.said.name)
        found: dict[str, int] = {}
        for (actor, seq), names in sorted(named.items()):
            if len(names) > 1:
                found.setdefault(actor, seq)
        return found

    def number_at(self, at: datetime) -> int:
        """How many had come by then, by the clock that stood at each coming; the later coming counts."""
        by_then = [(each.received, n) for n, each in enumerate(self.came, 1) if each.received <= at]
        return max(by_then, default=(at, 0))[1]

    # the tables beside the journal, as sets of rows

    def journal(self) -> list[tuple[int, str, int | None, bool, int | None]]:
        """Number, name, the number that replaced it, whether it opens its step, the act that brought it."""
        by: dict[tuple[str, tuple[str, str, str]], int] = {}
        seen: set[str] = set()
        for n, each in enumerate(self.came, 1):
            if each.said.v == 1:
                for old in each.said.over:
                    by.setdefault((old, each.said.place), n)
        rows = []
        for n, each in enumerate(self.came, 1):
            until = n if each.said.v > 1 else by.get((each.said.name, each.said.place))
            rows.append((n, each.said.name, until, each.said.step not in seen, each.arrival))
            seen.add(each.said.step)
        return rows

    def awaited(self) -> set[tuple[str, int]]:
        names = self.names
        return {
            (old, n)
            for n, each in enumerate(self.came, 1)
            if each.said.v == 1
            for old in each.said.over
            if old not in names
        }

    def disputes(self) -> set[tuple[str, str, str]]:
        return {place for place, heads in self.heads().items() if len(heads) > 1}

    def chains(self) -> dict[str, list[int | None]]:
        """By desk: the highest number, how many numbers are here, the first that is here twice."""
        seqs: dict[str, set[int]] = {}
        for each in self.came:
            seqs.setdefault(each.said.actor, set()).add(each.said.seq)
        forks = self.forks()
        return {actor: [max(here), len(here), forks.get(actor)] for actor, here in seqs.items()}
