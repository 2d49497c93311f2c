"""Getting a file ready to be opened without ever changing it: unpacked or copied to a private folder."""

import re
import shutil
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from gis.errors import UserError
from gis.exchange.vector.encoding import guess
from gis.exchange.vector.formats import Format, recognise
from gis.texts import _, ngettext

MEMBERS = 5_000
TOTAL_BYTES = 2 << 30
RATIO, RATIO_FROM_BYTES = 200, 64 << 20
PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
TABLE_PARTS = (".tab", ".dat", ".map", ".id", ".ind", ".mif", ".mid")
INSIDE = frozenset(
    {".shp", ".geojson", ".json", ".topojson", ".kml", ".gpx", ".gpkg", ".fgb", ".csv"}
    | {".tab", ".mif", ".dxf", ".gml", ".parquet", ".geoparquet"}
)
_GDB_FILE = re.compile(r"(a[0-9a-f]{8}\.[a-z0-9_]{1,40}|gdb|timestamps)")
WAL_JOURNAL = 2  # file format version 2 in the header: sqlite.org/fileformat2.html, 1.3.3


@dataclass(frozen=True, slots=True)
class Staged:
    """One file as GDAL will see it; `name` is what people call it."""

    path: Path
    format: Format
    name: str

    @property
    def title(self) -> str:
        return PurePosixPath(self.name).stem


def stage(path: Path, folder: Path) -> tuple[Staged, ...]:
    """What there is to open in the file, in order of name. Private copies go to `folder`, which exists.

    Raises UserError when it is not read here, holds nothing, or is built to do harm.
    """
    found = recognise(path)
    if found is Format.ZIP:
        return tuple(_unpacked(path, folder))
    return (_staged(path, found, folder, path.name),)


def _staged(path: Path, found: Format, folder: Path, name: str) -> Staged:
    if found is Format.SHAPEFILE:
        check_shapefile(path)
        if sibling(path, ".shx") is None or not _plain(path):
            path = _copy_parts(path, folder, PARTS)
    elif found is Format.MAPINFO and not _plain(path):
        path = _copy_parts(path, folder, TABLE_PARTS)
    elif found is Format.FILEGDB:
        path = path if _plain(path) else Path(shutil.copytree(path, _fresh(folder, ".gdb")))
    elif found is Format.GML:  # GDAL writes what it learned beside it, and reads what lies there
        path = Path(shutil.copyfile(path, _fresh(folder, ".gml")))
    elif found is Format.GEOPACKAGE and _has_log(path):
        path = _copy_database(path, folder)
    elif not _plain(path) or found in (Format.GEOJSON, Format.KML):
        path = _copy_text(path, found, folder)
    return Staged(path, found, name)


def sibling(path: Path, ending: str) -> Path | None:
    """The file beside it with another ending, however the ending is written."""
    for each in (path.with_suffix(ending), path.with_suffix(ending.upper())):
        if each.is_file():
            return each
    return None


def _plain(path: Path) -> bool:
    """False for names that GDAL's or pyogrio's own path language would misread."""
    return re.search(r"[!;?#|{}]|\.zip", str(path)) is None and not str(path).startswith("/vsi")


def _fresh(folder: Path, ending: str) -> Path:
    """A new name in `folder`, made of nothing that came from outside."""
    return folder / f"staged{len(list(folder.iterdir()))}{ending}"


def _copy_parts(path: Path, folder: Path, parts: tuple[str, ...]) -> Path:
    """What belongs to it, under a plain name; a Shapefile without its index, so that GDAL may make one."""
    main = path.suffix.casefold()
    target = _fresh(folder, main)
    for ending in parts:
        if (part := sibling(path, ending)) or (ending == main and (part := path)):
            shutil.copyfile(part, target.with_suffix(ending))
    return target


