"""The second face: the same verbs without a window, for scripts, servers and the first look at a file."""

import argparse
import io
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, closing, nullcontext
from dataclasses import dataclass
from datetime import time
from pathlib import Path

from gis import settings
from gis.clock import ManualClock, SystemClock
from gis.errors import Cancelled, UserError
from gis.exchange import sheet
from gis.model.sensor import Sensor
from gis.ops import readings
from gis.progress import Progress
from gis.report.content import MapLayer
from gis.sensors.feeds.feed import Batch, Reject
from gis.sensors.feeds.folder import CsvFormat, read_csv
from gis.settings import Settings
from gis.store import Store
from gis.store.export import export
from gis.store.operation import SUFFIX
from gis.store.second import SecondCopy
from gis.store.second.restore import restore
from gis.store.second.salvage import Remains
from gis.sync import package
from gis.texts import _
from gis.training import player

MapLayers = Callable[[Store], AbstractContextManager[Sequence[MapLayer]]]
_FINE, _WRONG = 0, 1
_SHOWN_REJECTS = 20


@dataclass(frozen=True, slots=True)
class Desk:
    """What every command stands on: who is at work, where things are, and how maps get their layers."""

    home: settings.Home
    settings: Settings
    map_layers: MapLayers


def main(argv: Sequence[str] | None = None, *, map_layers: MapLayers | None = None) -> int:
    """Run one command. Returns 0 when all is well and 1 when something is wrong with what was given.

    Raises `SystemExit`, with 2 for a mistaken command line and 0 after --help, as argparse does.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a console that lacks a letter still shows the rest
    arguments = _parser().parse_args(argv)
    try:
        home = settings.home()
        chosen = Settings() if arguments.command == "doctor" else settings.read(home.settings_file)
        return arguments.run(Desk(home, chosen, map_layers or _no_layers), arguments)
    except UserError as error:
        _complain(str(error), error.hint)
    except Cancelled:
        _complain(_("Stopped."))
    except BrokenPipeError:  # whoever read our words has seen enough; the last flush needs somewhere to go
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _FINE
    return _WRONG


def _no_layers(_store: Store) -> AbstractContextManager[Sequence[MapLayer]]:
    return nullcontext(())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="kentongan", description="A city's control desk, without a window.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, run, about, arrange in (
        ("demo", _demo, "build the sample city, play its flood night and report on it", _demo_arguments),
        ("check", _check, "say what a file or operation holds and what is wrong with it", _check_arguments),
        ("ingest", _ingest, "take readings from CSV files into an operation", _ingest_arguments),
        ("sitrep", _sitrep, "freeze and publish the next situation report", _sitrep_arguments),
        ("backup", _backup, "bring the second copy of an operation up to date", _backup_arguments),
        ("restore", _restore, "make an operation again from its second copy", _restore_arguments),
        (
            "export",
            _export,
            "write an operation as one file for other programs",
            _export_arguments,
        ),
        ("doctor", _doctor, "say whether this computer is fit to run the desk", _no_arguments),
    ):
        command = commands.add_parser(name, help=about, description=about)
        command.set_defaults(run=run)
        arrange(command)
    return parser


def _no_arguments(_command: argparse.ArgumentParser) -> None:
    """A command that needs none."""


def _demo_arguments(command: argparse.ArgumentParser) -> None:
    folder = Path("kentongan-demo")
    command.add_argument("folder", nargs="?", type=Path, default=folder, help=f"default: {folder}")
    about = "play to this time of the night, in the city's own time; default: 05:40"
    command.add_argument("--at", type=time.fromisoformat, default=time(5, 40), metavar="HH:MM", help=about)


def _demo(desk: Desk, arguments: argparse.Namespace) -> int:
    from gis.training import night  # grows a city, which no other command needs

    city, exercise = arguments.folder / "city", arguments.folder / f"sample{SUFFIX}"
    author = settings.person(desk.settings)
    progress = Progress(_telling())
    playing = night.open_night(city, exercise, author=author, at=arguments.at, progress=progress)
    try:
        playing.clock.pause()
        _say([_("City: {folder}").format(folder=city), _("Exercise: {folder}").format(folder=exercise)])
        return _publish(desk, playing.store, arguments.folder / "reports", "")
    finally:
        playing.store.close()


def _telling() -> Callable[[int, int, str], None]:
    """Says what is being done, each thing once."""
    told: set[str] = set()

    def tell(_done: int, _total: int, note: str) -> None:
        if note not in told:
            told.add(note)
            _say([note])

    return tell


def _check_arguments(command: argparse.ArgumentParser) -> None:
    about = "a map file, a CAP alert, a field package or an operation's folder"
    command.add_argument("file", type=Path, metavar="FILE", help=about)


def _check(_desk: Desk, arguments: argparse.Namespace) -> int:
    from gis import inspection  # starts with GDAL, which no other command needs

    _say(inspection.inspect(arguments.file))
    return _FINE


def _ingest_arguments(command: argparse.ArgumentParser) -> None:
    usual = CsvFormat()
    command.add_argument("operation", type=Path, metavar="OPERATION", help="the operation's folder")
    command.add_argument("files", type=Path, nargs="+", metavar="CSV", help="files of readings")
    command.add_argument("--separator", default=usual.separator, help="between columns; 'tab' for a tab")
    command.add_argument("--decimal", default=usual.decimal, help="the decimal sign: . or ,")
    command.add_argument("--timezone", help="of times without an offset; default: the operation's")
    command.add_argument("--time-pattern", default="", help="as %%d/%%m/%%Y %%H:%%M; default: ISO 8601")
    command.add_argument("--time-column", default=usual.time_column)
    command.add_argument("--key-column", default=usual.key_column)
    command.add_argument("--value-column", default=usual.value_column)
    command.add_argument("--wide", action="store_true", help="one column for each instrument")
    command.add_argument("--encoding", default=usual.encoding)
    command.add_argument(
        "--rejects", type=Path, metavar="FILE", help="write the lines set aside to a CSV file"
    )


def _ingest(desk: Desk, arguments: argparse.Namespace) -> int:
    store = _open(desk, arguments.operation)
    try:
        form = _format(arguments, store.operation.timezone)
        rejected: list[Reject] = []
        try:
            for file in arguments.files:
                rejected += _ingest_file(store, file, form)
            store.seal(Progress())
        finally:
            _tell_rejects(rejected, arguments.rejects)
    finally:
        store.close()
    return _WRONG if rejected else _FINE


def _tell_rejects(rejected: Sequence[Reject], path: Path | None) -> None:
    if path:
        _write_rejects(path, rejected)
    for reject in rejected[:_SHOWN_REJECTS]:
        _complain(f"{reject.source}:{reject.line}: {reject.reason}", reject.text)
    if len(rejected) > _SHOWN_REJECTS:
        _complain(_("... and {count} more.").format(count=len(rejected) - _SHOWN_REJECTS))


def _format(arguments: argparse.Namespace, timezone: str) -> CsvFormat:
    return CsvFormat(
        separator="\t" if arguments.separator == "tab" else arguments.separator,
        decimal=arguments.decimal,
        timezone=arguments.timezone or timezone,
        time_pattern=arguments.time_pattern,
        time_column=arguments.time_column,
        key_column="" if arguments.wide else arguments.key_column,
        value_column=arguments.value_column,
        encoding=arguments.encoding,
    )


def _open(desk: Desk, folder: Path) -> Store:
    """An operation as it stands now; an exercise at the time its night has reached."""
    store = Store.open(folder, clock=SystemClock(), author=settings.person(desk.settings))
    if store.operation.exercise and (moment := player.moment_of(store)):
        store.clock = ManualClock(moment)
    return store


def _ingest_file(store: Store, file: Path, form: CsvFormat) -> Sequence[Reject]:
    with store.reading() as query:
        batch: Batch = read_csv(file, query.find(Sensor), form, query.at)
    moved = readings.take_in(store, batch, file.name, Progress())
    _say([batch.told(file.name, moved)])
    return batch.rejected


def _write_rejects(path: Path, rejected: Iterable[Reject]) -> None:
    try:
        rows = ((each.source, each.line, each.reason, each.text) for each in rejected)
        path.write_bytes(sheet.write(("source", "line", "reason", "raw"), rows))
    except OSError as error:
        raise UserError(
            _("{file} cannot be written: {reason}.").format(file=path, reason=error.strerror),
            hint=_("The readings are in the operation; the lines set aside are only shown here."),
        ) from error


def _sitrep_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument("operation", type=Path, metavar="OPERATION", help="the operation's folder")
    command.add_argument("-o", "--out", type=Path, required=True, metavar="FOLDER", help="where to put it")
    command.add_argument("--assessment", default="", help="the officer's own words")


def _sitrep(desk: Desk, arguments: argparse.Namespace) -> int:
    store = _open(desk, arguments.operation)
    try:
        return _publish(desk, store, arguments.out, arguments.assessment)
    finally:
        store.close()


def _publish(desk: Desk, store: Store, out: Path, assessment: str) -> int:
    from gis.report import files, freeze  # starts with typst and folium, which no other command needs

    with store.writing(_("Situation report")) as tx:
        content = freeze.freeze(tx, assessment=assessment)
    with desk.map_layers(store) as layers:
        published = files.publish(content, layers, out, Progress())
    _say([_("Situation report {number}: {folder}").format(number=content.number, folder=published.folder)])
    _say(f"  {made.path.name} ({made.size} B)" for made in published.made)
    for failed in published.failed:
        _complain(f"{failed.name}: {failed.reason}")
    return _WRONG if published.failed else _FINE


def _backup_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument("operation", type=Path, metavar="OPERATION", help="the operation's folder")
    command.add_argument("folder", type=Path, metavar="FOLDER", help="on another disk or a stick")


def _backup(desk: Desk, arguments: argparse.Namespace) -> int:
    store = _open(desk, arguments.operation)
    try:
        with closing(SecondCopy(store, arguments.folder)) as copy:
            state = copy.step(Progress(_telling()))
    finally:
        store.close()
    if state.same_disk:
        _complain(_("{folder} lies on the same disk as the operation.").format(folder=arguments.folder))
    if state.problem:
        _complain(state.problem)
        return _WRONG
    _say([_("Second copy: {folder}, nothing is missing.").format(folder=state.folder)])
    return _FINE


def _restore_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument("copy", type=Path, metavar="COPY", help="a second copy, or the folder it lies in")
    command.add_argument("folder", type=Path, metavar="FOLDER", help=f"the new operation, ending in {SUFFIX}")
    about = "a damaged operation; what can still be read of it is added"
    command.add_argument("--damaged", type=Path, action="append", default=[], metavar="OPERATION", help=about)
    about = "a field package; what the copy lacks is added"
    command.add_argument("--package", type=Path, action="append", default=[], metavar="FILE", help=about)


def _restore(_desk: Desk, arguments: argparse.Namespace) -> int:
    packages = [package.unpack(path) for path in arguments.package]
    found = Remains(
        tuple(edit for each in packages for edit in each.edits),
        tuple(value for each in packages for value in each.personal),
    )
    made = restore(
        arguments.copy, arguments.folder, Progress(_telling()), damaged=arguments.damaged, found=found
    )
    for remark in made.remarks:
        _complain(remark)
    _say(made.report())
    return _WRONG if made.remarks or made.missing else _FINE


def _export_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument("operation", type=Path, metavar="OPERATION", help="the operation's folder")
    command.add_argument("file", type=Path, metavar="FILE", help="the GeoPackage to write, ending in .gpkg")
    command.add_argument("--personal", action="store_true", help="with what is said about private persons")


def _export(desk: Desk, arguments: argparse.Namespace) -> int:
    store = _open(desk, arguments.operation)
    try:
        made = export(store, arguments.file, Progress(_telling()), personal=arguments.personal)
    finally:
        store.close()
    _say([f"{made} ({made.stat().st_size} B)"])
    return _FINE


def _doctor(desk: Desk, _arguments: argparse.Namespace) -> int:
    from gis import doctor  # starts with GDAL, which no other command needs

    findings = doctor.examine(desk.home)
    _say(f"{'ok' if finding.fit else '!!':3}{finding.text}" for finding in findings)
    return _FINE if all(finding.fit for finding in findings) else _WRONG


def _say(lines: Iterable[str]) -> None:
    for line in lines:
        print(_shown(line))


def _complain(message: str, hint: str = "") -> None:
    print(_shown(message), file=sys.stderr)
    if hint:
        print(f"  {_shown(hint)}", file=sys.stderr)


def _shown(text: str) -> str:
    """Without what would steer a terminal: text from files is hostile."""
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text)
