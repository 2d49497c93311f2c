"""Row 2: what a real desk asked of its disk, recorded, and the power cut somewhere in it."""

import random
import re
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy.exc import DatabaseError

from gis.errors import UserError
from tests.faults import traced
from tests.faults.acts import Told, sit
from tests.faults.disk import Disk
from tests.faults.judge import Verdict, judge
from tests.faults.town import copied

SITTINGS, ACTS, CUTS = 3, 9, 15
_CALLS = "openat,close,write,pwrite64,fsync,fdatasync,ftruncate,unlink,unlinkat,rename,renameat,renameat2"
_LINE = re.compile(r"(\w+)\((.*)\) += (\d+)$")
_TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
Event = tuple[str, list[str], list[bytes], int]


def cut(town: Path, scratch: Path, seed: int) -> dict:
    """One recording, cut `CUTS` times."""
    return _cuts(town, scratch, seed, honest=True)


def cut_on_a_disk_that_lies(town: Path, scratch: Path, seed: int) -> dict:
    """The same as if nothing were ever synced, as under `synchronous = OFF`."""
    return _cuts(town, scratch, seed, honest=False)


def _cuts(town: Path, scratch: Path, seed: int, *, honest: bool) -> dict:
    folder = copied(town, scratch / "recorded.kentongan")
    start = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    events = list(record(folder, town, seed, scratch / "calls"))
    rng = random.Random(seed)
    said = {"points": 0, "acts": 0, "unheard": 0, "lost": [], "corrupt": []}
    moments = sorted(rng.randrange(1, len(events) + 1) for _each in range(CUTS))
    disk, told, done = Disk(start, honest=honest), Told(), 0
    handles: dict[int, int | str] = {}
    for moment in moments:
        for event in events[done:moment]:
            _replay(disk, handles, told, folder, event)
        done = moment
        verdict = _after(disk.after_a_cut(rng), scratch / "found.kentongan", town, told, rng)
        said["points"] += 1
        said["acts"] += told.count
        said["unheard"] += verdict.unheard
        said["lost"] += [f"cut after call {moment}: {each}" for each in verdict.lost]
        said["corrupt"] += [f"cut after call {moment}: {each}" for each in verdict.corrupt]
    return said


def record(folder: Path, town: Path, seed: int, log: Path) -> Iterator[Event]:
    """The calls of some sittings at this operation: name, all arguments, the texts in them, the result."""

    def work(tell) -> None:
        for sitting in range(SITTINGS):
            sit(folder, town, seed + sitting, tell, ACTS, first=1 + sitting * ACTS)

    child = traced.traced(work, "-xx", "-s", str(1 << 24), "-e", f"trace={_CALLS}", log=log)
    assert child.end() == 0, "the recorded sitting failed"
    with log.open() as lines:
        for line in lines:
            if found := _LINE.match(line):
                texts = [bytes.fromhex(text.replace("\\x", "")) for text in _TEXT.findall(found[2])]
                yield found[1], _TEXT.sub("", found[2]).split(", "), texts, int(found[3])


def _replay(disk: Disk, handles: dict[int, int | str], told: Told, folder: Path, event: Event) -> None:
    """Do to the disk what was done; `handles` are the open files by descriptor, and the folder as "."."""
    call, args, texts, result = event
    if call.startswith(("openat", "unlink", "rename")):
        _replay_name(disk, handles, folder, event)
        return
    descriptor = int(args[0])
    file = handles.get(descriptor)
    if call == "close":
        handles.pop(descriptor, None)
    elif file is None:
        if call == "write" and texts[0].startswith(b'{"edits"'):
            told.hear(texts[0])
    elif isinstance(file, str):
        disk.sync_names()
    elif call == "pwrite64":
        disk.write(file, int(args[3]), texts[0][:result])
    elif call == "ftruncate":
        disk.truncate(file, int(args[1]))
    else:
        assert call in ("fsync", "fdatasync"), f"a {call} into the store"
        disk.sync(file)


def _replay_name(disk: Disk, handles: dict[int, int | str], folder: Path, event: Event) -> None:
    call, _args, texts, result = event
    names = [Path(text.decode()) for text in texts]
    if call == "openat" and names[0] == folder:
        handles[result] = "."
    if names[0].parent != folder or names[0].name.endswith("-shm"):
        return
    if call == "openat":
        handles[result] = disk.open(names[0].name)
    elif call.startswith("unlink"):
        disk.unlink(names[0].name)
    else:
        disk.rename(names[0].name, names[1].name)


def _after(files: dict[str, bytes], folder: Path, town: Path, told: Told, rng: random.Random) -> Verdict:
    """Start again on what the disk holds; the shared memory of the log may hold anything."""
    folder.mkdir(exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    for name, content in files.items():
        (folder / name).write_bytes(content)
        if name.endswith("-wal"):
            (folder / f"{name.removesuffix('-wal')}-shm").write_bytes(rng.randbytes(32_768))
    try:
        return judge(folder, town, told)
    except (UserError, DatabaseError) as refused:
        why = str(refused).splitlines()[0]
        return Verdict(lost=[f"everything: {why}"] if told.count else [], corrupt=[why])
