"""The codes of the log line and what each means in the words of the field's standards."""

import tomllib
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from io import BufferedIOBase
from typing import Any, Literal, get_args

from gis.errors import UserError
from gis.model.incident import Severity
from gis.texts import _

Category = Literal[
    "Geo", "Met", "Safety", "Security", "Rescue", "Fire",
    "Health", "Env", "Transport", "Infra", "CBRNE", "Other",
]  # fmt: skip
Response = Literal[
    "Shelter", "Evacuate", "Prepare", "Execute", "Avoid", "Monitor", "Assess", "AllClear", "None"
]

_TOLD = {"name": "A code of the log line", "scale": "Levels of a country"}


@dataclass(frozen=True, slots=True)
class Code:
    """One code: what is typed ("fl") and what it stands for.

    `name` and `event` are English source texts: `label` is the name on screen, `event` the CAP 1.2 event.
    `category` and `response` are CAP 1.2 values, `hip` an UNDRR-ISC hazard profile of `hip_edition`,
    `glide` a GLIDE hazard type; the last two are empty where the standard knows no such hazard.
    """

    code: str
    name: str
    severity: Severity
    category: Category
    event: str
    response: Response
    hip: str
    hip_edition: str
    glide: str

    @property
    def label(self) -> str:
        """The name in the language of the screen."""
        return _(self.name)


@dataclass(frozen=True, slots=True)
class Codebook:
    """The city's table of codes, in its order."""

    codes: tuple[Code, ...]

    def __iter__(self) -> Iterator[Code]:
        return iter(self.codes)

    def find(self, code: str) -> Code | None:
        """The entry behind a code, whatever its case or width; None when the city has no such code."""
        wanted = folded_code(code)
        return next((entry for entry in self.codes if entry.code == wanted), None)

    def beginning(self, typed: str) -> list[Code]:
        """The entries whose code or name begins so, in the table's order."""
        wanted = folded_code(typed)
        return [c for c in self.codes if c.code.startswith(wanted) or c.label.casefold().startswith(wanted)]


@cache
def codebook() -> Codebook:
    """The codes that come with the program."""
    return read_codebook((files("resources") / "words" / "codebook.toml").read_text(encoding="utf-8"))


def find(code: str) -> Code | None:
    """The entry of the program's own table behind a code."""
    return codebook().find(code)


def read_codebook(text: str) -> Codebook:
    """A table of codes from its TOML text.

    Raises UserError, naming the entry, for anything that is not such a table or uses a code twice.
    """
    try:
        table = tomllib.loads(text)
        entries = [_entry(raw, table.get("hip_edition", "")) for raw in table["code"]]
    except (tomllib.TOMLDecodeError, KeyError, TypeError, AttributeError) as error:
        raise UserError(
            _("The table of codes cannot be read: {reason}").format(reason=error),
            hint=_("The codes of the program stay in use. Compare the file with the table of the program."),
        ) from error
    return Codebook(tuple(_once(entries)))


def messages(
    file: BufferedIOBase, _keywords: object, _tags: object, _options: object
) -> Iterator[tuple[int, str, str, list[str]]]:
    """The translatable texts of a table of codes or levels, as a Babel extractor.

    Name it in the mapping file: `[extractors] codebook = gis.words.codebook:messages` and
    `[codebook: resources/words/*.toml]`. The names on screen come through `Code.label`.
    """
    for number, line in enumerate(file.read().decode("utf-8").splitlines(), start=1):
        for key, what in _TOLD.items():
            if line.startswith(f"{key} = "):
                yield number, "_", tomllib.loads(line)[key], [what]


def folded_code(code: str) -> str:
    """A code as it is compared: full-width letters narrow, capitals small."""
    return unicodedata.normalize("NFKC", code).casefold().strip()


def _entry(raw: dict[str, Any], hip_edition: str) -> Code:
    code, severity = folded_code(raw["code"]), raw["severity"]
    wrong = [
        len(code) < 2 or code[-1].isdecimal() or any(c.isspace() or c in "@/?" for c in code),
        severity not in (1, 2, 3, 4),
        raw["category"] not in get_args(Category),
        raw["response"] not in get_args(Response),
    ]
    if any(wrong):
        raise UserError(
            _("The entry {code} of the table of codes is not right.").format(code=code),
            hint=_("The codes of the program stay in use. Check its code, severity, category and response."),
        )
    return Code(
        code, str(raw["name"]), Severity.of_priority(severity), raw["category"], str(raw["event"]),
        raw["response"], str(raw.get("hip", "")), str(hip_edition), str(raw.get("glide", "")),
    )  # fmt: skip


def _once(entries: Iterable[Code]) -> Iterator[Code]:
    met: set[str] = set()
    for entry in entries:
        if entry.code in met:
            raise UserError(
                _("The code {code} stands twice in the table of codes.").format(code=entry.code),
                hint=_("The codes of the program stay in use. Remove one of the two entries."),
            )
        met.add(entry.code)
        yield entry
