"""Where things live on this computer, and the few choices a person makes for it: settings.toml."""

import getpass
import json
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from pathlib import Path
from secrets import token_hex
from typing import Any

import platformdirs

from gis.errors import UserError
from gis.texts import _

HOME_VARIABLE = "KENTONGAN_HOME"


@dataclass(frozen=True, slots=True)
class Home:
    """The folder this program keeps its things in; nothing is created before it is needed."""

    folder: Path
    cache: Path | None = None  # what may be thrown away; None: among the rest

    @property
    def tiles(self) -> Path:
        """Tiles of maps that were fetched; can be deleted, and are then fetched again."""
        return (self.cache or self.folder) / "tiles"

    @property
    def settings_file(self) -> Path:
        return self.folder / "settings.toml"

    @property
    def operations(self) -> Path:
        """Where new operations are put unless a person says otherwise."""
        return self.folder / "operations"

    @property
    def exercises(self) -> Path:
        return self.folder / "exercises"

    @property
    def sample_city(self) -> Path:
        """The generated sample city; can be deleted, and is then made again."""
        return self.folder / "sample-city"

    def machine(self) -> str:
        """A name for this computer and this person on it, made up once; "" where none can be kept."""
        path = self.folder / "machine"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with path.open("x", encoding="utf-8") as file:
                file.write(token_hex(16))
        except OSError:  # it is there already, or nothing can be written here
            pass
        try:
            return path.read_text("utf-8").strip()
        except (OSError, UnicodeError):
            return ""

    @property
    def log_file(self) -> Path:
        return self.folder / "kentongan.log"


def home(environ: Mapping[str, str] = os.environ) -> Home:
    """The folder named by KENTONGAN_HOME, or the usual place for programs on this computer."""
    chosen = environ.get(HOME_VARIABLE)
    if chosen:
        return Home(Path(chosen))
    usual = platformdirs.user_data_path("kentongan", appauthor=False)
    return Home(usual, platformdirs.user_cache_path("kentongan", appauthor=False))


class Theme(StrEnum):
    """How bright the desk is."""

    NIGHT = "night"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class Settings:
    """The choices of this computer; `DESCRIPTIONS` says in the file what each is for."""

    author: str = ""
    desk: str = "I"
    theme: Theme = Theme.NIGHT
    second_copy: str = ""
    second_map: str = ""
    wall: str = ""
    tiles_mb: int = 1_000
    volume: int = 80
    voice: bool = False


DESCRIPTIONS = {
    "author": "Who sits at this desk: the name that stands under what is written here.",
    "desk": "What the numbers of incidents begin with at this desk: I gives I-0001.",
    "theme": "How bright the window is: night or day.",
    "second_copy": "A folder on another disk or a stick, where each operation keeps its second copy.",
    "second_map": "Where the second map stands: left, top, width, height, linked (1), scale; empty: closed.",
    "wall": "The monitor on which the wall stands, window for none of its own; empty: closed.",
    "volume": "How loud alarms are at this desk: 0 (off) to 100.",
    "voice": "Whether alarms are also spoken: true or false.",
    "tiles_mb": "How many megabytes of maps from a network are kept on this computer.",
}


def person(chosen: Settings) -> str:
    """Who sits here: the name in the settings, else the one this computer knows, else nobody."""
    try:
        return chosen.author or getpass.getuser()
    except (KeyError, OSError, ImportError):  # an account without a name, as in a container
        return ""


def read(path: Path) -> Settings:
    """The settings in a file; all defaults where there is none.

    Raises `UserError` for a file that is no TOML, and for names and values that mean nothing: a mistyped
    setting must not be passed over in silence.
    """
    try:
        values = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return Settings()
    except (OSError, ValueError) as error:
        raise UserError(
            _("The settings in {file} cannot be read.").format(file=path),
            hint=_("Correct the file, or delete it to start from the defaults. Reason: {reason}").format(
                reason=error
            ),
        ) from error
    unknown = sorted(values.keys() - {each.name for each in fields(Settings)})
    if unknown:
        known = ", ".join(each.name for each in fields(Settings))
        raise UserError(
            _("{file} sets {name}, which is not a setting.").format(file=path, name=", ".join(unknown)),
            hint=_("The settings are: {names}.").format(names=known),
        )
    return Settings(**{name: _value(path, name, value) for name, value in values.items()})


def _value(path: Path, name: str, value: Any) -> Any:
    default = getattr(Settings(), name)
    try:
        if isinstance(default, bool):
            return _truth(value)
        if isinstance(default, int):
            return _whole(value)
        if not isinstance(value, str):
            raise ValueError(value)
        return type(default)(value)
    except ValueError as error:
        raise UserError(
            _("{file}: {value} is not a value for {name}.").format(file=path, value=value, name=name),
            hint=_("Correct the file, or delete it to start from the defaults."),
        ) from error


def _truth(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError(value)
    return value


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 1_000_000:
        raise ValueError(value)
    return value


def save(path: Path, settings: Settings) -> None:
    """Write the settings with their descriptions; the file is whole at every moment."""
    lines = ["# Settings of Kentongan on this computer.", ""]
    for each in fields(Settings):
        value = getattr(settings, each.name)
        plain = value if isinstance(value, int) else str(value)
        text = json.dumps(plain, ensure_ascii=False).replace("\x7f", "\\u007f")
        lines += [f"# {DESCRIPTIONS[each.name]}", f"{each.name} = {text}", ""]
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(path.name + ".new")
    draft.write_text("\n".join(lines), "utf-8")
    draft.replace(path)
