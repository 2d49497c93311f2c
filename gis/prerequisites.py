"""What the window needs from the operating system, looked for before Qt is loaded: no Qt is imported here.

Qt brings its own libraries except those of the screen, the fonts and the keyboard. Where one of them is
absent Qt stops the process with a word about a plugin; here the person learns which package is missing.
"""

import ctypes
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from gis.errors import UserError
from gis.texts import _

ALWAYS = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11.so.6": "libx11-6",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libz.so.1": "zlib1g",
    "libzstd.so.1": "libzstd1",
}
"""Library -> its package on Debian and Ubuntu; needed even where nothing is shown."""

ON_X11 = {
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxcb.so.1": "libxcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
"""Needed to show a window on an X11 screen."""

ON_WAYLAND = {
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
}
"""Needed to show a window on a Wayland screen that offers no X11."""

FONT_PACKAGE = "fonts-dejavu-core"
FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts")


@dataclass(frozen=True, slots=True)
class Missing:
    """Something that this computer lacks: what it is, and the Debian or Ubuntu package that brings it."""

    what: str
    package: str


def missing(environ: Mapping[str, str] = os.environ) -> list[Missing]:
    """What the window would lack on this computer; always empty on Windows and macOS, where Qt brings all."""
    if not sys.platform.startswith("linux"):
        return []
    lacking = [Missing(what, package) for what, package in wanted(environ).items() if not _loads(what)]
    return lacking if _any_font() else [*lacking, Missing(_("a font"), FONT_PACKAGE)]


def wanted(environ: Mapping[str, str]) -> Mapping[str, str]:
    """The libraries for the screen that this environment names, each with its package."""
    if environ.get("QT_QPA_PLATFORM", "").startswith(("offscreen", "minimal")):
        return ALWAYS
    if environ.get("DISPLAY"):
        return ALWAYS | ON_X11
    return ALWAYS | ON_WAYLAND if environ.get("WAYLAND_DISPLAY") else ALWAYS


def require(look: Callable[[], list[Missing]] = missing) -> None:
    """Raise UserError when the window cannot open on this computer, naming every package that is missing."""
    lacking = look()
    if lacking:
        packages = " ".join(sorted({each.package for each in lacking}))
        things = ", ".join(each.what for each in lacking)
        raise UserError(
            _("The window needs what this computer does not have: {things}.").format(things=things),
            hint=_("On Debian and Ubuntu: sudo apt-get install {packages}").format(packages=packages),
        )


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _fonts() -> Iterator[Path]:
    for folder in FONT_FOLDERS:
        for path in Path(folder).expanduser().rglob("*"):
            if path.suffix.lower() in (".ttf", ".otf", ".ttc", ".pfb"):
                yield path


def _any_font() -> bool:
    return next(_fonts(), None) is not None


def main() -> int:
    """Say what is missing; 0 when the window can open."""
    try:
        require()
    except UserError as error:
        sys.stderr.write(f"{error}\n{error.hint}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
