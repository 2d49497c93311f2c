"""Does the first line of a table name the columns that are needed?"""

from collections.abc import Sequence

from gis.errors import UserError
from gis.texts import _, ngettext

_SEPARATORS = (",", ";", "\t", "|")
_SHOWN = 30


def check_columns(file: str, found: Sequence[str], needed: Sequence[str], separator: str = ",") -> None:
    """Each of `needed` is among `found`, and none of `found` is there twice.

    Raises `UserError`, naming what is there, what is not, and what to do.
    """
    if not any(found):
        raise UserError(
            _("{file} holds no table: its first line is empty.").format(file=file),
            hint=_("Nothing was taken from it. The first line names the columns: {needed}.").format(
                needed=_listed(needed)
            ),
        )
    if missing := [name for name in needed if name not in found]:
        raise UserError(_missing(file, found, missing), hint=_advice(found, needed, separator))
    if twins := sorted({name for name in found if name and found.count(name) > 1}):
        raise UserError(
            ngettext(
                "{file} has the column {twins} twice.", "{file} has these columns twice: {twins}.", len(twins)
            ).format(file=file, twins=_listed(twins)),
            hint=_("Nothing was taken from it. Give each column a name of its own and try again."),
        )


def _missing(file: str, found: Sequence[str], missing: Sequence[str]) -> str:
    said = ngettext(
        "{file} has no column {missing}. Its columns: {found}.",
        "{file} lacks these columns: {missing}. Its columns: {found}.",
        len(missing),
    )
    return said.format(file=file, missing=_listed(missing), found=_listed(found))


def _advice(found: Sequence[str], needed: Sequence[str], separator: str) -> str:
    if len(found) == 1 and any(sign in found[0] for sign in _SEPARATORS if sign != separator):
        return _(
            "Nothing was taken from it. Its columns seem to end with another sign than “{sign}”:"
            " choose that one and try again."
        ).format(sign="⇥" if separator == "\t" else separator)
    return _("Nothing was taken from it. Needed are {needed}: name them so in the first line.").format(
        needed=_listed(needed)
    )


def _listed(names: Sequence[str]) -> str:
    """Some thirty names at most, and none longer than a name is."""
    shown = [name[:40] or "–" for name in names[:_SHOWN]]
    return ", ".join([*shown, "…"] if len(names) > _SHOWN else shown)
