"""A folder another city can open: every form, whole, with its sum."""

import json
from hashlib import sha256

import pyogrio
import pyogrio.raw
import pytest

from gis.errors import Cancelled, UserError
from gis.exchange import cap_reading
from gis.progress import Progress
from gis.report import datafile
from gis.report.content import IncidentLine
from gis.report.files import publish
from tests.gis.exchange.test_gpkg import pass_the_checker
from tests.gis.report.night import FLOOD, a_report, an_incident, city_layers


def test_a_report_leaves_in_every_form_with_a_sum_for_each(tmp_path):
    content = a_report()
    published = publish(content, city_layers(), tmp_path)
    assert published.failed == ()
    assert published.folder.name == "EXERCISE Sitrep 003 2026-03-14 2300Z"
    names = {made.path.name for made in published.made}
    assert names == {path.name for path in published.folder.iterdir()}
    assert {
        "sitrep-003.pdf",
        "sitrep-003.html",
        "sitrep-003.gpkg",
        "sitrep-003.geojson",
        "sitrep-003.csv",
    } < names
    manifest = json.loads((published.folder / "manifest.json").read_bytes())
    assert manifest["digest"] == content.digest
    assert {entry["name"] for entry in manifest["files"]} == names - {"manifest.json"}
    for entry in manifest["files"]:
        written = (published.folder / entry["name"]).read_bytes()
        assert (len(written), sha256(written).hexdigest()) == (entry["bytes"], entry["sha256"])
    data = (published.folder / "sitrep-003.json").read_bytes()
    assert sha256(data).hexdigest() == content.digest
    assert data == datafile.write(content)


def test_other_programs_read_the_facts(tmp_path):
    content = a_report()
    folder = publish(content, city_layers(), tmp_path).folder
    package = folder / "sitrep-003.gpkg"
    pass_the_checker(package)
    assert {name for name, _kind in pyogrio.list_layers(package)} == {
        "incidents",
        "sensors",
        "alarms",
        "report",
    }
    for path, layer in ((package, "incidents"), (folder / "sitrep-003.geojson", None)):
        meta, _fids, _geometry, columns = pyogrio.raw.read(path, layer=layer)
        numbers = set(dict(zip(meta["fields"], columns, strict=True))["number"])
        assert {line.incident.number for line in content.incidents} <= numbers
    alerts = [cap_reading.read(path.read_bytes()) for path in folder.glob("*.cap.xml")]
    assert len(alerts) == 7
    assert {alert.status for opened in alerts for alert in opened.alerts} == {"Exercise"}


def test_a_spreadsheet_runs_no_formula_from_a_report(tmp_path):
    lines = tuple(
        IncidentLine(an_incident(n, text=t), FLOOD) for n, t in enumerate(("=1+1", " @SUM(A1)", "-5"), 1)
    )
    folder = publish(a_report(incidents=lines), (), tmp_path).folder
    sheet = (folder / "sitrep-003.csv").read_text("utf-8-sig")
    assert "'=1+1" in sheet
    assert "' @SUM" in sheet
    assert ",=" not in sheet


def test_one_form_that_fails_does_not_stop_the_others(tmp_path):
    content = a_report()
    home = tmp_path / "EXERCISE Sitrep 003 2026-03-14 2300Z"
    (home / "sitrep-003.html").mkdir(parents=True)
    published = publish(content, (), tmp_path)
    (failed,) = published.failed
    assert failed.name == "sitrep-003.html"
    assert failed.reason
    assert any(made.path.suffix == ".pdf" for made in published.made)
    manifest = json.loads((home / "manifest.json").read_bytes())
    assert [entry["name"] for entry in manifest["not_made"]] == ["sitrep-003.html"]
    assert not list(home.glob("part-*"))


def test_published_again_it_is_replaced_whole(tmp_path):
    first = publish(a_report(), (), tmp_path)
    again = publish(a_report(), (), tmp_path)
    sums = [
        {made.path.name: made.digest for made in each.made if made.path.suffix != ".gpkg"}
        for each in (first, again)
    ]
    assert {k: v for k, v in sums[0].items() if k != "manifest.json"} == {
        k: v for k, v in sums[1].items() if k != "manifest.json"
    }


def test_a_folder_that_cannot_be_made_is_said(tmp_path):
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(UserError, match="cannot be written"):
        publish(a_report(), (), tmp_path / "taken")


def test_publishing_stops_when_told(tmp_path):
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        publish(a_report(), (), tmp_path, progress)


def test_progress_counts_the_forms(tmp_path):
    told = []
    publish(a_report(), (), tmp_path, Progress(lambda done, total, note: told.append((done, total, note))))
    assert told[0][2] == "sitrep-003.pdf"
    assert told[-1][0] == told[-1][1]
    assert [done for done, _total, note in told if note] == list(range(len(told) - 1))
