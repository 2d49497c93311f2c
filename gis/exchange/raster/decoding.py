"""One small picture from outside, as pixels: what it claims is checked before it is unfolded."""

import io
import warnings

from PIL import Image

from gis.exchange.raster.answers import MOST_BYTES

KINDS = ("PNG", "JPEG", "WEBP")
LARGEST_PX = 1024  # along a side; tiles are 256 or 512


def decoded(content: bytes) -> Image.Image | None:
    """A tile as RGBA; None when it is no picture, is torn, or claims a size that no tile has."""
    if not 0 < len(content) <= MOST_BYTES:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            image = Image.open(io.BytesIO(content), formats=KINDS)
            if max(image.size) > LARGEST_PX or min(image.size) < 1:
                return None
            return image.convert("RGBA")
    except (OSError, ValueError, SyntaxError, EOFError, KeyError, IndexError, Image.DecompressionBombError):
        return None  # what Pillow raises for broken pictures; the caller counts them
