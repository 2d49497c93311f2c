"""The papers tell the truth about the code: walls, libraries, system packages, versions."""

import re
import tomllib

import pytest

from gis.prerequisites import ALWAYS, FONT_PACKAGE, ON_X11
from tests.architecture.source import ROOT, project

SYSTEM_PACKAGES = {*(ALWAYS | ON_X11).values(), FONT_PACKAGE} - {"zlib1g", "libzstd1"}
"""What a person must install; the base system has the two others."""


def words(path: str) -> str:
    return (ROOT / path).read_text("utf-8")


def name_of(requirement: str) -> str:
    return re.split(r"[\s><=!~;\[]", requirement, maxsplit=1)[0]


def test_every_wall_is_explained_and_every_explained_wall_stands():
    contracts = [each["name"] for each in project()["tool"]["importlinter"]["contracts"]]
    table = words("ARCHITECTURE.md").split("| contract | why |")[1].split("\n\n")[0]
    assert re.findall(r"^\| ([^|]+?) \| [^-]", table, re.MULTILINE) == contracts


def test_every_room_stands_in_the_layout():
    layout = words("ARCHITECTURE.md").split("## Where things live")[1].split("Three questions")[0]
    named = set(re.findall(r"\w+", layout))
    rooms = {
        path.stem
        for path in (ROOT / "gis").iterdir()
        if path.suffix == ".py" or (path / "__init__.py").exists()
    }
    rooms |= {
        path.parent.name
        for package in ("layers", "desktop")
        for path in (ROOT / package).glob("*/__init__.py")
    }
    assert rooms - named - {"__init__"} == set()


def test_every_library_stands_in_the_table_with_its_licence():
    declared = {name_of(each) for each in project()["project"]["dependencies"]}
    table = words("ARCHITECTURE.md").split("## Libraries")[1].split("For the tests:")[0]
    assert set(re.findall(r"^\| ([\w-]+) \| .+ \| .+ \|$", table, re.MULTILINE)) - {"package"} == declared


@pytest.mark.parametrize("paper", ["README.md", ".ci/run"])
def test_every_package_that_qt_needs_from_the_system_is_named(paper):
    assert SYSTEM_PACKAGES - set(re.findall(r"[\w.+-]+", words(paper))) == set()


def test_every_requirement_has_an_exact_version():
    tables = project()["project"]
    wanted = [
        *tables["dependencies"],
        *(each for extra in tables["optional-dependencies"].values() for each in extra),
    ]
    pinned = re.findall(r"^([\w.-]+)==", words("constraints.txt"), re.MULTILINE)
    assert {name_of(each).lower() for each in wanted} - {name.lower() for name in pinned} == set()


def test_the_changes_begin_with_the_version_that_is_being_made():
    version = tomllib.loads(words("pyproject.toml"))["project"]["version"]
    assert re.search(r"^## (\S+?),? ", words("CHANGELOG.md"), re.MULTILINE)[1] == version


def test_no_paper_names_a_registry_or_a_folder_of_one_computer():
    papers = ["README.md", "Makefile", ".ci/run", "constraints.txt", ".pre-commit-config.yaml", "build.spec"]
    for paper in papers:
        assert not re.search(r"--(extra-)?index-url|--find-links|/home/|/root/|/work/|C:\\", words(paper)), (
            paper
        )
