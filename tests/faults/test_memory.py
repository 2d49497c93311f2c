"""Row 36: memory runs out while a file of others is read."""

from tests.faults import rooms


def test_row_36_an_import_that_eats_all_memory_ends_alone_and_the_desk_writes_on(town, tmp_path):
    assert rooms.run("tests.faults.memory", str(town), str(tmp_path)) == ""
