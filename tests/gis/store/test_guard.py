"""Our own store is never opened as a layer, by whatever name."""

import os

import pytest

from gis.errors import UserError
from gis.store.guards.strangers import refuse_store


def test_a_file_in_an_operation_is_refused_and_told_why(store):
    with pytest.raises(UserError) as refused:
        refuse_store(store.folder / "desk.gpkg")
    assert "situation reports" in refused.value.hint


def test_a_link_to_it_is_refused(store, tmp_path):
    link = tmp_path / "layer.gpkg"
    link.symlink_to(store.folder / "desk.gpkg")
    with pytest.raises(UserError):
        refuse_store(link)
    folder = tmp_path / "elsewhere"
    folder.symlink_to(store.folder, target_is_directory=True)
    with pytest.raises(UserError):
        refuse_store(folder / "desk.gpkg")


def test_a_second_name_of_it_is_refused(store, tmp_path):
    second = tmp_path / "layer.gpkg"
    os.link(store.folder / "desk.gpkg", second)
    with pytest.raises(UserError, match="second name"):
        refuse_store(second)


def test_a_name_in_capitals_is_refused(tmp_path):
    folder = tmp_path / "FLOOD.KENTONGAN"
    folder.mkdir()
    with pytest.raises(UserError):
        refuse_store(folder / "desk.gpkg")


def test_an_exported_copy_is_welcome(store, tmp_path):
    copy = tmp_path / "copy.gpkg"
    copy.write_bytes(b"")
    refuse_store(copy)
    refuse_store(tmp_path / "not there.gpkg")
