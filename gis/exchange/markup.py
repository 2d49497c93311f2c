"""XML from outside as a tree, with bounds: no document type, so no entities, and no bottomless nesting."""

from xml.etree import ElementTree as ET

from gis.errors import UserError
from gis.texts import _


def refused(message: str) -> UserError:
    return UserError(message, hint=_("Nothing was taken from it."))


class _Sapling(ET.TreeBuilder):
    """Builds the tree, refusing document types before any entity can be declared, and bottomless nesting."""

    def __init__(self, deepest: int, most: int) -> None:
        super().__init__()
        self._left, self._more = deepest, most

    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:  # noqa: ARG002
        raise refused(_("This file brings a document type of its own, as attacks do. It was not opened."))

    def start(self, tag: str, attrs: dict[str, str], /) -> ET.Element:
        self._left -= 1
        self._more -= 1
        if self._left < 0:
            raise refused(_("This file is nested too deeply. It was not opened."))
        if self._more < 0:
            raise refused(_("This file has more parts than any of its kind. It was not opened."))
        return super().start(tag, attrs)

    def end(self, tag: str, /) -> ET.Element:
        self._left += 1
        return super().end(tag)


def tree(text: str, deepest: int, most: int = 1_000_000) -> ET.Element:
    """The root of a text without an XML declaration. Raises UserError, at most `deepest` levels and `most`
    elements are read."""
    parser = ET.XMLParser(target=_Sapling(deepest, most))
    try:
        parser.feed(text.strip().encode("utf-8", "replace"))
        return parser.close()
    except (ET.ParseError, ValueError) as error:
        raise refused(_("This file is not well-formed XML ({reason}).").format(reason=error)) from error
