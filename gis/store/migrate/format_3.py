"""From format 2 to format 3: what is drawn on the map has a table beside the other records."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from gis.model.drawing import Drawing
from gis.progress import Progress
from gis.store import derive
from gis.store.migrate.arrived import RECORDS, SAID, unlike
from gis.store.tables import geopackage

_JOURNAL = f"{SAID}, arrival, until, opens"
_BESIDE = ("journal_awaited", "journal_dispute", "journal_chain", "arrival", "personal", "judged", "outside")


def _add_drawings(_folder: Path, desk: Connection, progress: Progress) -> dict[str, Any]:
    """The table, and in it what newer desks have sent of drawings already."""
    geopackage.lay_out(desk)
    derive.make_again(desk, Drawing, progress)
    return {}


def wrong(_folder: Path, copy: Path, desk: Connection, _noted: Mapping[str, Any]) -> list[str]:
    """What beside the new table is not as it was, a sentence each."""
    return unlike(copy, desk, _JOURNAL, (*RECORDS, *_BESIDE))


STEPS = (_add_drawings,)
