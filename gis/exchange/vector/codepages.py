"""The texts of a layer in the code page that it declares, that somebody named, or that was found out."""

import codecs
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gis.errors import UserError
from gis.exchange.vector.encoding import decoded, guess
from gis.exchange.vector.formats import Format
from gis.exchange.vector.staging import Staged, sibling
from gis.exchange.vector.table import Table
from gis.texts import _, ngettext

# The language driver byte 29 of a dBase file, where it means one code page (Visual FoxPro, ESRI).
_LANGUAGE_DRIVERS = {
    0x13: "cp932",
    0x26: "cp866",
    0x4D: "gb18030",
    0x4E: "cp949",
    0x4F: "cp950",
    0x50: "cp874",
    0x65: "cp866",
    0x78: "cp950",
    0x79: "cp949",
    0x7A: "gb18030",
    0x7B: "cp932",
    0x7C: "cp874",
    0x96: "mac_cyrillic",
    0xC8: "cp1250",
    0xC9: "cp1251",
    0xCA: "cp1254",
    0xCB: "cp1253",
    0xF0: "utf-8",
}


def declared(staged: Staged) -> str | None:
    """The code page of a Shapefile by its .cpg or its language driver, if that is a clear word."""
    if staged.format is not Format.SHAPEFILE:
        return None
    if note := sibling(staged.path, ".cpg"):
        word = note.read_bytes()[:40].decode("ascii", "ignore").strip().lower()
        if codec := _codec(word):
            return codec
    table = sibling(staged.path, ".dbf")
    if table is None:
        return None
    with table.open("rb") as file:
        head = file.read(30)
    return _LANGUAGE_DRIVERS.get(head[29]) if len(head) == 30 else None


def checked(encoding: str | None) -> str | None:
    """The encoding that a person chose. Raises UserError when Python knows no such encoding of texts."""
    try:
        b"a".decode(encoding or "utf-8", "replace")
    except (LookupError, ValueError) as error:
        raise UserError(
            _("{encoding} is no encoding that is known here.").format(encoding=encoding),
            hint=_("Choose another one, such as utf-8, cp949, big5, cp1251 or cp1252."),
        ) from error
    return encoding


def _codec(word: str) -> str | None:
    """Python's name for what a .cpg says: "UTF-8", "949", "ANSI 1252", "OEM 866", "ISO 88591", "EUC-KR"."""
    digits = "".join(each for each in word if each.isdigit())
    tries = [word, "cp" + digits, "iso8859-" + digits[4:] if digits.startswith("8859") else word]
    for each in tries:
        try:
            b"a".decode(each, "replace")
            return codecs.lookup(each).name
        except (LookupError, ValueError):
            continue
    return None


def with_page(table: Table, named: str | None, said: str | None) -> Table:
    """The texts of a table read as bytes: as somebody `named`, else as the file `said`, else as found out.

    A file that says the wrong thing is not believed when more than one text in ten makes no sense in it.
    """
    texts = {
        name: [_bytes(each) for each in column]
        for name, column in table.columns.items()
        if column.dtype == object
    }
    sample = [each for column in texts.values() for each in column if each and not each.isascii()]
    sample += [each for each in (_bytes(name) for name in table.columns) if each and not each.isascii()]
    page = named or said
    if page is None or (named is None and decoded(sample, page)[1] * 10 > len(sample)):
        page = guess(sample)
        if page not in ("ascii", "utf-8"):
            table.problems.append(_found_out(page, said))
    if broken := decoded(sample, page)[1]:
        table.problems.append(_broken_words(broken, page))
    table.columns = {
        (_bytes(name) or b"").decode(page, "replace"): _words(texts[name], page) if name in texts else each
        for name, each in table.columns.items()
    }
    table.encoding = page
    return table


def _words(column: list[bytes | None], page: str) -> NDArray[Any]:
    words = np.empty(len(column), dtype=object)
    words[:] = [None if each is None else each.decode(page, "replace") for each in column]
    return words


def _found_out(page: str, said: str | None) -> str:
    if said is not None:
        return _(
            "The file says that its texts are {said}, which they are not; they were read as {encoding}."
        ).format(said=said, encoding=page)
    return _("The file does not say how its texts are written; they were read as {encoding}.").format(
        encoding=page
    )


def _broken_words(count: int, encoding: str) -> str:
    return ngettext(
        "{count} text has bytes that are no letter in {encoding}: choose another if words look wrong.",
        "{count} texts have bytes that are no letter in {encoding}: choose another if words look wrong.",
        count,
    ).format(count=count, encoding=encoding)


def _bytes(text: str | None) -> bytes | None:
    return None if text is None else text.encode("latin-1", "replace")
