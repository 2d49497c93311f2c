"""Three ways to fail and no fourth: whoever catches everything says why he may."""

import re

import pytest

from tests.architecture.source import Module, modules

BROAD = re.compile(r"^\s*except\s*(:|.*\b(Base)?Exception\b)")
REASON = re.compile(r"#\s*(noqa: BLE001 -\s*)?(?!noqa)\w.{20,}")


def unexplained(module: Module) -> list[str]:
    """Every line that catches whatever comes and gives no reason beside it."""
    lines = enumerate(module.text.splitlines(), 1)
    return [f"{module.path}:{n}" for n, line in lines if BROAD.match(line) and not REASON.search(line)]


def test_whoever_catches_everything_gives_the_reason_beside_it():
    assert [place for module in modules() for place in unexplained(module)] == []


@pytest.mark.parametrize(
    "line",
    [
        "except BaseException:",
        "except (OSError, Exception) as error:",
        "except:",
        "except Exception:  # noqa: BLE001",
        "except Exception:  # an edge",
    ],
)
def test_one_without_a_reason_is_found(line):
    assert unexplained(Module("gis/ops/planted.py", f"try:\n    act()\n{line}\n    pass")) != []
