"""What a service says of itself, as a tree: XML from outside, with names that stand apart from namespaces."""

import re
from collections.abc import Iterator
from xml.etree import ElementTree as ET

from gis.exchange.markup import refused, tree
from gis.texts import _

LARGEST, DEEPEST, MOST_ELEMENTS = 16 << 20, 60, 400_000
XLINK = "{http://www.w3.org/1999/xlink}href"
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_ENCODING = re.compile(rb"""^\s*<\?xml[^>]*encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
# WMS 1.1.1 names its document type, and some servers declare elements in it: both say nothing to us. What
# declares anything else (an entity) stays, and is refused.
_HARMLESS_TYPE = re.compile(
    r"""<!DOCTYPE\s+[\w:.-]+(\s+(SYSTEM\s+("[^"]*"|'[^']*')|PUBLIC\s+("[^"]*"|'[^']*')\s+("[^"]*"|'[^']*')))?"""
    r"""\s*(\[(\s|<!ELEMENT[^<>]*>|<!--([^-]|-[^-])*-->)*\])?\s*>"""
)


def root_of(content: bytes) -> ET.Element:
    """The root. Raises UserError for what is no XML, or built to do harm."""
    if len(content) > LARGEST:
        raise refused(_("What the service says of itself is too large."))
    declared = _ENCODING.match(content.removeprefix(b"\xef\xbb\xbf")[:200])
    encoding = declared[1].decode("ascii") if declared else "utf-8"
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    try:
        text = content.decode(encoding, "replace").removeprefix("\ufeff")
    except LookupError as error:
        raise refused(_("What the service says of itself is in an encoding that is not known.")) from error
    text = _DECLARATION.sub("", text, count=1)
    head, tail = text[:4_000], text[4_000:]
    return tree(_HARMLESS_TYPE.sub("", head, count=1) + tail, DEEPEST, MOST_ELEMENTS)


def local(element: ET.Element) -> str:
    """The name without its namespace."""
    return element.tag.rpartition("}")[2]


def inside(element: ET.Element | None, name: str) -> Iterator[ET.Element]:
    """The children of this name."""
    return (child for child in (element if element is not None else ()) if local(child) == name)


def first(element: ET.Element | None, *path: str) -> ET.Element | None:
    """The first element at the end of a path of names; None where there is none."""
    for name in path:
        element = next(inside(element, name), None)
    return element


def words(element: ET.Element | None, *path: str) -> str:
    """The text at the end of a path, in one line; empty where there is none."""
    found = first(element, *path)
    return " ".join((found.text or "").split())[:1_000] if found is not None else ""


def number(text: str | None) -> float | None:
    """A finite number; None where it is none."""
    try:
        value = float(text or "")
    except ValueError:
        return None
    return value if abs(value) < 1e300 else None
