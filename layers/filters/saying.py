"""Filter -> text that a person can read and change, and that is read back as the same filter."""

import re

from layers.filters.reading import KEYWORDS
from layers.filters.tree import Among, Compare, Either, Every, Filter, Like, Missing, Not, Value

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def say_filter(asked: Filter) -> str:
    """`read_filter` reads it back as the same value."""
    match asked:
        case Compare(column, op, value):
            return f"{_column(column)} {op} {_value(value)}"
        case Among(column, values):
            return f"{_column(column)} IN ({', '.join(_value(value) for value in values)})"
        case Like(column, pattern, loose):
            return f"{_column(column)} {'ILIKE' if loose else 'LIKE'} {_value(pattern)}"
        case Missing(column):
            return f"{_column(column)} IS NULL"
        case Not(inner):
            return _denied(inner)
        case Every(parts):
            return " AND ".join(_inside(part) for part in parts)
        case Either(parts):
            return " OR ".join(_inside(part) for part in parts)


def _denied(inner: Filter) -> str:
    match inner:
        case Missing(column):
            return f"{_column(column)} IS NOT NULL"
        case Among(column) | Like(column):
            return f"{_column(column)} NOT{say_filter(inner).removeprefix(_column(column))}"
        case _:
            return f"NOT {_inside(inner)}"


def _inside(part: Filter) -> str:
    return f"({say_filter(part)})" if isinstance(part, Every | Either) else say_filter(part)


def _column(name: str) -> str:
    if _PLAIN.fullmatch(name) and name.upper() not in KEYWORDS:
        return name
    quoted = name.replace('"', '""')
    return f'"{quoted}"'


def _value(value: Value) -> str:
    if isinstance(value, str):
        quoted = value.replace("'", "''")
        return f"'{quoted}'"
    number = float(value)
    return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)
