"""A file is there whole, or what was there before is."""

from contextlib import suppress

import pytest

from gis.lasting import whole


def test_a_file_takes_its_name_once_it_is_whole(tmp_path):
    path = tmp_path / "map.pdf"
    path.write_text("before")
    with whole(path) as part:
        part.write_text("after")
        assert path.read_text() == "before"
        assert part.suffix == ".pdf", "who writes by the ending must see it"
    assert path.read_text() == "after"
    assert list(tmp_path.iterdir()) == [path]


def test_what_was_there_stays_where_writing_fails_and_nothing_is_left_beside_it(tmp_path):
    path = tmp_path / "map.pdf"
    path.write_text("before")
    with suppress(KeyboardInterrupt), whole(path) as part:
        part.write_text("half")
        raise KeyboardInterrupt
    assert path.read_text() == "before"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_is_gone_is_an_error_and_no_second_one(tmp_path):
    with pytest.raises(FileNotFoundError), whole(tmp_path / "stick" / "map.pdf") as part:
        part.write_text("half")
