"""Writing a report in every form into one folder, each file whole or not at all."""

import json
import logging
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC
from hashlib import sha256
from pathlib import Path

from gis.errors import Cancelled, UserError
from gis.exchange import cap, geojson, gpkg, sheet
from gis.lasting import put_in_place
from gis.progress import Progress
from gis.report import datafile, html, pdf
from gis.report.alerts import alerts_of
from gis.report.content import MapLayer, SitrepContent
from gis.report.tables import features_of, incident_row, report_row, tables_of
from gis.texts import _

log = logging.getLogger(__name__)
_NOT_IN_NAMES = re.compile(r"[^\w.-]+")

Maker = Callable[[Path], None]


@dataclass(frozen=True, slots=True)
class Made:
    """A file that is there: where, how large, and its SHA-256 in hex."""

    path: Path
    size: int
    digest: str


@dataclass(frozen=True, slots=True)
class Failed:
    """A form that could not be made, and why, in words for the person who waits for it."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Published:
    """What came of publishing a report. `failed` is empty when every form was made."""

    folder: Path
    made: tuple[Made, ...]
    failed: tuple[Failed, ...]


def publish(
    content: SitrepContent, layers: Sequence[MapLayer], folder: Path, progress: Progress | None = None
) -> Published:
    """Write the report as a folder of its own inside `folder`; a form that fails does not stop the others.

    Raises UserError when the folder cannot be made, and Cancelled between two forms when stopped.
    """
    progress = progress or Progress()
    home = _home(content, folder)
    outcomes: list[Made | Failed] = []
    forms = list(_forms(content, layers))
    for number, (name, make) in enumerate(forms):
        progress.step(number, len(forms), name)
        outcomes.append(_make(home / name, make))
    progress.step(len(forms), len(forms))
    published = _sorted(home, outcomes)
    outcomes.append(_make(home / "manifest.json", _bytes(lambda: _manifest(content, published))))
    return _sorted(home, outcomes)


def _sorted(home: Path, outcomes: Sequence[Made | Failed]) -> Published:
    return Published(
        home,
        tuple(outcome for outcome in outcomes if isinstance(outcome, Made)),
        tuple(outcome for outcome in outcomes if isinstance(outcome, Failed)),
    )


def name_of(content: SitrepContent) -> str:
    """The folder's name: "Sitrep 003 2026-03-14 2300Z", with EXERCISE before it where it is one."""
    name = f"Sitrep {content.number:03d} {content.as_of.astimezone(UTC):%Y-%m-%d %H%MZ}"
    return f"EXERCISE {name}" if content.exercise else name


def _home(content: SitrepContent, folder: Path) -> Path:
    home = folder / name_of(content)
    try:
        home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(
            _("The folder {name} cannot be written: {reason}").format(name=home, reason=error.strerror),
            hint=_("The report itself is safe in the operation. Choose another folder."),
        ) from error
    return home


def _forms(content: SitrepContent, layers: Sequence[MapLayer]) -> Iterator[tuple[str, Maker]]:
    stem = f"sitrep-{content.number:03d}"
    yield f"{stem}.pdf", _bytes(lambda: pdf.write(content, layers))
    yield f"{stem}.html", _bytes(lambda: html.write(content, layers))
    yield f"{stem}.gpkg", lambda path: gpkg.write_layers(path, tables_of(content))
    yield f"{stem}.geojson", _bytes(lambda: geojson.write(features_of(content), report=report_row(content)))
    yield f"{stem}.csv", _bytes(lambda: _sheet(content))
    yield f"{stem}.json", _bytes(lambda: datafile.write(content))
    for incident, alert in alerts_of(content):
        name = _NOT_IN_NAMES.sub("-", f"{stem}-{incident.number}")
        yield f"{name}.cap.xml", _bytes(lambda alert=alert: cap.write(alert))


def _sheet(content: SitrepContent) -> bytes:
    rows = [incident_row(line) for line in content.incidents]
    head = list(rows[0]) if rows else ["number"]
    return sheet.write(head, ([geojson.json_value(value) for value in row.values()] for row in rows))


def _bytes(write: Callable[[], bytes]) -> Maker:
    def make(path: Path) -> None:
        path.write_bytes(write())

    return make


def _make(path: Path, make: Maker) -> Made | Failed:
    part = path.with_name(f"part-{path.name}")
    try:
        make(part)
        with part.open("rb") as written:
            content = written.read()
        put_in_place(part, path)
        return Made(path, len(content), sha256(content).hexdigest())
    except Cancelled:
        raise
    except UserError as error:
        return Failed(path.name, str(error))
    except OSError as error:
        return Failed(path.name, error.strerror or str(error))
    except Exception as error:  # an edge: one form that fails must not take the others with it
        log.exception("%s could not be made", path.name)
        return Failed(path.name, _("An error of this program: {reason}").format(reason=error))
    finally:
        _sweep(part)


def _sweep(part: Path) -> None:
    """Take away what was half written; on a disk that has gone away there is nothing to take."""
    try:
        part.unlink(missing_ok=True)
    except OSError as error:
        log.info("%s stays behind: %s", part, error)


def _manifest(content: SitrepContent, published: Published) -> bytes:
    """What belongs to the report, so that whoever receives it can tell that it is whole."""
    values = {
        **report_row(content),
        "files": [
            {"name": made.path.name, "bytes": made.size, "sha256": made.digest} for made in published.made
        ],
        "not_made": [{"name": failed.name, "reason": failed.reason} for failed in published.failed],
    }
    text = json.dumps(geojson.json_value(values), ensure_ascii=False, indent=1, allow_nan=False)
    return text.encode("utf-8", "replace")
