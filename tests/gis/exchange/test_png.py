"""A picture written in bands is the picture."""

import io

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from gis.exchange.png import PngWriter


@given(st.lists(st.integers(1, 9), min_size=1, max_size=6), st.integers(1, 40), st.randoms())
def test_however_it_is_cut_into_bands_other_programs_read_the_same_pixels(bands, width, random):
    pixels = np.frombuffer(random.randbytes(sum(bands) * width * 3), np.uint8).reshape(-1, width, 3)
    file = io.BytesIO()
    writer = PngWriter(file, width, sum(bands), dpi=300)
    for first, rows in zip(np.cumsum([0, *bands]), bands, strict=False):
        writer.rows(pixels[first : first + rows])
    writer.end()
    with Image.open(io.BytesIO(file.getvalue())) as image:
        assert (np.asarray(image) == pixels).all()
        assert round(image.info["dpi"][0]) == 300
