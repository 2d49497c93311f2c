"""Row 36: memory runs out while a file of others is read."""

from tests.elsewhere import python


def test_row_36_an_import_that_eats_all_memory_ends_alone_and_the_desk_writes_on(town, tmp_path):
    assert python("-m", "tests.faults.memory", town, tmp_path) == ""
