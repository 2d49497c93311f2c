"""What levels are called in the countries that use them, and what each asks of people."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from gis.model.incident import Severity
from gis.model.sensor import Measure, Response
from gis.texts import _


@dataclass(frozen=True, slots=True)
class Level:
    """A local word for a limit, and what a limit of that name usually is; `raise_at` None: the city's own."""

    name: str
    severity: Severity
    response: Response
    measure: Measure = Measure.VALUE
    window_s: int = 0
    falling: bool = False
    raise_at: float | None = None


@dataclass(frozen=True, slots=True)
class Scale:
    """Levels that belong together, the mildest first."""

    name: str
    levels: tuple[Level, ...]

    @property
    def label(self) -> str:
        """The name in the language of the screen."""
        return _(self.name)


@cache
def scales() -> tuple[Scale, ...]:
    """Those that come with the program."""
    text = (files("resources") / "words" / "levels.toml").read_text(encoding="utf-8")
    return tuple(
        Scale(raw["scale"], tuple(_level(each) for each in raw["level"]))
        for raw in tomllib.loads(text)["scale"]
    )


def _level(raw: dict[str, Any]) -> Level:
    given = {name: raw[name] for name in ("window_s", "falling", "raise_at") if name in raw}
    return Level(
        raw["name"],
        Severity.of_priority(raw["severity"]),
        Response(raw["response"]),
        Measure(raw.get("measure", Measure.VALUE)),
        **given,
    )
