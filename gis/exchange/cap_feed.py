"""Feeds of alerts: Atom and RSS that hold CAP, or lead to it; or alerts without any feed around them."""

from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from gis.exchange.cap import Alert
from gis.exchange.cap_reading import alerts_in, local, root_of
from gis.exchange.markup import refused
from gis.texts import _, ngettext

MOST_ENTRIES, MOST_ELEMENTS, LONGEST = 5_000, 400_000, 4_000
CAP_KIND = "application/cap+xml"


@dataclass(frozen=True, slots=True)
class Link:
    """Where an alert can be fetched, perhaps relative to the feed; another `stamp` is a newer one there."""

    address: str
    stamp: str


@dataclass(frozen=True, slots=True)
class Listing:
    """What a feed holds and what it leads to; `blind` entries do neither."""

    alerts: tuple[Alert, ...]
    links: tuple[Link, ...]
    blind: int = 0


def listing(content: bytes) -> Listing:
    """What stands in a feed. Raises UserError for what is no XML, is dangerous, has more than MOST_ENTRIES
    entries, or is neither a feed nor an alert."""
    root = root_of(content, _unheard, MOST_ELEMENTS)
    kind = local(root)
    if kind not in ("feed", "rss", "RDF"):
        alerts = alerts_in(root, _unheard)
        if not alerts:
            raise refused(_("This is neither a feed of alerts nor an alert."))
        return Listing(alerts, ())
    entries = [each for each in root.iter() if local(each) in ("entry", "item")]
    if len(entries) > MOST_ENTRIES:
        raise refused(
            ngettext(
                "This feed lists {count} alert: more than can be taken.",
                "This feed lists {count} alerts: more than can be taken.",
                len(entries),
            ).format(count=f"{len(entries):,}")
        )
    return _listed(entries)


def _listed(entries: list[ET.Element]) -> Listing:
    alerts: list[Alert] = []
    links: dict[Link, None] = {}
    blind = 0
    for entry in entries:
        inside = alerts_in(entry, _unheard)
        link = None if inside else _link(entry)
        alerts += inside
        if link is not None:
            links[link] = None
        elif not inside:
            blind += 1
    return Listing(tuple(alerts), tuple(links), blind)


def _unheard(_sentence: str) -> None:
    """Deviations of alerts in a feed are told to nobody: what matters is what can be understood."""


def _link(entry: ET.Element) -> Link | None:
    """Of several links the one that says it leads to CAP, else the first that is not the entry itself."""
    found = [(kind, address) for kind, address in _links(entry) if 0 < len(address) <= LONGEST]
    if not found:
        return None
    named = [address for kind, address in found if kind == CAP_KIND]
    address = (named or [address for _kind, address in found])[0]
    stamp = [_text(entry, name) for name in ("id", "guid", "updated", "pubDate", "date")]
    return Link(address, " ".join(filter(None, stamp))[:LONGEST])


def _links(entry: ET.Element) -> Iterator[tuple[str, str]]:
    """Kind and address: Atom's link, RSS's link and enclosure."""
    for each in entry:
        match local(each):
            case "link" if each.get("rel", "alternate") in ("alternate", "related", "enclosure", "via"):
                yield each.get("type", ""), (each.get("href") or each.text or "").strip()
            case "enclosure":
                yield each.get("type", ""), each.get("url", "").strip()
            case _:
                pass


def _text(entry: ET.Element, name: str) -> str:
    return next(((each.text or "").strip() for each in entry if local(each) == name), "")
