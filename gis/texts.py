"""The words on screen: one gettext catalogue for core and window."""

import gettext
from importlib.resources import files

_catalogue = gettext.translation("kentongan", str(files("resources") / "locale"), fallback=True)


def _(message: str) -> str:
    """The sentence in the language of the screen. Whole sentences, never f-strings."""
    return _catalogue.gettext(message)


def ngettext(one: str, many: str, number: int) -> str:
    """The sentence in the plural form that `number` asks for."""
    return _catalogue.ngettext(one, many, number)
