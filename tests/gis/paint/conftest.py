"""The painter's tests need the painter: compiled on installation, or by `make test`."""

import pytest

from gis.paint import raster
from tests import needs


@pytest.fixture(autouse=True, scope="session")
def compiled_painter():
    needs.that(
        raster.available,
        "the painter is not compiled: a C compiler and Python's headers, then install again",
    )
