"""A table for spreadsheets: CSV in UTF-8 that no program mistakes for formulas."""

import csv
import io
from collections.abc import Iterable, Sequence

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write(head: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """CSV with a byte order mark (spreadsheets need it). Numbers stay numbers; None is an empty cell.

    A text that a spreadsheet would run as a formula gets an apostrophe before it.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(head)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return out.getvalue().encode("utf-8-sig", "replace")


def _cell(value: object) -> object:
    if isinstance(value, str):
        text = value.replace("\0", "\ufffd")
        return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text
    return "" if value is None else value
