"""The door for the desk: layers and their facts out of files that others made."""

import shutil
import tempfile
import threading
from collections.abc import Callable
from dataclasses import asdict, astuple
from itertools import count
from pathlib import Path
from queue import Empty, LifoQueue
from typing import Any

from gis.errors import Cancelled, UserError
from gis.exchange.raster.answers import Look, RasterFacts
from gis.exchange.vector import carry
from gis.exchange.vector.answers import Field, Inspection, LayerFacts, Read, Size, Wanted
from gis.exchange.vector.process import LOOK_EVERY_S, Worker, WorkerLost
from gis.exchange.vector.room import Room, usual_room
from gis.geo.features import Features
from gis.geo.mesh import Frame
from gis.geo.tiles import Matrix
from gis.progress import Progress
from gis.store.guards.strangers import refuse_store
from gis.texts import _

ARRAYS = "arrays"
Arrived = Callable[[Features | None], None]
Heard = Callable[[Path, dict[str, Any]], None]


class Reader:
    """Reads files in worker processes, at most `workers` at a time. Usable from any thread.

    The desk's own process never opens such a file. Close it at the end. `room` is how much of what is read
    may be held.
    """

    def __init__(self, *, workers: int = 2, timeout_s: float = 300.0, room: Room | None = None) -> None:
        self.room = room or usual_room()
        self._timeout_s = timeout_s
        self._folder = Path(tempfile.mkdtemp(prefix="kentongan-"))
        self._numbers = count()
        self._left: tuple[Path, ...] = ()  # folders that could not be deleted yet
        self._closed = threading.Event()
        self._alive: set[Worker] = set()
        self._idle: LifoQueue[Worker | None] = LifoQueue()
        for _each in range(workers):
            self._idle.put(None)

    def warm(self) -> None:
        """Start one process ahead of the first request; returns at once."""
        try:
            place = self._idle.get_nowait()
        except Empty:
            return
        self._idle.put(place or self._started())

    def read(
        self,
        path: Path,
        layer: str | None = None,
        *,
        crs: int,
        progress: Progress,
        encoding: str | None = None,
        bbox: tuple[float, float, float, float] | None = None,
        assume_crs: int | None = None,
    ) -> Read:
        """The layer (the first with shapes if not named) in `crs` (EPSG), whole or what touches `bbox`.

        `bbox` is in `crs`. `encoding` overrides what is found; `assume_crs` stands in where the file does
        not say. Raises UserError (the layer is never half given) or Cancelled.
        """
        wanted = Wanted(crs, layer, encoding, bbox, assume_crs)
        return self.grow(path, wanted, progress, lambda _piece: None)

    def grow(self, path: Path, wanted: Wanted, progress: Progress, arrived: Arrived) -> Read:
        """As `read`; `arrived` is given each piece while the rest is still being read, and None when those so
        far are void and it begins anew."""
        post = _Post(arrived)
        folder, answer = self._ask(_checked(path), {"do": "read"} | asdict(wanted), progress, post.take)
        try:
            if answer["beyond"]:
                post.forget()
            return Read(
                features=post.all(),
                problems=tuple(answer["problems"]),
                layer=answer["layer"],
                encoding=answer["encoding"],
                needs_crs=answer["needs_crs"],
                beyond=_size(answer["beyond"]),
                bytes=answer["bytes"],
            )
        finally:
            self._remove(folder)

    def survey(
        self, path: Path, wanted: Wanted, most: int, progress: Progress
    ) -> tuple[Features, ...] | None:
        """An overview of a whole layer: at most `most` entries of each shape, each with its count, made in
        one pass. None where the layer cannot be read in pieces. Raises UserError or Cancelled."""
        post = _Post(lambda _piece: None)
        asked = {"do": "survey", "most": most} | asdict(wanted)
        folder, answer = self._ask(_checked(path), asked, progress, post.take)
        try:
            return post.all() if answer["simple"] else None
        finally:
            self._remove(folder)

    def inspect(self, path: Path, progress: Progress, *, encoding: str | None = None) -> Inspection:
        """What the file holds and what is wrong with it. Raises UserError or Cancelled."""
        folder, answer = self._ask(_checked(path), {"do": "inspect", "encoding": encoding}, progress)
        shutil.rmtree(folder, ignore_errors=True)
        rasters = tuple(_raster_facts(each) for each in answer["rasters"])
        return Inspection(path, answer["format"], tuple(_facts(each) for each in answer["layers"]), rasters)

    def look(self, path: Path, frame: Frame, *, smooth: bool = True, assume_crs: int | None = None) -> Look:
        """The pixels of a raster on `frame`; `smooth` evens values out between their cells.

        It is short and is not stopped half way: that would end the process that the next look needs.
        Raises UserError.
        """
        return self._seen(_checked(path), frame, {"do": "look", "smooth": smooth, "assume_crs": assume_crs})

    def piece(self, kept: Path, levels: tuple[Matrix, ...], crs: int, frame: Frame) -> Look:
        """The same of the tiles of a service that are kept in a folder; `levels` and `crs` are the service's.
        Raises UserError."""
        tiles = {"levels": [astuple(each) for each in levels], "plane": crs}
        return self._seen(kept, frame, {"do": "piece", **tiles})

    def _seen(self, path: Path, frame: Frame, wanted: dict[str, Any]) -> Look:
        frame_of = {"crs": frame.crs, "box": frame.box, "size": (frame.width, frame.height)}
        folder, answer = self._ask(path, wanted | frame_of, Progress())
        try:
            there = answer["pixels"]
            pixels = None if there is None else carry.get(carry.whole(folder / ARRAYS), there)
            return Look(pixels, tuple(answer["notes"]))
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def close(self) -> None:
        """End the processes; whoever still waits is Cancelled."""
        self._closed.set()
        for worker in tuple(self._alive):
            worker.end()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _ask(
        self,
        path: Path,
        wanted: dict[str, Any],
        progress: Progress,
        heard: Heard = lambda _folder, _piece: None,
    ) -> tuple[Path, dict[str, Any]]:
        """The answer, and the folder where its arrays lie; `heard` is told of the pieces that came before."""
        worker = self._borrow(progress)
        folder = self._folder / str(next(self._numbers))
        said: dict[str, Any] = {}
        try:
            folder.mkdir(mode=0o700)
            request = wanted | {"path": str(path), "folder": str(folder)}
            said = worker.ask(request, progress, self._timeout_s, lambda piece: heard(folder, piece))
        except WorkerLost as lost:
            if self._closed.is_set():
                raise Cancelled from lost
            raise _lost(path, lost.reason, self._timeout_s) from lost
        except OSError as error:
            raise _no_room(path, error) from error
        finally:
            if not said:
                shutil.rmtree(folder, ignore_errors=True)
            self._give_back(worker)
        if "answer" in said:
            return folder, said["answer"]
        shutil.rmtree(folder, ignore_errors=True)
        if "refused" in said:
            raise UserError(said["refused"][0], hint=said["refused"][1])
        raise RuntimeError(f"reading {path.name}: {said['bug']}")

    def _remove(self, folder: Path) -> None:
        """Windows keeps what is mapped: what could not go when it was read goes later."""
        for each in (*self._left, folder):
            shutil.rmtree(each, ignore_errors=True)
        self._left = tuple(each for each in (*self._left, folder) if each.exists())

    def _give_back(self, worker: Worker) -> None:
        if not worker.alive:
            self._alive.discard(worker)
        self._idle.put(worker if worker.alive else None)

    def _borrow(self, progress: Progress) -> Worker:
        while True:
            progress.step(0, 0)
            if self._closed.is_set():
                raise Cancelled
            try:
                place = self._idle.get(timeout=LOOK_EVERY_S)
            except Empty:
                continue
            if place is not None and not place.alive:
                self._alive.discard(place)
                place = None
            return place or self._started()

    def _started(self) -> Worker:
        worker = Worker()
        self._alive.add(worker)
        if self._closed.is_set():  # closed while it started
            worker.end()
        return worker


