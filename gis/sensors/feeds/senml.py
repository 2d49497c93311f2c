"""Sensor Measurement Lists in JSON (RFC 8428): what each record of a pack claims."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from gis.sensors.feeds.strict import since_1970
from gis.texts import _

_NAME = re.compile(r"[A-Za-z0-9][-A-Za-z0-9:./_]*")
_BETWEEN = ":/._-"  # an instrument's name and that of what it measures
_VERSION = 10
_RELATIVE = 2**28  # seconds: what is less counts from now (RFC 8428, 4.5.3)
_KNOWN = frozenset({"bn", "bt", "bu", "bv", "bs", "bver", "n", "u", "v", "vs", "vb", "vd", "s", "t", "ut"})
_VALUES = ("v", "vb", "vs", "vd")


@dataclass(frozen=True, slots=True)
class Claim:
    """One measurement as a message has it, before anybody believed it.

    `value` is a float, a bool, text, or None where it is nothing of that kind; `time` None (not said), a
    moment, or as it was written; `key` None where the message does not say whose it is; `unit` "" where it
    names none.
    """

    value: Any
    time: Any = None
    key: str | None = None
    unit: str = ""


def claims(pack: Any, measurement: str, came: datetime) -> Iterator[Claim]:
    """What the records of a pack (parsed JSON) claim, the base fields before them worked in.

    Times below 2**28 count from `came`. Where `measurement` is given, only records of that name are there,
    and the key is what stands before it. Raises `ValueError` for a pack that must not be used: of a newer
    version, or with a field that has to be understood (its name ends with _) and is not.
    """
    if not isinstance(pack, list) or not all(isinstance(each, dict) for each in pack):
        raise ValueError(_("This is no SenML: it begins with [ and holds records."))
    base: dict[str, Any] = {}
    for record in pack:
        _check(record)
    for record in pack:
        base |= {name: value for name, value in record.items() if name.startswith("b") and name in _KNOWN}
        if any(name in record for name in _VALUES) or ("bv" in base and "n" in record and "s" not in record):
            yield from _claim(record, base, measurement, came)


def _check(record: dict[str, Any]) -> None:
    """Raises `ValueError` for a record that is not to be used, and the pack with it."""
    if unknown := [name for name in record if name.endswith("_") and name not in _KNOWN]:
        reason = _("The pack has a field that has to be understood and is not: {name}.")
        raise ValueError(reason.format(name=unknown[0][:80]))
    for name in ("bt", "bv", "bs", "bver", "v", "s", "t", "ut"):
        if not isinstance(record.get(name, 0.0), float):
            raise ValueError(_("{name} of a SenML record is a number.").format(name=name))
    for name in ("bn", "bu", "n", "u"):
        if not isinstance(record.get(name, ""), str):
            raise ValueError(_("{name} of a SenML record is a text.").format(name=name))
    if record.get("bver", 0.0) > _VERSION:
        raise ValueError(_("The pack is of a version of SenML that is not known here."))
    if sum(name in record for name in _VALUES) > 1:
        raise ValueError(_("A SenML record has one value."))


def _claim(record: dict[str, Any], base: dict[str, Any], measurement: str, came: datetime) -> Iterator[Claim]:
    name = base.get("bn", "") + record.get("n", "")
    if not _NAME.fullmatch(name):
        raise ValueError(_("A SenML record has no name that SenML allows."))
    key = _owner(name, measurement)
    if key is None:
        return
    value = record.get("v", record.get("vb"))
    if value is None and not ("vs" in record or "vd" in record):
        value = 0.0
    if isinstance(value, float):
        value += base.get("bv", 0.0)
    seconds = base.get("bt", 0.0) + record.get("t", 0.0)
    at = came + timedelta(seconds=seconds) if abs(seconds) < _RELATIVE else since_1970(seconds)
    yield Claim(value, at, key, record.get("u", base.get("bu", "")))


def _owner(name: str, measurement: str) -> str | None:
    """Whose measurement it is; None when it is another one than what is asked for."""
    if not measurement:
        return name
    if not name.endswith(measurement):
        return None
    return name.removesuffix(measurement).rstrip(_BETWEEN)
