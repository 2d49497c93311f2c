"""The program's own source as the rules see it: one parsed module after another."""

import ast
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PACKAGES = ("desktop", "gis", "layers", "resources")


@dataclass(frozen=True, slots=True)
class Module:
    """One file: its path from the top of the checkout (forward slashes), its text and its syntax tree."""

    path: str
    text: str

    @property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, self.path)

    @property
    def lines(self) -> int:
        return len(self.text.splitlines())


def modules(*folders: str, root: Path = ROOT) -> list[Module]:
    """Every Python file of these folders (the program's packages by default), in order of path."""
    found = (path for folder in folders or PACKAGES for path in sorted((root / folder).rglob("*.py")))
    return [Module(path.relative_to(root).as_posix(), path.read_text("utf-8")) for path in found]


def project(root: Path = ROOT) -> dict[str, Any]:
    """pyproject.toml."""
    return tomllib.loads((root / "pyproject.toml").read_text("utf-8"))


def imported(tree: ast.Module) -> Iterator[str]:
    """Every module that is imported, or asked for its files, wherever that stands."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
        elif isinstance(node, ast.Call) and dotted(node.func) in ("import_module", "files"):
            yield from (each.value for each in node.args[:1] if isinstance(each, ast.Constant))


def dotted(node: ast.expr) -> str:
    """`a.b.c` for a chain of names; "" for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        start = dotted(node.value)
        return f"{start}.{node.attr}" if start else ""
    return ""
