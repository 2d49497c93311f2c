"""A computer that lacks a library is told which package to install, before Qt gives up."""

import ctypes
import importlib.util
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from gis import prerequisites
from gis.errors import UserError
from gis.prerequisites import ALWAYS, ON_WAYLAND, ON_X11, Missing, missing, require, wanted
from tests import needs

BASE = (
    "libc.so",
    "libm.so",
    "libgcc_s.so",
    "libstdc++.so",
    "libdl.so",
    "libpthread.so",
    "librt.so",
    "ld-linux",
)
"""Every Linux that can run this Python has them."""


def needed_by(path: Path) -> set[str]:
    """The libraries that an ELF file (64 bit, little endian) asks for in its dynamic section."""
    data = path.read_bytes()
    start, entry, count = *struct.unpack_from("<Q", data, 40), *struct.unpack_from("<HH", data, 58)
    headers = [struct.unpack_from("<IIQQQQIIQQ", data, start + entry * i) for i in range(count)]
    dynamic = next(h for h in headers if h[1] == 6)
    names = headers[dynamic[6]][4]
    tags = struct.iter_unpack("<qQ", data[dynamic[4] : dynamic[4] + dynamic[5]])
    starts = [names + value for tag, value in tags if tag == 1]
    return {data[at : data.index(b"\0", at)].decode() for at in starts}


@needs.linux
@pytest.mark.parametrize(
    ("plugin", "packages"),
    [("offscreen", ALWAYS), ("xcb", ALWAYS | ON_X11), ("wayland", ALWAYS | ON_WAYLAND)],
)
def test_the_table_names_every_library_that_qt_leaves_to_the_system(plugin, packages):
    spec = importlib.util.find_spec("PySide6")
    assert spec is not None
    qt = Path(str(spec.origin)).parent / "Qt"
    own = {path.name for path in (qt / "lib").iterdir()}
    open_files, asked = (
        [qt / "plugins" / "platforms" / f"libq{plugin}.so", qt / "lib" / "libQt6Svg.so.6"],
        set(),
    )
    while open_files:
        needs = needed_by(open_files.pop()) - asked
        asked |= needs
        open_files += [qt / "lib" / name for name in needs & own]
    system = {name for name in asked - own if not name.startswith(BASE)}
    assert system - set(packages) == set()


@needs.linux
def test_this_computer_lacks_nothing_that_the_tests_need():
    assert missing({"QT_QPA_PLATFORM": "offscreen"}) == []


@needs.linux
def test_a_missing_library_is_named_with_its_package(monkeypatch):
    def load(name):
        if name == "libEGL.so.1":
            raise OSError("libEGL.so.1: cannot open shared object file: No such file or directory")

    monkeypatch.setattr(ctypes, "CDLL", load)
    assert missing({}) == [Missing("libEGL.so.1", "libegl1")]


@needs.linux
def test_a_computer_without_any_font_is_told(monkeypatch, tmp_path):
    monkeypatch.setattr(prerequisites, "FONT_FOLDERS", (str(tmp_path), str(tmp_path / "absent")))
    assert "fonts-dejavu-core" in [each.package for each in missing({"QT_QPA_PLATFORM": "offscreen"})]


def test_only_the_screen_at_hand_is_asked_for():
    assert "libxcb-cursor.so.0" in wanted({"DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0"})
    assert "libxcb-cursor.so.0" not in wanted({"DISPLAY": ":0", "QT_QPA_PLATFORM": "offscreen"})
    assert "libwayland-client.so.0" in wanted({"WAYLAND_DISPLAY": "wayland-0"})
    assert wanted({}) == ALWAYS


def test_the_words_name_every_package_once():
    lacking = [Missing("libglib-2.0.so.0", "libglib2.0-0"), Missing("libgthread-2.0.so.0", "libglib2.0-0")]
    with pytest.raises(UserError, match=r"libglib-2\.0\.so\.0, libgthread-2\.0\.so\.0") as caught:
        require(lambda: lacking)
    assert caught.value.hint.endswith("apt-get install libglib2.0-0")


def test_the_check_runs_on_its_own_without_any_installed_package():
    command = [sys.executable, "-S", "-m", "gis.prerequisites"]
    run = subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=False)
    assert run.returncode in (0, 1)
    assert "Traceback" not in run.stderr
