"""What a source gave when it was tried: as it came, and what would become of it."""

from collections.abc import Iterable
from dataclasses import dataclass

from gis.model.sensor import Sensor
from gis.sensors.feeds.broker import MqttSource, Routes, taken
from gis.sensors.feeds.feed import Batch
from gis.sensors.feeds.preview import LINES, Looked, Preview
from gis.sensors.feeds.trial import Trial
from gis.texts import _, ngettext


@dataclass(frozen=True, slots=True)
class Tried:
    """In sentences, and line by line as it came; `trouble` where it gave nothing, or not all of it."""

    words: str
    lines: tuple[Looked, ...] = ()
    trouble: str = ""


def of_table(found: Preview) -> Tried:
    """The beginning of a table."""
    if found.trouble:
        return Tried("", found.lines, found.trouble)
    return Tried(_("{file}: {counts}").format(file=found.file, counts=_counted(found.lines)), found.lines)


def of_messages(source: MqttSource, found: Trial, sensors: Iterable[Sensor]) -> Tried:
    """The first messages that a broker sent."""
    routes, lines = Routes(source.bindings, sensors), list[Looked]()
    for number, message in enumerate(found.messages[:LINES], 1):
        readings, rejected = taken(message, source, routes)
        payload = message.payload.decode("utf-8", "backslashreplace")
        reasons = tuple(each.reason for each in rejected)
        lines.append(
            Looked(number, f"{message.topic} {payload}", (message.topic, payload), tuple(readings), reasons)
        )
    if not found.messages and not found.trouble:
        return Tried(_("The broker was reached, and nothing came in the time it was listened to."))
    heard = ngettext("{count} message came", "{count} messages came", len(found.messages))
    counted = _("{heard}; of the first ones: {counts}").format(
        heard=heard.format(count=len(found.messages)), counts=_counted(lines)
    )
    return Tried(counted if found.messages else "", tuple(lines), found.trouble)


def of_server(words: Iterable[str], batch: Batch) -> Tried:
    """The first readings of a server, and what of it could not be read."""
    taken_in = [
        Looked(number, "", (), (reading,)) for number, reading in enumerate(batch.readings[:LINES], 1)
    ]
    aside = [
        Looked(number, reject.text[:200], (), (), (reject.reason,))
        for number, reject in enumerate(batch.rejected[:LINES], len(taken_in) + 1)
    ]
    return Tried(" ".join(words), (*taken_in, *aside))


def _counted(lines: Iterable[Looked]) -> str:
    found = tuple(lines)
    taken_in, aside = sum(len(line.readings) for line in found), sum(bool(line.reasons) for line in found)
    readings = ngettext("{count} reading", "{count} readings", taken_in).format(count=taken_in)
    lines_aside = ngettext("{count} line would be set aside", "{count} lines would be set aside", aside)
    return _("{readings}, {aside}.").format(readings=readings, aside=lines_aside.format(count=aside))
