"""A blank operation, made once: every desk of the proofs begins as a copy of it."""

import os
from pathlib import Path

import pytest

import gis
from gis.clock import ManualClock
from gis.store import Operation, Store
from tests.build import SIX


@pytest.fixture(scope="session")
def blank(tmp_path_factory):
    """The folder of an operation in which nothing was written. Nobody has it open."""
    trial = os.environ.get("MUTANT", "")
    if Path(trial).is_absolute():  # on trial is the copy, not the checkout
        assert Path(gis.__file__).is_relative_to(trial)
    folder = tmp_path_factory.mktemp("proof") / "blank.kentongan"
    Store.create(folder, Operation("Seruni", SIX), clock=ManualClock(SIX), author="nobody").close()
    return folder
