"""The inks of the map by day and by night. Severity colours shine through both because all else is calm."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from gis.texts import _

_COLOUR = re.compile("#[0-9a-fA-F]{6}")


@dataclass(frozen=True, slots=True)
class MapColours:
    """What the named inks of a style look like in one theme."""

    night: bool
    inks: Mapping[str, str]

    def of(self, colour: str) -> str:
        """The "#rrggbb" of an ink or a colour; what is neither is drawn in "ink"."""
        return colour if _COLOUR.fullmatch(colour) else self.inks.get(colour, self.inks["ink"])


_INKS = {  # ink: by day, by night
    "background": ("#f3f1ec", "#1d2227"),
    "ink": ("#22282e", "#d5dce2"),
    "muted": ("#6a727a", "#8d98a2"),
    "halo": ("#fbfaf7", "#14181c"),
    "casing": ("#1b1f23", "#0d1013"),
    "accent": ("#0a5ea8", "#7cc4ff"),
    "grid": ("#33567f", "#9ab4cf"),
    "water": ("#b5cfdd", "#1b3546"),
    "shore": ("#86a9c0", "#35607c"),
    "shore_name": ("#2f6f9f", "#7fb3d6"),
    "garden": ("#e9eddd", "#20282a"),
    "paddy": ("#e2ebcb", "#222c27"),
    "forest": ("#cbdcb8", "#22302a"),
    "park": ("#cfe3bd", "#253429"),
    "leaf": ("#4f7046", "#83a287"),
    "industry": ("#e6e2e2", "#252930"),
    "runway": ("#cfcccb", "#343a42"),
    "contour": ("#c2a688", "#4a453d"),
    "building": ("#dbd4c8", "#30363d"),
    "wall": ("#b3a693", "#4c555e"),
    "landmark": ("#cdbba6", "#3f434b"),
    "landmark_wall": ("#a8937a", "#555b64"),
    "street_edge": ("#bab5a9", "#14181c"),
    "street_major": ("#fae6bd", "#857c6b"),
    "street_main": ("#ffffff", "#666e77"),
    "street_minor": ("#ffffff", "#4f575f"),
    "path": ("#cfcabd", "#3b4249"),
    "rail": ("#9a9a9a", "#565d64"),
    "ward": ("#75628b", "#a598c4"),
    "ward_line": ("#9c8cae", "#7a6d97"),
    "flood": ("#1f6fe5", "#3b8cff"),
    "flood_edge": ("#1857b8", "#5aa0ff"),
    "hospital": ("#1f5f9c", "#7fb2e6"),
    "school": ("#7a5c2e", "#c7a468"),
    "shelter": ("#2f6b4a", "#74b692"),
    "works": ("#46525e", "#a9b6c2"),
    "bridge": ("#5c5348", "#a89c8c"),
    "fire": ("#9c2f2f", "#d98484"),
}
DAY = MapColours(night=False, inks={name: day for name, (day, _night) in _INKS.items()})
NIGHT = MapColours(night=True, inks={name: night for name, (_day, night) in _INKS.items()})

INK_NAMES: Mapping[str, str] = {  # as people choose them
    "background": _("ground"),
    "ink": _("ink"),
    "muted": _("grey ink"),
    "halo": _("halo"),
    "casing": _("dark edge"),
    "accent": _("accent"),
    "grid": _("grid"),
    "water": _("water"),
    "shore": _("shore"),
    "shore_name": _("names of waters"),
    "garden": _("garden"),
    "paddy": _("paddy"),
    "forest": _("forest"),
    "park": _("park"),
    "leaf": _("leaf"),
    "industry": _("industry"),
    "runway": _("runway"),
    "contour": _("contour"),
    "building": _("building"),
    "wall": _("wall"),
    "landmark": _("public building"),
    "landmark_wall": _("wall of a public building"),
    "street_edge": _("edge of a street"),
    "street_major": _("major street"),
    "street_main": _("main street"),
    "street_minor": _("minor street"),
    "path": _("path"),
    "rail": _("railway"),
    "ward": _("ward"),
    "ward_line": _("border of a ward"),
    "flood": _("flood"),
    "flood_edge": _("edge of a flood"),
    "hospital": _("hospital"),
    "school": _("school"),
    "shelter": _("shelter"),
    "works": _("works"),
    "bridge": _("bridge"),
    "fire": _("fire"),
}