def _has_log(path: Path) -> bool:
    """Opening such a database would write beside it, or even change it."""
    beside = any(path.with_name(path.name + end).exists() for end in ("-wal", "-journal"))
    with path.open("rb") as file:
        return beside or file.read(20)[18:19] == bytes([WAL_JOURNAL])


def _copy_database(path: Path, folder: Path) -> Path:
    """The database with its log, both from the same moment."""
    target = _fresh(folder, ".gpkg")
    ends = ("", "-wal", "-journal")
    for _attempt in range(5):
        before = [_stamp(path.with_name(path.name + end)) for end in ends]
        for end in ends:
            target.with_name(target.name + end).unlink(missing_ok=True)
            if (source := path.with_name(path.name + end)).exists():
                shutil.copyfile(source, target.with_name(target.name + end))
        if before == [_stamp(path.with_name(path.name + end)) for end in ends]:
            return target
    raise UserError(
        _("{name} is being written by another program at this moment.").format(name=path.name),
        hint=_("Close it there, or wait until it is saved, and open it again."),
    )


def _stamp(path: Path) -> tuple[int, int] | None:
    if not path.exists():
        return None
    stat = path.stat()
    return stat.st_size, stat.st_mtime_ns


def _copy_text(path: Path, found: Format, folder: Path) -> Path:
    """UTF-16 becomes UTF-8, which is all that GDAL reads; a name it would misread becomes a plain one."""
    with path.open("rb") as file:
        wide = file.read(2) in (b"\xff\xfe", b"\xfe\xff")
    if not wide and _plain(path):
        return path
    target = _fresh(folder, path.suffix)
    if not wide or found is Format.CSV:
        shutil.copyfile(path, target)
        return target
    text = path.read_text("utf-16", "replace")
    target.write_text(re.sub(r'(<\?xml[^>]*encoding=)"[^"]*"', r'\1"UTF-8"', text, count=1), "utf-8")
    return target


def check_shapefile(path: Path) -> None:
    """Raises UserError when the file ends before its header says (in 16-bit words, ESRI 1998): GDAL would
    read the rest as features without shape."""
    _check_size(path, _shape_bytes(path))
    if index := sibling(path, ".shx"):
        _check_size(index, _shape_bytes(index))
    if table := sibling(path, ".dbf"):
        with table.open("rb") as file:
            head = file.read(12)
        records, start, width = (int.from_bytes(head[a:b], "little") for a, b in ((4, 8), (8, 10), (10, 12)))
        _check_size(table, start + records * width)


def _shape_bytes(path: Path) -> int:
    with path.open("rb") as file:
        return 2 * int.from_bytes(file.read(28)[24:28], "big")


def _check_size(path: Path, said: int) -> None:
    if (there := path.stat().st_size) < said:
        raise UserError(
            _("{name} is cut off: {there} of {said} bytes are there.").format(
                name=path.name, there=there, said=said
            ),
            hint=_("Nothing was read. Copy it again from where it came from."),
        )


def _unpacked(path: Path, folder: Path) -> list[Staged]:
    """The layers inside, each part written under a name of our own: no name from inside reaches the disk.

    What is no layer is passed over, unless there is nothing else.
    """
    found: list[Staged] = []
    refusals: list[UserError] = []
    try:
        with zipfile.ZipFile(path) as archive:
            members = _members(archive, path.name)
            found += _geodatabases(archive, members, folder)
            for number, (name, item) in enumerate(sorted(members.items())):
                where = folder / f"member{number}"
                where.mkdir()
                try:
                    found += _one_inside(archive, name, item, members, where)
                except UserError as error:
                    refusals.append(error)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, RuntimeError, zlib.error) as error:
        raise UserError(
            _("{name} cannot be unpacked ({reason}).").format(name=path.name, reason=error),
            hint=_("Nothing was read. It may be cut off or locked with a password: pack it again."),
        ) from error
    if not found:
        raise refusals[0]
    return found


