"""The one compiled part: the painter. Everything else about the package stands in pyproject.toml."""

import sys
from pathlib import Path

from setuptools import Extension, setup

NATIVE = Path("gis", "paint", "native")
SOURCES = sorted(path.as_posix() for path in NATIVE.glob("*.c"))
if sys.platform == "win32":
    ARGUMENTS = ["/O2", "/std:c11", "/fp:precise"]
else:  # without fused products the same numbers everywhere give the same pixels
    ARGUMENTS = ["-std=c11", "-O3", "-ffp-contract=off", "-fvisibility=hidden"]

setup(
    ext_modules=[
        Extension(
            "gis.paint._raster",
            SOURCES,
            depends=[path.as_posix() for path in sorted(NATIVE.glob("*.h"))],
            extra_compile_args=ARGUMENTS,
            py_limited_api=True,
            optional=True,  # without a compiler the package installs, and other painters serve
        )
    ],
    options={"bdist_wheel": {"py_limited_api": "cp311"}},
)
