"""Row 2: what a real desk asked of its disk, recorded, and the power cut somewhere in it."""

import random
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from sqlalchemy.exc import DatabaseError

from gis.errors import UserError
from tests.faults import traced
from tests.faults.acts import Tell, Told, persist, sit
from tests.faults.disk import Disk
from tests.faults.judge import Verdict, judge
from tests.faults.town import copied

SITTINGS, ACTS, CUTS, MOST_SYNCS = 3, 9, 15, 40
_CALLS = "openat,close,write,pwrite64,fsync,fdatasync,ftruncate,unlink,unlinkat,rename,renameat,renameat2"
_LINE = re.compile(r"(\w+)\((.*)\) += (-?\d+)(?: .*)?$")
_TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
Event = tuple[str, list[str], list[bytes], int]
Work = Callable[[Path, Tell], None]


def cut(town: Path, scratch: Path, seed: int) -> dict:
    """One recording, cut `CUTS` times."""
    return _cuts(town, scratch, seed, _sittings(town, seed))


def cut_on_a_disk_that_lies(town: Path, scratch: Path, seed: int) -> dict:
    """The same as if nothing were ever synced, as under `synchronous = OFF`."""
    return _cuts(town, scratch, seed, _sittings(town, seed), honest=False)


def cut_after_a_failed_sync(town: Path, scratch: Path, seed: int) -> dict:
    """One sync fails, or all from one on; what waited for it may never reach the disk, whatever follows."""
    rng = random.Random(seed)
    when = f"{rng.randrange(1, MOST_SYNCS)}{rng.choice(('', '+'))}"
    options = ("-e", f"inject=fdatasync,fsync:error=EIO:when={when}")
    return _cuts(
        town, scratch, seed, lambda folder, tell: persist(folder, town, seed, tell, 2 * ACTS), *options
    )


def _sittings(town: Path, seed: int) -> Work:
    def work(folder: Path, tell: Tell) -> None:
        for sitting in range(SITTINGS):
            sit(folder, town, seed + sitting, tell, ACTS, first=1 + sitting * ACTS)

    return work


def _cuts(town: Path, scratch: Path, seed: int, work: Work, *options: str, honest: bool = True) -> dict:
    folder = copied(town, scratch / "recorded.kentongan")
    start = {path.name: path.read_bytes() for path in folder.iterdir() if _counts(path)}
    events = list(record(lambda tell: work(folder, tell), scratch / "calls", *options))
    rng = random.Random(seed)
    said = {"points": 0, "acts": 0, "unheard": 0, "lost": [], "corrupt": []}
    machine, done = _Machine(Disk(start, honest=honest), folder, rng), 0
    for moment in sorted(rng.randrange(1, len(events) + 1) for _each in range(CUTS)):
        for event in events[done:moment]:
            machine.replay(event)
        done = moment
        verdict = _after(machine.disk.after_a_cut(rng), scratch / "found.kentongan", town, machine.told, rng)
        said["points"] += 1
        said["acts"] += machine.told.count
        said["unheard"] += verdict.unheard
        said["lost"] += [f"cut after call {moment}: {each}" for each in verdict.lost]
        said["corrupt"] += [f"cut after call {moment}: {each}" for each in verdict.corrupt]
    return said


def record(work: Callable[[Tell], None], log: Path, *options: str) -> Iterator[Event]:
    """What a child doing this work called: name, arguments, the texts in them, the result (-1: it failed)."""
    child = traced.traced(work, "-xx", "-s", str(1 << 24), "-e", f"trace={_CALLS}", *options, log=log)
    assert child.end() == 0, "the recorded sitting failed"
    with log.open() as lines:
        for line in lines:
            if found := _LINE.match(line):
                texts = [bytes.fromhex(text.replace("\\x", "")) for text in _TEXT.findall(found[2])]
                yield found[1], _TEXT.sub("", found[2]).split(", "), texts, int(found[3])


class _Machine:
    """Does to a disk what was recorded, and hears what was told meanwhile."""

    def __init__(self, disk: Disk, folder: Path, rng: random.Random) -> None:
        self.disk, self.told = disk, Told()
        self._folder, self._rng = folder, rng
        self._open: dict[int, int | None] = {}  # the file of each descriptor; None is the folder itself
        self._at: dict[int, int] = {}  # where the next plain write goes

    def replay(self, event: Event) -> None:
        call, args, texts, result = event
        if call.startswith(("openat", "unlink", "rename")):
            if result >= 0:
                self._replay_name(event)
        elif call == "close":
            self._open.pop(int(args[0]), None)
        elif int(args[0]) not in self._open:
            if call == "write" and texts[0].startswith(b'{"'):
                self.told.hear(texts[0])
        else:
            self._replay_change(event, self._open[int(args[0])])

    def _replay_change(self, event: Event, file: int | None) -> None:
        call, args, texts, result = event
        if file is None:
            assert "sync" in call
            if result == 0:
                self.disk.sync_names()
        elif "sync" in call:
            self.disk.sync(file) if result == 0 else self.disk.fail_sync(file, self._rng)
        elif call == "pwrite64":
            self.disk.write(file, int(args[3]), texts[0][: max(result, 0)])
        elif call == "write":
            at = self._at.get(int(args[0]), 0)
            self._at[int(args[0])] = at + max(result, 0)
            self.disk.write(file, at, texts[0][: max(result, 0)])
        else:
            assert call == "ftruncate", f"a {call} into the store"
            if result == 0:
                self.disk.truncate(file, int(args[1]))

    def _replay_name(self, event: Event) -> None:
        call, _args, texts, result = event
        names = [Path(text.decode()) for text in texts]
        if call == "openat" and names[0] == self._folder:
            self._open[result] = None
        if names[0].parent != self._folder or not _counts(names[0]):
            return
        if call == "openat":
            self._open[result], self._at[result] = self.disk.open(names[0].name), 0
        elif call.startswith("unlink"):
            self.disk.unlink(names[0].name)
        else:
            self.disk.rename(names[0].name, names[1].name)


def _counts(path: Path) -> bool:
    """Shared memory, locks and the room kept back hold nothing."""
    return not path.name.endswith("-shm") and not path.name.startswith((".", "reserve"))


def _after(files: dict[str, bytes], folder: Path, town: Path, told: Told, rng: random.Random) -> Verdict:
    """Start again on what the disk holds; the shared memory of the log may hold anything."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)
        if name.endswith("-wal"):
            (folder / f"{name.removesuffix('-wal')}-shm").write_bytes(rng.randbytes(32_768))
    try:
        return judge(folder, town, told)
    except (UserError, DatabaseError) as refused:
        why = str(refused).splitlines()[0]
        return Verdict(lost=[f"everything: {why}"] if told.count else [], corrupt=[why])
