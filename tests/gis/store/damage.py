"""What can happen to a file while nobody looks."""

from pathlib import Path


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:3_000])


def scribble(path: Path) -> None:
    blob = bytearray(path.read_bytes())
    blob[4_096:] = bytes(len(blob) - 4_096)
    path.write_bytes(bytes(blob))


def with_log(change):
    def damage(path: Path) -> None:
        for end in ("-wal", "-shm"):
            path.with_name(path.name + end).unlink(missing_ok=True)
        change(path)

    return damage


DAMAGE = {
    "gone": with_log(lambda path: path.unlink()),
    "empty": with_log(lambda path: path.write_bytes(b"")),
    "no database": with_log(lambda path: path.write_bytes(b"what is this?" * 500)),
    "cut off": with_log(truncate),
    "overwritten": with_log(scribble),
}
