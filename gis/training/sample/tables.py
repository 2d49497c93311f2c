"""The sample night as CSV tables."""

import csv
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from gis.geo.crs import transform
from gis.training.sample.callers import Call, Update
from gis.training.sample.folder import FEEDS
from gis.training.sample.instruments import Instrument, Limit, Report
from gis.training.sample.rhythms import Post, Word


def write_table(path: Path, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """A CSV file in UTF-8 with a header; None is an empty cell."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def write_sensors(path: Path, instruments: list[Instrument], epsg: int) -> None:
    places = transform(np.array([i.xy for i in instruments]), epsg).round(6).tolist()
    header = ("key", "name", "quantity", "unit", "lon", "lat", "expected_every_s", "low", "high")
    rows = [
        (i.key, i.name, i.quantity, i.unit, lon, lat, i.every_s, i.low, i.high)
        for i, (lon, lat) in zip(instruments, places, strict=True)
    ]
    write_table(path, header, rows)


def write_rules(path: Path, limits: list[Limit]) -> None:
    header = ("key", "level", "severity", "raise_at", "clear_below", "hold_s")
    rows = [(r.key, r.level, r.severity.value, r.raise_at, r.clear_below, r.hold_s) for r in limits]
    write_table(path, header, rows)


def write_feed(folder: Path, reports: list[Report], start: datetime) -> None:
    """One file for each class of instruments, in order of time."""
    folder.mkdir()
    for name, quantity in FEEDS.items():
        rows = [
            (hour, report.instrument.key, value)
            for report in reports
            if report.instrument.quantity == quantity
            for hour, value in zip(report.hour.tolist(), report.value.tolist(), strict=True)
        ]
        rows.sort()
        stamp = {hour: (start + timedelta(seconds=round(hour * 3600))).isoformat() for hour, _, _ in rows}
        write_table(
            folder / name, ("key", "time", "value"), [(key, stamp[h], value) for h, key, value in rows]
        )


def write_incidents(path: Path, calls: list[Call], epsg: int) -> None:
    places = transform(np.array([call.xy for call in calls]), epsg).round(6).tolist()
    header = ("key", "time", "code", "severity", "where", "lon", "lat", "text", "affected", "source")
    rows = [
        (c.key, c.time.isoformat(), c.code, c.severity, c.where, lon, lat, c.text, c.affected, c.source)
        for c, (lon, lat) in zip(calls, places, strict=True)
    ]
    write_table(path, header, rows)


def write_updates(path: Path, updates: list[Update]) -> None:
    header = ("key", "time", "action", "field", "value")
    write_table(path, header, [(u.key, u.time.isoformat(), u.action, u.field, u.value) for u in updates])


def write_reporting(path: Path, posts: list[Post], epsg: int) -> None:
    header = ("name", "contact", "every", "kind", "people", "hazard", "lon", "lat")
    rows = [(p.name, p.contact, p.every, p.kind, p.people, p.hazard, *_degrees(p, epsg)) for p in posts]
    write_table(path, header, rows)


def _degrees(post: Post, epsg: int) -> list[float | None]:
    return [None, None] if post.xy is None else transform(post.xy[None], epsg)[0].round(6).tolist()


def write_reports(path: Path, words: list[Word]) -> None:
    header = ("time", "kind", "name", "answered")
    rows = [(w.time.isoformat(), w.kind, w.name, "yes" if w.answered else "no") for w in words]
    write_table(path, header, rows)
