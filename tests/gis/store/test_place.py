"""A live operation lies on a disk of this computer, never where another may change it or carry it away."""

from pathlib import Path

import pytest

from gis.errors import UserError
from gis.store import Operation, Store
from gis.store.guards.place import Mount, mounts, refuse_unfit
from tests.build import SIX

DISK = Mount("/", "ext4", "/dev/sda1", "rw")


@pytest.mark.parametrize(
    "mount",
    [
        Mount("/srv/city", "nfs4", "server:/city"),
        Mount("/srv/city", "cifs", "//server/city"),
        Mount("/srv/city", "fuse.sshfs", "desk@server:/home"),
        Mount("/srv/city", "fuse.unheard-of", "server:/city"),
        Mount("/srv/city", "9p", "drvfs"),
        Mount("/srv/city", "vboxsf", "city"),
        Mount("/srv/city", "NTFS", "Z:", "rw,remote"),
        Mount("/srv/city", "webdav", "https://cloud.example/dav"),
    ],
)
def test_a_share_is_refused_with_its_name_and_the_way_out(mount, tmp_path):
    with pytest.raises(UserError, match="/srv/city") as refused:
        refuse_unfit(Path("/srv/city/desk/flood.kentongan"), [DISK, mount], {})
    assert "packages" in refused.value.hint
    refuse_unfit(Path("/srv/citadel/flood.kentongan"), [DISK, mount], {})


def test_a_disk_inside_a_share_is_judged_by_itself():
    table = [DISK, Mount("/srv", "nfs", "server:/srv"), Mount("/srv/local", "xfs", "/dev/sdb1")]
    refuse_unfit(Path("/srv/local/flood.kentongan"), table, {})


@pytest.mark.parametrize("name", ["//server/city/flood.kentongan", r"\\server\city\flood.kentongan"])
def test_a_path_that_begins_with_a_server_is_refused(name):
    with pytest.raises(UserError, match="network drive"):
        refuse_unfit(Path(name), [DISK], {})


@pytest.mark.parametrize(
    "name",
    [
        "OneDrive",
        "OneDrive - City of Seruni",
        "Dropbox (Personal)",
        "Google Drive",
        "GoogleDrive-desk@city.example",
        "Mobile Documents",
        "Nextcloud2",
        "ownCloud",
        "pCloud Drive",
    ],
)
def test_a_cloud_folder_is_known_by_its_name(tmp_path, name):
    with pytest.raises(UserError, match="cloud"):
        refuse_unfit(tmp_path / name / "2026" / "flood.kentongan", [DISK], {})


@pytest.mark.parametrize("name", ["Nextclouds", "dropboxes", "Box", "Sync", "boxes", "my drives"])
def test_a_name_that_only_sounds_like_a_cloud_is_welcome(tmp_path, name):
    refuse_unfit(tmp_path / name / "flood.kentongan", [DISK], {"HOME": str(tmp_path / "home")})


def test_a_common_word_is_a_cloud_only_at_home(tmp_path):
    with pytest.raises(UserError, match="cloud"):
        refuse_unfit(tmp_path / "Box" / "flood.kentongan", [DISK], {"HOME": str(tmp_path)})


def test_a_cloud_folder_is_known_by_what_the_computer_says(tmp_path):
    with pytest.raises(UserError, match="cloud"):
        refuse_unfit(
            tmp_path / "Work" / "flood.kentongan", [DISK], {"OneDriveCommercial": str(tmp_path / "Work")}
        )


def test_a_link_into_a_cloud_folder_is_seen_through(tmp_path):
    (tmp_path / "Nextcloud").mkdir()
    (tmp_path / "desk").symlink_to(tmp_path / "Nextcloud", target_is_directory=True)
    with pytest.raises(UserError, match="Nextcloud"):
        refuse_unfit(tmp_path / "desk" / "flood.kentongan", [DISK], {})


def test_no_operation_is_made_or_opened_in_a_synchronised_folder(tmp_path, clock):
    (tmp_path / "papers" / ".stfolder").mkdir(parents=True)
    with pytest.raises(UserError, match="cloud"):
        Store.create(tmp_path / "papers" / "a.kentongan", Operation("Seruni", SIX), clock=clock, author="")
    assert [each.name for each in (tmp_path / "papers").iterdir()] == [".stfolder"]
    Store.create(tmp_path / "a.kentongan", Operation("Seruni", SIX), clock=clock, author="").close()
    moved = (tmp_path / "a.kentongan").rename(tmp_path / "papers" / "a.kentongan")
    with pytest.raises(UserError, match="cloud"):
        Store.open(moved, clock=clock, author="")


def test_the_disk_of_this_computer_is_in_its_own_table(tmp_path):
    assert any(tmp_path.resolve().is_relative_to(each.point) for each in mounts())
