"""The inks of the map by day and by night. Severity colours shine through both because all else is calm."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

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
    "background": ("#f2f1ec", "#1e2328"),
    "ink": ("#22282e", "#d5dce2"),
    "muted": ("#6a727a", "#8d98a2"),
    "halo": ("#fbfaf7", "#14181c"),
    "casing": ("#1b1f23", "#0d1013"),
    "accent": ("#0a5ea8", "#7cc4ff"),
    "water": ("#a9cbe0", "#23425a"),
    "shore": ("#82aecb", "#30597a"),
    "green": ("#dde8d0", "#222e29"),
    "building": ("#dcd6cc", "#2f353b"),
    "wall": ("#c5bcae", "#3d444b"),
    "street_edge": ("#b7b3a8", "#14181c"),
    "street_major": ("#fbeccb", "#77705f"),
    "street_main": ("#ffffff", "#555c64"),
    "street_minor": ("#ffffff", "#434a51"),
    "path": ("#cfcabd", "#3b4249"),
    "rail": ("#9a9a9a", "#565d64"),
    "ward": ("#7d6b91", "#8a7aa6"),
    "flood": ("#2b7cc0", "#4a9fe0"),
    "hospital": ("#1f5f9c", "#7fb2e6"),
    "school": ("#7a5c2e", "#c7a468"),
    "shelter": ("#2f6b4a", "#74b692"),
    "works": ("#46525e", "#a9b6c2"),
    "bridge": ("#5c5348", "#a89c8c"),
    "fire": ("#9c2f2f", "#d98484"),
}
DAY = MapColours(night=False, inks={name: day for name, (day, _night) in _INKS.items()})
NIGHT = MapColours(night=True, inks={name: night for name, (_day, night) in _INKS.items()})
