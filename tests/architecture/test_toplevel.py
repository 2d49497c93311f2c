"""What lies at the top of the project, and nothing else."""

import subprocess

import pytest

from tests import needs
from tests.architecture.source import ROOT

FOLDERS = {"desktop", "gis", "layers", "resources", "tests", ".ci"}
FILES = {
    ".gitignore",
    ".pre-commit-config.yaml",
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "LICENSE",
    "MANIFEST.in",
    "Makefile",
    "README.md",
    "build.spec",
    "constraints.txt",
    "pyproject.toml",
    "setup.py",
}


@pytest.fixture
def kept() -> list[str]:
    """Every path that is under version control."""
    needs.that((ROOT / ".git").exists(), "this is not a checkout")
    command = [needs.program("git"), "ls-files", "-z"]
    listing = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return [path for path in listing.stdout.split("\0") if path]


def test_the_top_level_is_what_was_agreed(kept):
    assert {path.split("/")[0] for path in kept} == FOLDERS | FILES


def test_no_file_of_another_program_is_kept(kept):
    """Data for tests is made by the tests; the libraries bring their own files."""
    foreign = (
        ".js",
        ".css",
        ".gpkg",
        ".shp",
        ".sqlite",
        ".tif",
        ".zip",
        ".ttf",
        ".otf",
        ".whl",
        ".so",
        ".exe",
    )
    ours = ("resources/templates/", "tests/files/")  # the page and its style; what releases wrote
    others = (path for path in kept if not path.startswith(ours))
    assert [path for path in others if path.lower().endswith(foreign)] == []
