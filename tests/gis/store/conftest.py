"""A medium, and a copy of the operation that follows on it."""

import pytest

from gis.store.second import SecondCopy


@pytest.fixture
def stick(tmp_path):
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


@pytest.fixture
def copy(store, stick, clock):
    made = SecondCopy(store, stick, clock=clock)
    yield made
    made.close()
