"""A table for spreadsheets: CSV in UTF-8 that no program mistakes for formulas."""

import codecs
import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

PIECE = 4096  # rows
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write(head: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """CSV with a byte order mark (spreadsheets need it). Numbers stay numbers; None is an empty cell.

    A text that a spreadsheet would run as a formula gets an apostrophe before it.
    """
    return b"".join(pieces(head, rows))


def pieces(head: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[bytes]:
    """The same, some thousand rows at a time."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([_cell(name) for name in head])
    mark = codecs.BOM_UTF8
    for some in batched(rows, PIECE):
        writer.writerows([_cell(value) for value in row] for row in some)
        yield mark + out.getvalue().encode("utf-8", "replace")
        out.seek(0)
        out.truncate()
        mark = b""
    yield mark + out.getvalue().encode("utf-8", "replace")


def batched(rows: Iterable[Sequence[object]], size: int) -> Iterator[list[Sequence[object]]]:
    """Rows in lists of at most `size`."""
    here = iter(rows)
    while some := list(islice(here, size)):
        yield some


def _cell(value: object) -> object:
    if isinstance(value, str):
        text = value.replace("\0", "\ufffd")
        return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text
    return "" if value is None else value