class _Post:
    """Takes the pieces of one layer."""

    def __init__(self, arrived: Arrived) -> None:
        self._arrived = arrived
        self._folder, self._inbox = "", carry.Inbox(Path())

    def take(self, folder: Path, piece: dict[str, Any]) -> None:
        """The next piece, in a folder of `folder`; another one than before begins anew."""
        if piece["folder"] != self._folder:
            self.forget()
            self._folder, self._inbox = piece["folder"], carry.Inbox(folder / piece["folder"])
        self._arrived(self._inbox.take(piece))

    def forget(self) -> None:
        """What came so far is void."""
        if self._folder:
            self._arrived(None)
        self._folder, self._inbox = "", carry.Inbox(Path())

    def all(self) -> tuple[Features, ...]:
        return self._inbox.all()


def _checked(path: Path) -> Path:
    """A file on this computer that is not ours. Raises UserError for anything else."""
    if str(path).startswith("/vsi") or "://" in str(path) or ":/" in str(path)[2:]:
        raise UserError(
            _("{name} is an address, not a file on this computer.").format(name=path),
            hint=_("Save it as a file first. Nothing is fetched from a network here."),
        )
    try:
        return _local(path.absolute())
    except (OSError, ValueError) as error:
        raise UserError(
            _("{name} cannot be opened: {reason}").format(name=path.name, reason=error),
            hint=_("Nothing was read. Look whether the disk is there and the file may be read."),
        ) from error


