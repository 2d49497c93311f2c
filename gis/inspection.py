"""What a file or folder is, what is in it and what is wrong with it: in words, changing nothing."""

from pathlib import Path

from gis.clock import SystemClock
from gis.errors import UserError
from gis.exchange import cap_reading
from gis.exchange.cap import Alert
from gis.exchange.raster.answers import RasterFacts
from gis.exchange.vector.answers import LayerFacts
from gis.exchange.vector.reader import Reader
from gis.model.drawing import Drawing
from gis.model.incident import Incident
from gis.model.sensor import Sensor
from gis.progress import Progress
from gis.store import Store, checkup
from gis.store.guards import passport
from gis.store.operation import SUFFIX, desk_file
from gis.sync import package
from gis.texts import _, ngettext


def inspect(path: Path) -> list[str]:
    """Sentences about an operation's folder, a field package, a CAP alert or a map file.

    Raises `UserError` when it is none of these, or is damaged.
    """
    if path.is_dir():
        return operation(path)
    if path.suffix == package.SUFFIX:
        return field_package(path)
    if path.suffix.lower() in (".xml", ".cap"):
        return alert(path)
    return map_file(path)


def operation(folder: Path) -> list[str]:
    """Raises `UserError` naming every fault found."""
    if not desk_file(folder).is_file():
        raise UserError(
            _("{name} is a folder, but not an operation of this program.").format(name=folder.name),
            hint=_("Name a file, or a folder ending in {suffix}.").format(suffix=SUFFIX),
        )
    passport.read(folder)  # what is not ours to read is no fault of it
    found = checkup.faults(folder)
    if found:
        raise UserError(
            _("{name} is damaged: {faults}").format(name=folder.name, faults=" ".join(found)),
            hint=_("It was left as it is. Keep this folder, and go on from a backup of it."),
        )
    store = Store.open(folder, clock=SystemClock(), author="")
    try:
        return _about(store)
    finally:
        store.close()


def _about(store: Store) -> list[str]:
    about = store.operation
    with store.reading() as query:
        incidents, sensors, drawn = query.find(Incident), query.find(Sensor), query.find(Drawing)
        disputed = len(query.disputed())
    still_open = sum(incident.is_open for incident in incidents)
    return [
        _("An operation of {city}, desk {desk}.").format(city=about.city, desk=about.desk),
        *([_("It is an EXERCISE: nothing in it is real.")] if about.exercise else []),
        *([store.read_only] if store.read_only else []),
        *store.findings,
        ngettext("{count} incident, {open} open.", "{count} incidents, {open} open.", len(incidents)).format(
            count=len(incidents), open=still_open
        ),
        ngettext("{count} instrument.", "{count} instruments.", len(sensors)).format(count=len(sensors)),
        *([_("Drawings on the map: {count}.").format(count=len(drawn))] if drawn else []),
        ngettext(
            "{count} record waits for a decision between two desks.",
            "{count} records wait for a decision between two desks.",
            disputed,
        ).format(count=disputed),
        _("Both files are whole, the journal is unaltered, and every record is what the journal says."),
    ]


def field_package(path: Path) -> list[str]:
    found = package.unpack(path).manifest
    return [
        _("A field package of {city}, desk {desk}, made by {author} at {time}.").format(
            city=found.city, desk=found.desk, author=found.author or "?", time=found.made_at
        ),
        *([_("It comes from an EXERCISE: nothing in it is real.")] if found.exercise else []),
        ngettext("{count} edit, unharmed.", "{count} edits, unharmed.", found.edits).format(
            count=found.edits
        ),
    ]


def alert(path: Path) -> list[str]:
    try:
        content = path.read_bytes() if path.stat().st_size <= cap_reading.LARGEST else b""
    except OSError as error:
        raise _unreadable(path, error) from error
    opened = cap_reading.read(content)
    count = len(opened.alerts)
    heading = ngettext("{count} CAP alert.", "{count} CAP alerts.", count).format(count=count)
    return [heading, *(line for each in opened.alerts for line in _alert_lines(each)), *opened.deviations]


def _alert_lines(alert: Alert) -> list[str]:
    sent = alert.sent.isoformat() if alert.sent else "?"
    heading = _("{identifier} from {sender}, sent {time}: {status} {kind}.").format(
        identifier=alert.identifier,
        sender=alert.sender,
        time=sent,
        status=alert.status,
        kind=alert.message_type,
    )
    return [heading, *(f"  {notice.severity}: {notice.headline or notice.event}" for notice in alert.notices)]


def map_file(path: Path) -> list[str]:
    reader = Reader(workers=1)
    try:
        found = reader.inspect(path, Progress())
    finally:
        reader.close()
    count = len(found.layers) + len(found.rasters)
    sentences = [ngettext("{format}, {count} layer.", "{format}, {count} layers.", count)]
    sentences[0] = sentences[0].format(format=found.format, count=count)
    sentences += [line for layer in found.layers for line in _layer_lines(layer)]
    return [*sentences, *(line for raster in found.rasters for line in _raster_lines(raster))]


def _raster_lines(raster: RasterFacts) -> list[str]:
    heading = _("{name}: {what}; coordinates: {crs}; {finest:.3g} m per pixel.").format(
        name=raster.name, what=raster.what, crs=raster.crs, finest=raster.finest
    )
    credit = [_("  To be named: {credit}").format(credit=raster.credit)] if raster.credit else []
    return [heading, *credit, *(f"  {finding}" for finding in raster.findings)]


def _layer_lines(layer: LayerFacts) -> list[str]:
    heading = _("{name}: {count} {geometry}; coordinates: {crs}; texts: {encoding}.").format(
        name=layer.name, count=layer.count, geometry=layer.geometry, crs=layer.crs, encoding=layer.encoding
    )
    fields = ", ".join(f"{field.name} ({field.kind})" for field in layer.fields)
    role = [_("  It looks like: {role}.").format(role=layer.role)] if layer.role else []
    columns = [_("  Columns: {columns}").format(columns=fields)] if fields else []
    return [heading, *role, *columns, *(f"  {finding}" for finding in layer.findings)]


def _unreadable(path: Path, error: OSError) -> UserError:
    return UserError(
        _("{name} cannot be read.").format(name=path.name),
        hint=_("It was left as it is. Reason: {reason}").format(reason=error.strerror),
    )
