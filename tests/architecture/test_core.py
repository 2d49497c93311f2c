"""What the core may touch: no window, one clock, and only packages that the project declares."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.architecture.source import PACKAGES, ROOT, Module, dotted, imported, modules, project

IMPORT_ALL = """
import importlib, pkgutil, sys
for name in ("gis", "layers"):
    for module in pkgutil.walk_packages(importlib.import_module(name).__path__, name + "."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
window = ("PySide6", "shiboken6", "pyqtgraph", "desktop")
print(sorted(name for name in sys.modules if name.partition(".")[0] in window))
"""

CLOCKS = {"gis/clock.py", "gis/model/record.py"}
"""The modules that may ask the computer for the time; an identifier only borrows it to be in order."""

ASKING = re.compile(
    r"(^|\.)(datetime|date|Timestamp)\.(now|utcnow|today)$|^time\.(time|time_ns|localtime|gmtime)$"
)

IMPORTED_AS = {
    "jinja2": "jinja2",
    "paho-mqtt": "paho",
    "pillow": "PIL",
    "pyside6-essentials": "PySide6",
    "sqlalchemy": "sqlalchemy",
    "xstatic-leaflet": "xstatic",
}
"""Distributions whose package bears another name."""

NEEDED_THROUGH = {
    "branca": "folium",
    "markupsafe": "jinja2",
    "pandas": "geopandas",
    "shiboken6": "pyside6-essentials",
}
"""Packages that we import and that a declared dependency brings, as its own words in our hands."""


def test_the_core_runs_where_qt_is_never_loaded():
    assert subprocess.check_output([sys.executable, "-c", IMPORT_ALL], text=True).strip() == "[]"


WITHOUT_A_WINDOW = """
import sys
from desktop.__main__ import main
main(["check", sys.argv[1]])
print(sorted(name for name in sys.modules if name.partition(".")[0] in ("PySide6", "shiboken6", "pyqtgraph")))
"""


def test_the_command_loads_qt_only_for_a_window(tmp_path):
    file = tmp_path / "gauges.geojson"
    file.write_text('{"type": "Point", "coordinates": [116.1, -8.5]}', "utf-8")
    command = [sys.executable, "-c", WITHOUT_A_WINDOW, str(file)]
    assert subprocess.check_output(command, text=True, cwd=ROOT).splitlines()[-1] == "[]"


def clock_calls(module: Module) -> Iterator[str]:
    """Every place that asks this computer for the time."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call):
            name = dotted(node.func)
            if ASKING.search(name):
                yield f"{module.path}:{node.lineno} {name}"


def test_only_the_clock_asks_this_computer_for_the_time():
    calls = [call for module in modules() if module.path not in CLOCKS for call in clock_calls(module)]
    assert calls == []


@pytest.mark.parametrize(
    "source",
    [
        "from datetime import datetime\ndatetime.now(UTC)",
        "import datetime\ndatetime.datetime.utcnow()",
        "import datetime\ndatetime.date.today()",
        "import time\ntime.time()",
        "import pandas as pd\npd.Timestamp.now()",
    ],
)
def test_another_clock_is_found(source):
    assert list(clock_calls(Module("gis/ops/planted.py", source))) != []


def test_a_stopwatch_is_no_clock():
    assert (
        list(clock_calls(Module("layers/x.py", "import time\ntime.perf_counter()\ntime.monotonic()"))) == []
    )


def _declared() -> set[str]:
    """The packages that the project's own dependencies give us, by the names they are imported as."""
    tables = project()["project"]
    lines = [*tables["dependencies"], *tables["optional-dependencies"]["parquet"]]
    names = {re.split(r"[\s><=!~;\[]", line, maxsplit=1)[0].lower() for line in lines}
    brought = {name for name, owner in NEEDED_THROUGH.items() if owner in names}
    return {IMPORTED_AS.get(name, name.replace("-", "_")) for name in names} | brought


def strangers(module: Module, declared: set[str]) -> list[str]:
    """The imports of one module that neither we, nor Python, nor a declared dependency can satisfy."""
    known = {*PACKAGES, *sys.stdlib_module_names, *declared}
    return sorted({name for name in imported(module.tree) if name.partition(".")[0] not in known})


def test_every_package_that_is_imported_is_declared():
    found = {module.path: strangers(module, _declared()) for module in modules()}
    assert {path: names for path, names in found.items() if names} == {}


def test_an_undeclared_package_is_found():
    assert strangers(Module("gis/x.py", "import fiona.crs\nimport numpy\n"), _declared()) == ["fiona.crs"]


def test_every_declared_package_is_used():
    used = {name.partition(".")[0] for module in modules() for name in imported(module.tree)}
    declared = _declared() - set(NEEDED_THROUGH) - {"tzdata"}
    assert declared - used == set()
