"""Sentences for people can be translated: whole, and with their values filled in afterwards."""

import ast
from collections.abc import Iterator

import pytest

from tests.architecture.source import Module, modules

TRANSLATORS = {"_": 1, "ngettext": 2}
"""Functions that look a sentence up, and how many sentences they take."""


FROM_TABLES = {"gis/words/codebook.py"}
"""Modules that look up words which stand in a table under resources/words."""


def unfit(module: Module) -> Iterator[str]:
    """Calls that no catalogue can answer: the sentence is not a plain literal."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in TRANSLATORS:
            sentences = node.args[: TRANSLATORS[node.func.id]]
            if not all(isinstance(s, ast.Constant) and isinstance(s.value, str) for s in sentences):
                yield f"{module.path}:{node.lineno} {ast.unparse(node)}"


def test_every_sentence_for_people_is_a_literal():
    ours = [module for module in modules() if module.path not in {"gis/texts.py", *FROM_TABLES}]
    assert [call for module in ours for call in unfit(module)] == []


@pytest.mark.parametrize(
    "source", ['_(f"{n} homes")', "_(sentence)", '_("Log" + "in")', 'ngettext("one", f"{n}", n)']
)
def test_a_sentence_that_cannot_be_looked_up_is_found(source):
    assert list(unfit(Module("desktop/planted.py", source))) != []


def test_values_are_filled_in_after_the_sentence_is_looked_up():
    source = '_("{n} homes").format(n=n)\nngettext("{n} home", "{n} homes", n).format(n=n)'
    assert list(unfit(Module("desktop/planted.py", source))) == []
