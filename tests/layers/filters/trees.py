"""Filters of every kind for Hypothesis, and what each says of one row, told slowly in plain Python."""

import re

from hypothesis import strategies as st

from layers.filters.tree import Among, Compare, Either, Every, Filter, Like, Missing, Not, Op

COLUMNS = ("depth", "kind", "Name of it", "nothing")
WORDS = ("", "river", "Canal", "3", "3.0", "-1", "it's", "50%", "a_b", "ünï", "x\\y", "\n")
NUMBERS = (0.0, 3.0, -1.0, 0.5, 1e300)

names = st.sampled_from(COLUMNS) | st.text(max_size=6)
values = (
    st.sampled_from(WORDS)
    | st.sampled_from(NUMBERS)
    | st.text(max_size=6)
    | st.floats(allow_nan=False, allow_infinity=False)
)
patterns = st.text("ab%_\\3", max_size=8) | st.text(max_size=5)


def _questions(columns, wanted):
    return (
        st.builds(Compare, columns, st.sampled_from(Op), wanted)
        | st.builds(Among, columns, st.lists(wanted, min_size=1, max_size=3).map(tuple))
        | st.builds(Like, columns, patterns, st.booleans())
        | st.builds(Missing, columns)
    )


def _joined(inner):
    several = st.lists(inner, min_size=2, max_size=3).map(tuple)
    return st.builds(Not, inner) | st.builds(Every, several) | st.builds(Either, several)


filters = st.recursive(_questions(names, values), _joined, max_leaves=6)
asked_filters = st.recursive(
    _questions(st.sampled_from(COLUMNS), st.sampled_from(WORDS) | st.sampled_from(NUMBERS)),
    _joined,
    max_leaves=6,
)


def slowly(asked: Filter, row: dict) -> bool | None:
    """True, False, or None for not known: as SQL has it."""
    match asked:
        case Not(inner):
            said = slowly(inner, row)
            return None if said is None else not said
        case Every(parts):
            said = [slowly(part, row) for part in parts]
            return False if False in said else None if None in said else True
        case Either(parts):
            said = [slowly(part, row) for part in parts]
            return True if True in said else None if None in said else False
        case Among(column, values):
            return slowly(Either(tuple(Compare(column, Op.EQUAL, v) for v in (*values, values[0]))), row)
        case Missing(column):
            return row.get(column) is None
    found = row.get(asked.column)
    if found is None:
        return None
    if isinstance(asked, Like):
        return _fits(_text(found), asked.pattern, asked.loose)
    return _compared(found, asked.op, asked.value)


def _compared(found, op, value):
    if isinstance(value, str) and (isinstance(found, str) or not _is_number(value)):
        return _settled(_text(found), op, value)
    if not _is_number(found):
        return {Op.EQUAL: False, Op.OTHER: True}.get(op)
    return _settled(float(found), op, float(value))


def _settled(left, op, right):
    return {
        "=": left == right,
        "<>": left != right,
        "<": left < right,
        "<=": left <= right,
        ">": left > right,
        ">=": left >= right,
    }[op.value]


def _is_number(value) -> bool:
    try:
        return float(value) == float(value)
    except ValueError:
        return False


def _text(value) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _fits(text: str, pattern: str, loose: bool) -> bool:
    if loose:
        text, pattern = text.casefold(), pattern.casefold()
    made, escaped = "", False
    for n, letter in enumerate(pattern):
        if escaped:
            made, escaped = made + re.escape(letter), False
        elif letter == "\\" and n + 1 < len(pattern):
            escaped = True
        else:
            made += {"%": "(?s:.*)", "_": "(?s:.)"}.get(letter, re.escape(letter))
    return re.fullmatch(made, text) is not None
