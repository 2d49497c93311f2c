"""Sentences for people can be translated: whole, and with their values filled in afterwards."""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.architecture.source import Module, modules

TRANSLATORS = {"_": 1, "ngettext": 2}
"""Functions that look a sentence up, and how many sentences they take."""


FROM_TABLES = {"gis/words/codebook.py", "gis/words/levels.py"}
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


COUNTED = re.compile(r"\{(count|n)\} ([a-z]+ ){0,2}[a-z]{3,}s\b")
"""A number and what there are so many of."""


def one_form_only(module: Module) -> Iterator[str]:
    """Sentences that would say “1 readings”."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_":
            said = "".join(s.value for s in node.args if isinstance(s, ast.Constant))
            if COUNTED.search(said):
                yield f"{module.path}:{node.lineno} {said}"


def test_what_is_counted_has_a_form_for_one():
    assert [each for module in modules() for each in one_form_only(module)] == []


def test_a_count_with_one_form_is_found_and_one_with_two_is_not():
    source = '_("{count} earlier edits are in {file}.")\nngettext("{n} home", "{n} homes", n)\n_("{count} s")'
    assert len(list(one_form_only(Module("desktop/planted.py", source)))) == 1