def _local(path: Path) -> Path:
    refuse_store(path)
    if path.is_dir() and path.suffix.casefold() != ".gdb":
        raise UserError(
            _("{name} is a folder.").format(name=path.name),
            hint=_("Open one of the files in it, such as a .shp, .gpkg or .geojson."),
        )
    if not path.exists():
        raise UserError(
            _("{name} is not there any more.").format(name=path.name),
            hint=_("Put back the disk or the file, at {folder}, and open it again.").format(
                folder=path.parent
            ),
        )
    return path


def _no_room(path: Path, error: OSError) -> UserError:
    return UserError(
        _("{name} could not be read: there is no place for a temporary file ({reason}).").format(
            name=path.name, reason=error.strerror or error
        ),
        hint=_("Nothing was loaded and the file was not changed. Make room on this computer's disk."),
    )


def _lost(path: Path, reason: str, timeout_s: float) -> UserError:
    messages = {
        "late": _("{name} could not be read within {seconds:.0f} seconds and was given up."),
        "memory": _("{name} needs more memory than a layer may take."),
        "crashed": _("Reading {name} ended the reader. The desk was not touched by it."),
    }
    return UserError(
        messages[reason].format(name=path.name, seconds=timeout_s),
        hint=_(
            "Nothing was loaded and the file was not changed. Other layers go on. It may be broken, or made "
            "to do harm: open it in a GIS and save it anew."
        ),
    )


def _size(said: dict[str, Any] | None) -> Size | None:
    if said is None:
        return None
    return Size(said["count"], said["bytes"], said["extent"] and tuple(said["extent"]))


def _facts(said: dict[str, Any]) -> LayerFacts:
    shaped: dict[str, Any] = {
        "extent": tuple(said["extent"]) if said["extent"] else None,
        "fields": tuple(Field(*each) for each in said["fields"]),
        "findings": tuple(said["findings"]),
    }
    return LayerFacts(**(said | shaped))


def _raster_facts(said: dict[str, Any]) -> RasterFacts:
    shaped: dict[str, Any] = {
        "extent": tuple(said["extent"]) if said["extent"] else None,
        "findings": tuple(said["findings"]),
    }
    return RasterFacts(**(said | shaped))
