"""The report as data: one canonical JSON file, whose SHA-256 is the report's digest."""

import json
from dataclasses import fields, is_dataclass
from datetime import timedelta
from enum import Enum
from hashlib import sha256
from typing import Any

from shapely.geometry.base import BaseGeometry

from gis.exchange.geojson import geometry_of, json_value
from gis.report.content import SitrepContent

FORMAT = 1


def write(content: SitrepContent) -> bytes:
    """Everything the report says, one spelling for one content: sorted names, UTC times, no blanks."""
    values = {"format": FORMAT, "kind": "kentongan situation report"} | _plain(content)
    del values["digest"]
    text = json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.encode("utf-8", "replace")


def digest_of(content: SitrepContent) -> str:
    return sha256(write(content)).hexdigest()


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, BaseGeometry):
        return geometry_of(value)
    if isinstance(value, tuple | list):
        return [_plain(part) for part in value]
    return _scalar(value)


def _scalar(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, timedelta):
        return value.total_seconds()
    return json_value(value)
