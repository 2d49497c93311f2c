"""Choosing files beside the desk."""

from pathlib import Path

from PySide6.QtWidgets import QWidget

from desktop.widgets.choose import ask_folder, ask_open, ask_save


def test_choosing_begins_at_home_and_goes_on_where_something_was_chosen_last(qtbot, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    (tmp_path / "stick" / "copy").mkdir(parents=True)
    window, chosen = QWidget(), list[Path]()
    qtbot.addWidget(window)
    first = ask_folder(window, "Folder", chosen.append)
    assert Path(first.directory().absolutePath()) == tmp_path
    first.fileSelected.emit(str(tmp_path / "stick" / "copy"))
    assert chosen == [tmp_path / "stick" / "copy"]
    second = ask_folder(window, "Folder", chosen.append)
    assert Path(second.directory().absolutePath()) == tmp_path / "stick"
    third = ask_save(window, "Save", str(tmp_path / "new.gpkg"), chosen.append)
    assert Path(third.directory().absolutePath()) == tmp_path
    assert third.selectedFiles() == [str(tmp_path / "new.gpkg")]


def test_a_second_question_takes_the_place_of_the_first(qtbot):
    window, chosen = QWidget(), list[Path]()
    form = QWidget(window)
    qtbot.addWidget(window)
    window.show()
    first = ask_folder(form, "Folder of readings", chosen.append)
    second = ask_open(window, "Add a layer", "All files (*)", chosen.append)
    assert not first.isVisible()
    assert second.isVisible()
    assert chosen == []
