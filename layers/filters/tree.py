"""What a filter says, as values. Null is neither true nor false, as in SQL: it is simply not known."""

from dataclasses import dataclass
from enum import StrEnum

Value = float | str


class Op(StrEnum):
    """How a value of a column is compared."""

    EQUAL = "="
    OTHER = "<>"
    LESS = "<"
    AT_MOST = "<="
    MORE = ">"
    AT_LEAST = ">="


@dataclass(frozen=True, slots=True)
class Compare:
    """A column beside a value. A number is compared as a number, a text as text, letter by letter."""

    column: str
    op: Op
    value: Value


@dataclass(frozen=True, slots=True)
class Among:
    """A column that is one of some values."""

    column: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Like:
    """A column whose text fits: % stands for any letters, _ for one. `loose` takes capitals as small."""

    column: str
    pattern: str
    loose: bool = False


@dataclass(frozen=True, slots=True)
class Missing:
    """A column in which nothing stands."""

    column: str


@dataclass(frozen=True, slots=True)
class Not:
    inner: "Filter"


@dataclass(frozen=True, slots=True)
class Every:
    """All of two or more hold."""

    parts: tuple["Filter", ...]


@dataclass(frozen=True, slots=True)
class Either:
    """At least one of two or more holds."""

    parts: tuple["Filter", ...]


Filter = Compare | Among | Like | Missing | Not | Every | Either


def columns_of(filtered: Filter) -> tuple[str, ...]:
    """The columns a filter asks about, in order, each once."""
    match filtered:
        case Not(inner):
            return columns_of(inner)
        case Every(parts) | Either(parts):
            return tuple(dict.fromkeys(name for part in parts for name in columns_of(part)))
        case _:
            return (filtered.column,)
