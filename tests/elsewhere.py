"""Python in a process of its own, as another program would run beside the desk."""

import subprocess
import sys
from pathlib import Path

from tests.architecture.source import ROOT

_CHECK = """
import sys
from osgeo_utils.samples import validate_gpkg
validate_gpkg.check(sys.argv[1], extra_checks=True, warning_as_error=True)
"""


def python(*words: object, inside: tuple[str, ...] = ()) -> str:
    """What `python WORDS` prints when started `inside` another program. It must end well."""
    command = [*inside, sys.executable, *map(str, words)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def check_geopackage(path: Path) -> None:
    """GDAL's checker finds nothing wrong with the file."""
    python("-c", _CHECK, path)
