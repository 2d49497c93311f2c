"""shapely over whole columns. Its type stubs know single geometries only, so it is untyped here."""

from typing import Any

import shapely as _shapely

shapely: Any = _shapely
