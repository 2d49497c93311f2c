"""One box takes any coordinate a caller may read out. All readings are given, never one silent guess."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from gis.geo.coords import angles, links, mgrs, pluscode
from gis.geo.coords.angles import Angle
from gis.geo.coords.fold import fold, number
from gis.geo.crs import transform
from gis.geo.extent import Extent, centre, contains
from gis.texts import _

LONGEST = 200  # characters of a coordinate worth reading


class Form(StrEnum):
    """How a place was written."""

    DD = "decimal degrees"
    DM = "degrees and minutes"
    DMS = "degrees, minutes and seconds"
    UTM = "UTM"
    MGRS = "MGRS"
    PLUS = "plus code"
    LINK = "map link"


@dataclass(frozen=True, slots=True)
class Candidate:
    """One reading of a text: WGS84 degrees, the form it was read in, and what had to be assumed.

    `note` is a sentence for the screen, empty when nothing was assumed.
    """

    lon: float
    lat: float
    form: Form
    note: str = ""


def parse(text: str, near: Extent | None = None) -> list[Candidate]:
    """Every place that `text` can mean, those inside `near` first; empty when it is no coordinate.

    `near` is the lon/lat extent of the city: it supplies the zone of local grid references and the
    neighbourhood of shortened plus codes. Both are then said in the note.
    """
    if place := links.read(text):
        return [Candidate(*place, Form.LINK)]
    folded = fold(text[:LONGEST])
    found = [candidate for read in _READERS for candidate in read(folded, near)]
    distinct = list({(round(c.lon, 7), round(c.lat, 7)): c for c in reversed(found)}.values())[::-1]
    return sorted(distinct, key=lambda c: not (near and contains(near, c.lon, c.lat)))


def _plus(text: str, near: Extent | None) -> Iterator[Candidate]:
    if place := pluscode.decode(text):
        yield Candidate(*place, Form.PLUS)
    elif near and (place := pluscode.recover(text, *centre(near))):
        yield Candidate(*place, Form.PLUS, _("The nearest place with this short code was taken."))


def _gridded(text: str, near: Extent | None) -> Iterator[Candidate]:
    for lon, lat, zone, side_m in mgrs.from_mgrs(text, _zones(near)):
        notes = [] if text[0].isdigit() else [_("Grid zone {zone} assumed.").format(zone=zone)]
        if side_m > 10:
            notes.append(_("The middle of a square of {side} m.").format(side=side_m))
        yield Candidate(lon, lat, Form.MGRS, " ".join(notes))


_UTM = re.compile(
    r"(?:(?:UTM |ZONE )*(?P<zone>\d{1,2}) ?(?P<band>[C-HJ-NP-X])[, ]+)?"
    r"E? ?(?P<east>\d{6}(?:\.\d{1,6})?) ?M? ?E?[, ]+N? ?(?P<north>\d{1,8}(?:\.\d{1,6})?) ?M? ?N?",
    re.ASCII,
)


def _utm(text: str, near: Extent | None) -> Iterator[Candidate]:
    match = _UTM.fullmatch(text)
    if not match:
        return
    east, north = number(match["east"]), number(match["north"])
    if match["zone"]:
        yield from _in_zone(int(match["zone"]), match["band"], east, north)
    for grid_zone in () if match["zone"] else _zones(near):
        zone, band = int(grid_zone[:-1]), grid_zone[-1]
        for lon, lat in _from_utm(zone, band >= "N", east, north):
            if near and contains(near, lon, lat):
                yield Candidate(lon, lat, Form.UTM, _("Grid zone {zone} assumed.").format(zone=grid_zone))


def _in_zone(zone: int, band: str, east: float, north: float) -> Iterator[Candidate]:
    """The letter after the zone is a band; but many write N and S for the hemisphere."""
    for lon, lat in _from_utm(zone, band >= "N", east, north):
        if mgrs.in_band(lat, band):
            yield Candidate(lon, lat, Form.UTM)
        elif band == "N":
            yield Candidate(lon, lat, Form.UTM, _("N was read as the northern hemisphere."))
    for lon, lat in _from_utm(zone, False, east, north) if band == "S" else ():
        yield Candidate(lon, lat, Form.UTM, _("S was read as the southern hemisphere."))


def _from_utm(zone: int, northern: bool, east: float, north: float) -> Iterator[tuple[float, float]]:
    if not (1 <= zone <= 60 and 100_000 <= east < 900_000 and north <= 10_000_000):
        return
    lon, lat = transform([[east, north]], (32600 if northern else 32700) + zone, 4326)[0]
    if -80 <= lat <= 84 and (lat > -1e-5 if northern else lat < 1e-5):
        yield float(lon), float(lat)


def _angular(text: str, near: Extent | None) -> Iterator[Candidate]:
    for first, second in angles.pairs(text):
        form = (Form.DD, Form.DM, Form.DMS)[max(first.parts, second.parts) - 1]
        orders = angles.places(first, second)
        for lon, lat in orders:
            order = _("Longitude was read first.") if lon is first else _("Latitude was read first.")
            yield Candidate(lon.degrees, lat.degrees, form, order if len(orders) > 1 else "")
            if near and not (lon.signed and lat.signed):
                yield from _turned(lon, lat, form, near)


def _turned(lon: Angle, lat: Angle, form: Form, near: Extent) -> Iterator[Candidate]:
    """Who lives south of the equator leaves out the minus: offered where it leads into the city."""
    for x in (lon.degrees,) if lon.signed else (lon.degrees, -lon.degrees):
        for y in (lat.degrees,) if lat.signed else (lat.degrees, -lat.degrees):
            if (x, y) != (lon.degrees, lat.degrees) and contains(near, x, y):
                yield Candidate(x, y, form, _("A minus was assumed, to be inside the city."))


def _zones(near: Extent | None) -> tuple[str, ...]:
    """The grid zones that the city lies in, that of its middle first."""
    if not near:
        return ()
    west, south, east, north = near
    corners = [(x, max(-80.0, min(84.0, y))) for x in (west, east) for y in (south, north)]
    middle = centre(near)
    return tuple(dict.fromkeys(mgrs.grid_zone(x, y) for x, y in (middle, *corners) if -80 <= y <= 84))


_READERS: tuple[Callable[[str, Extent | None], Iterator[Candidate]], ...] = (
    _plus,
    _gridded,
    _utm,
    _angular,
)
