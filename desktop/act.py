"""One thing that can be done from the keyboard."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Act:
    """Something the operator can do: under which menu it stands, how it is called, and its keys."""

    id: str
    menu: str
    text: str
    keys: tuple[str, ...]
    tip: str
    tick: bool = False
