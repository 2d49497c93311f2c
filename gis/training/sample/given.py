"""What is given about the city and its night: the tables of resources/sample."""

import tomllib
from importlib.resources import files
from typing import Any


def resource(name: str) -> dict[str, Any]:
    """The parsed file resources/sample/NAME.toml."""
    return tomllib.loads((files("resources") / "sample" / f"{name}.toml").read_text("utf-8"))