def _geodatabases(
    archive: zipfile.ZipFile, members: dict[str, zipfile.ZipInfo], folder: Path
) -> Iterator[Staged]:
    """The File Geodatabases inside: folders of files whose names are all of one plain pattern."""
    inside = [(PurePosixPath(name), item) for name, item in members.items()]
    homes = {path.parent for path, _item in inside if path.parent.suffix.casefold() == ".gdb"}
    for number, home in enumerate(sorted(homes)):
        target = folder / f"folder{number}.gdb"
        target.mkdir()
        for path, item in inside:
            if path.parent == home and _GDB_FILE.fullmatch(path.name):
                _write(archive, item, target / path.name)
        yield _staged(target, recognise(target, name=home.name), folder, home.name)


def _one_inside(
    archive: zipfile.ZipFile,
    name: str,
    item: zipfile.ZipInfo,
    members: dict[str, zipfile.ZipInfo],
    where: Path,
) -> Iterator[Staged]:
    ending = PurePosixPath(name).suffix.casefold()
    if ending not in INSIDE:
        return
    target = where / f"layer{ending}"
    _write(archive, item, target)
    if parts := {".shp": PARTS[1:], ".tab": TABLE_PARTS[1:5], ".mif": TABLE_PARTS[6:]}.get(ending):
        lower = {each.casefold(): item for each, item in members.items()}
        for part in parts:
            if beside := lower.get(str(PurePosixPath(name).with_suffix(part)).casefold()):
                _write(archive, beside, target.with_suffix(part))
    called = PurePosixPath(name)
    yield _staged(target, recognise(target, name=called.name), where, called.name)


def _members(archive: zipfile.ZipFile, name: str) -> dict[str, zipfile.ZipInfo]:
    """The files inside by name. Raises UserError for names that climb out and for what would not fit."""
    items = [each for each in archive.infolist() if not each.is_dir()]
    named = dict(zip(_names(items), items, strict=True))
    total = sum(each.file_size for each in items)
    swollen = any(
        each.file_size > RATIO_FROM_BYTES and each.file_size > RATIO * max(each.compress_size, 1)
        for each in items
    )
    if len(items) > MEMBERS or total > TOTAL_BYTES or swollen:
        raise _hostile(_("{name} would fill the disk when unpacked.").format(name=name))
    if any(_climbs(each) for each in named):
        raise _hostile(_("{name} holds files that would land outside of their folder.").format(name=name))
    if not any(PurePosixPath(each).suffix.casefold() in INSIDE | {".gdbtable"} for each in named):
        raise UserError(
            ngettext(
                "{name} holds no layer: {count} file, of a kind that is not read.",
                "{name} holds no layer: {count} files, none of a kind that is read.",
                len(items),
            ).format(name=name, count=len(items)),
            hint=_("A zipped Shapefile needs at least its .shp, .shx and .dbf. The file was not changed."),
        )
    return named


def _names(items: list[zipfile.ZipInfo]) -> list[str]:
    """Names as written; the ZIP format labels only UTF-8 (APPNOTE 4.4.4, bit 11)."""
    raw = [each.filename.encode("cp437", "replace") for each in items]
    page = guess(raw)
    return [
        each.filename if each.flag_bits & 0x800 else name.decode(page, "replace")
        for each, name in zip(items, raw, strict=True)
    ]


def _climbs(name: str) -> bool:
    return name.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", name) or ":" in name or "\0" in name


def _hostile(message: str) -> UserError:
    return UserError(message, hint=_("It was not opened. Ask where it came from."))


def _write(archive: zipfile.ZipFile, item: zipfile.ZipInfo, target: Path) -> None:
    """One member to disk, never more than it said it was."""
    left = item.file_size
    with archive.open(item) as source, target.open("xb") as file:
        while block := source.read(1 << 20):
            left -= len(block)
            if left < 0:
                raise _hostile(_("A file in the archive is larger than it says."))
            file.write(block)
