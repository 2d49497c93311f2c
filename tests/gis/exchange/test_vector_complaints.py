"""What a person is told of a file that cannot be read: the reason, and nothing of the reader's insides."""

import pytest

from gis.errors import UserError
from gis.progress import Progress


def test_half_a_geopackage_is_said_to_be_damaged_without_the_statement_that_found_out(
    reader, realdata, tmp_path
):
    whole = (realdata / "gis/inasafe/gisv4/exposure/jakarta_building.gpkg").read_bytes()
    torn = tmp_path / "torn.gpkg"
    torn.write_bytes(whole[:3000])
    with pytest.raises(UserError) as caught:
        reader.inspect(torn, Progress())
    words = str(caught.value)
    assert "torn.gpkg" in words
    assert "malformed" in words
    assert "SELECT" not in words
    assert words.count("malformed") == 1
    assert words.endswith(".")
