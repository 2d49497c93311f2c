"""Every real file that somebody could drop on the desk: it loads whole, or is refused in clear words."""

import hashlib

import numpy as np
import pytest

from gis.errors import UserError
from gis.geo.features import WGS84, Shape
from gis.geo.mesh import Frame
from gis.progress import Progress
from tests.conftest import REALDATA

UTM_48S = 32748
FOLDERS = ("gis", "gpkg", "cap")


def dropped():
    """Relative paths, or one that makes the fixture say that the folder is missing."""
    found = [each for name in FOLDERS for each in sorted((REALDATA / name).rglob("*")) if each.is_file()]
    return [str(each.relative_to(REALDATA)) for each in found] or ["missing"]


def consistent(features):
    n, rings = len(features), features.rings
    assert features.parts[0] == 0
    assert features.parts[-1] == len(rings) - 1
    assert rings[0] == 0
    assert rings[-1] == len(features.xy)
    assert (np.diff(features.parts) >= 0).all()
    assert (np.diff(rings) > 0).all()
    assert np.isfinite(features.xy).all()
    assert len(features.ids) == n
    for name in features.columns:
        column = features.columns[name]
        assert len(column) == n
        assert column.dtype != object or all(each is None or type(each) is str for each in column)
    if features.shape is Shape.POLYGON:
        starts, ends = rings[:-1], rings[1:] - 1
        assert (features.xy[starts] == features.xy[ends]).all(), "a ring is open"


def read_in(reader, path, layers):
    read = reader.read(path, crs=UTM_48S, progress=Progress())
    assert read.features or read.needs_crs
    for each in read.features:
        assert each.crs == UTM_48S
        consistent(each)
    assert read.layer in layers


def looked_at(reader, path, raster):
    look = reader.look(path, Frame(WGS84, raster.extent or (95.0, -11.0, 141.0, 6.0), 64, 48))
    assert look.pixels is None or look.pixels.shape[:2] == (48, 64)


def said_clearly(error):
    assert str(error).strip()
    assert error.hint.strip()
    assert "Traceback" not in str(error)


@pytest.mark.parametrize("name", dropped())
def test_a_dropped_file_loads_whole_or_is_refused_in_clear_words(name, reader, realdata):
    path = realdata / name
    before = hashlib.sha256(path.read_bytes()).digest()
    try:
        inspection = reader.inspect(path, Progress())
        if inspection.rasters:
            looked_at(reader, path, inspection.rasters[0])
            with pytest.raises(UserError, match="is a raster"):
                reader.read(path, crs=UTM_48S, progress=Progress())
        else:
            read_in(reader, path, [each.name for each in inspection.layers])
    except UserError as error:
        said_clearly(error)
    assert hashlib.sha256(path.read_bytes()).digest() == before, "the file was changed"
