"""Which GDAL reads the files of others. Asking loads it: only where no operation is open."""

import pyogrio


def gdal() -> str:
    return pyogrio.__gdal_version_string__
