"""The painter's tests need the painter: compiled on installation, or by `make test`."""

import os

import pytest

from gis.paint import raster


@pytest.fixture(autouse=True, scope="session")
def compiled_painter():
    if not raster.available:
        complain = pytest.fail if os.environ.get("CI") else pytest.skip
        complain("the painter is not compiled: a C compiler and Python's headers, then install again")
