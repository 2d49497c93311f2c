"""Is this a place for a live operation? Network shares and cloud folders are not, however well they look."""

import os
import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath

import psutil

from gis.errors import UserError
from gis.texts import _

_SHARED = frozenset(
    {"nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "afpfs", "webdav", "davfs", "davfs2", "sshfs"}
    | {"9p", "afs", "ceph", "glusterfs", "lustre", "ncpfs", "ocfs2", "gfs2", "beegfs", "coda", "s3fs"}
    | {"rclone", "gcsfuse", "gvfsd-fuse", "vboxsf", "vmhgfs", "vmhgfs-fuse", "prl_fs", "drvfs", "virtiofs"}
)
_CLOUDS = (
    "onedrive",
    "dropbox",
    "google drive",
    "googledrive",
    "my drive",
    "icloud drive",
    "iclouddrive",
    "mobile documents",  # iCloud on a Mac
    "cloudstorage",  # every provider on a Mac
    "nextcloud",
    "owncloud",
    "box sync",
    "pcloud drive",
    "pclouddrive",
    "megasync",
    "seafile",
    "syncthing",
    "resilio sync",
    "yandex.disk",
    "yandexdisk",
)
_AT_HOME = frozenset({"Box", "MEGA", "Sync"})  # too common as words to be refused anywhere else
_MARKS = (
    ".stfolder",
    ".dropbox",
    ".dropbox.cache",
    ".owncloudsync.log",
    ".nextcloudsync.log",
    ".csync_journal.db",
)
_VARIABLES = ("OneDrive", "OneDriveConsumer", "OneDriveCommercial")


@dataclass(frozen=True, slots=True)
class Mount:
    """One line of this computer's table of disks."""

    point: str
    kind: str
    device: str = ""
    options: str = ""

    @property
    def is_shared(self) -> bool:
        """True where another computer, or another system on this one, may have the same files open."""
        kind = self.kind.casefold().removeprefix("fuse.")
        if kind in _SHARED or "remote" in self.options.split(","):
            return True
        return self.device.startswith(("//", "\\\\")) or bool(re.search(r"\w{2}:/|://", self.device))


def mounts() -> list[Mount]:
    """What is mounted on this computer now."""
    found = psutil.disk_partitions(all=True)
    return [Mount(each.mountpoint, each.fstype, each.device, each.opts) for each in found]


def refuse_unfit(
    folder: Path, table: Iterable[Mount] | None = None, environ: Mapping[str, str] = os.environ
) -> None:
    """Raises `UserError` when a live operation in `folder`, which need not be there yet, could be lost.

    On a network share the log in shared memory that SQLite works with does not exist for the other computer;
    a cloud folder carries the database away without its log. Looking is refused as well: while others
    write there, even what is read can be wrong.
    """
    real = folder.resolve()
    share = _share(folder, real, mounts() if table is None else table)
    if share:
        raise _refused(
            _("{name} lies on a network drive or a shared folder ({share}).").format(
                name=folder.name, share=share
            )
        )
    cloud = _cloud(folder.absolute(), environ) or _cloud(real, environ)
    if cloud:
        raise _refused(
            _("{name} lies in a folder that is copied to a cloud ({cloud}).").format(
                name=folder.name, cloud=cloud
            )
        )


def _refused(message: str) -> UserError:
    hint = _(
        "Saved entries can be lost there, so it was not opened and nothing was changed. Copy the folder to a"
        " disk of this computer and open the copy; exchange with other desks by packages."
    )
    return UserError(message, hint=hint)


def _share(folder: Path, real: Path, table: Iterable[Mount]) -> str:
    """The name of the share a folder lies on; "" when it is a disk of this computer."""
    for text in (str(folder), str(real)):
        if text.startswith(("//", "\\\\")) and not re.match(r"[\\/]{2}[?.][\\/](?!UNC)", text, re.IGNORECASE):
            return text
    under = [each for each in table if _holds(each.point, real)]
    nearest = max(under, key=lambda each: len(PurePath(each.point).parts), default=None)
    return f"{nearest.kind}, {nearest.point}" if nearest is not None and nearest.is_shared else ""


def _holds(point: str, path: Path) -> bool:
    if sys.platform in ("win32", "darwin"):
        return PurePath(str(path).casefold()).is_relative_to(point.casefold())
    return path.is_relative_to(point)


def _cloud(path: Path, environ: Mapping[str, str]) -> str:
    """Which cloud a path lies in: told by this computer, by a folder's name, or by a mark left in it."""
    for variable in _VARIABLES:
        if environ.get(variable) and path.is_relative_to(environ[variable]):
            return environ[variable]
    home = Path(environ.get("USERPROFILE") or environ.get("HOME") or "/nowhere")
    for each in path.parents:
        if _is_cloud(each.name) or (each.parent == home and each.name in _AT_HOME):
            return str(each)
        mark = next((mark for mark in _MARKS if os.path.lexists(each / mark)), None)
        if mark and not (mark == ".dropbox" and (each / mark).is_dir()):  # the program's own settings at home
            return str(each)
    return ""


def _is_cloud(name: str) -> bool:
    """`OneDrive - City of Seruni`, `Dropbox (Personal)`, `Nextcloud2`: what follows is an account."""
    plain = name.casefold()
    return any(
        plain == cloud or re.fullmatch(re.escape(cloud) + r"([\s(_-].*|\d+)", plain) for cloud in _CLOUDS
    )
