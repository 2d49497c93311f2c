"""Where readings come from, looked after at the desk: added, tried, run, paused, edited, removed."""

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtWidgets import QLineEdit

from desktop.forms.feedfields import begun, fields_of
from desktop.forms.feeds import state_words
from desktop.widgets.settingsedit import SettingsEdit
from gis.collecting import source as kept
from gis.collecting.kinds import FILE, FOLDER, MQTT, CsvSource, kinds, settings_of
from gis.collecting.line import State
from gis.collecting.plain import from_plain, to_plain
from gis.collecting.source import Source
from gis.model.sensor import Alarm
from gis.sensors.feeds.csvtable import CsvFormat
from tests.build import SIX

HEADER = "key,time,value\n"
NIGHT = HEADER + "KALI-3,2026-03-14T13:50:00+08:00,4.4\nKALI-3,2026-03-14T14:00:00+08:00,4.9\n"


def feeds_of(sitting):
    return sitting.desk.watch.feeds


def sources(sitting):
    with sitting.desk.store.reading() as query:
        return kept.sources(query)


def standing(sitting, name):
    return next((each for each in feeds_of(sitting).collecting.standings() if each.source.name == name), None)


def add(sitting, path, name="Logger", kind=FOLDER, **but):
    """As the form does when Save is pressed."""
    source = Source(name, kind, to_plain(CsvSource(str(path), CsvFormat(**but))))
    feeds_of(sitting)._save(source, None)
    sitting.wait(lambda: standing(sitting, name))
    return source


@pytest.fixture
def logger(tmp_path):
    folder = tmp_path / "logger"
    folder.mkdir()
    return folder


@pytest.fixture
def impatient(monkeypatch):
    """Folders are asked often: nobody waits for five seconds in a test."""
    monkeypatch.setattr("gis.collecting.line.LONGEST_REST_S", 0.05)
    usual = kinds()

    def often(source):
        return 0.02 if source.kind in usual else 1.0

    monkeypatch.setattr("desktop.feeds.every_s", often)


def rang(sitting):
    return [alarm for alarm in sitting.alarms() if alarm.sensor_id == "g3"]


def test_a_folder_is_heard_and_still_asked_after_reopening(impatient, sitting, logger):
    add(sitting, logger)
    (logger / "night.csv").write_text(NIGHT, "utf-8")
    sitting.wait(lambda: rang(sitting))
    sitting.wait(lambda: standing(sitting, "Logger").readings == 2)
    again = sitting.reopen()
    (logger / "morning.csv").write_text(HEADER + "KALI-4,2026-03-14T14:01:00+08:00,2.5\n", "utf-8")

    def heard() -> bool:
        with again.desk.store.reading() as query:
            return query.latest()["g4"].value == 2.5

    again.wait(heard)
    assert isinstance(rang(again)[0], Alarm)


def test_a_folder_watched_by_an_earlier_version_is_a_feed_now(impatient, sitting, logger):
    sitting.desk.store.write(
        "Watch",
        lambda tx: tx.keep("watched_folder", {"folder": str(logger), "separator": ";", "decimal": ","}),
    )
    again = sitting.reopen()
    again.wait(lambda: sources(again))
    (source,) = sources(again)
    assert settings_of(source) == CsvSource(str(logger), CsvFormat(";", ",", "Asia/Makassar"))
    (logger / "night.csv").write_text("key;time;value\nKALI-3;2026-03-14 14:00;2,05\n", "utf-8")

    def heard() -> bool:
        with again.desk.store.reading() as query:
            return query.latest()["g3"].value == 2.05

    again.wait(heard)


def test_the_list_says_how_each_does_and_what_is_wrong(impatient, sitting, logger):
    sitting.press("Ctrl+Shift+F9")
    form = feeds_of(sitting).form
    assert form.isVisible()
    assert form.empty.isVisible()
    assert not form.table.isVisible()
    add(sitting, logger)
    add(sitting, logger / "gone", "Stick")
    sitting.wait(lambda: standing(sitting, "Stick").state is State.FAILED)
    sitting.wait(lambda: standing(sitting, "Logger").state is State.CONNECTED)
    feeds_of(sitting).look()
    states = {
        line.source.name: state_words(line.state, bool(line.trouble)) for line in form.table.records.records
    }
    assert states == {"Logger": "● connected", "Stick": "▲ failed"}
    stick = standing(sitting, "Stick").source
    form.table.pick(stick.id)
    assert "missing until it is back" in form.trouble.text()
    mark = feeds_of(sitting).mark
    assert (mark.text(), mark.isVisible()) == ("▲ 1 feed", True)
    form.cancel()
    mark.click()
    assert form.isVisible()
    logger.joinpath("gone").mkdir()
    sitting.wait(lambda: standing(sitting, "Stick").state is State.CONNECTED)
    feeds_of(sitting).look()
    assert not mark.isVisible()


def test_a_feed_is_paused_and_let_go_on_from_the_keyboard(impatient, sitting, logger):
    add(sitting, logger)
    feeds_of(sitting).open()
    sitting.press("Space")
    sitting.wait(lambda: standing(sitting, "Logger").state is State.PAUSED)
    assert sources(sitting)[0].paused
    feeds_of(sitting).look()
    sitting.press("Space")
    sitting.wait(lambda: standing(sitting, "Logger").state is State.CONNECTED)


def test_a_removed_feed_can_be_put_back(impatient, sitting, logger):
    source = add(sitting, logger)
    feeds_of(sitting).open()
    sitting.press("Del")
    sitting.wait(lambda: not sources(sitting))
    notices = sitting.desk.ground.notices
    sitting.wait(notices.isVisible)
    assert "Logger" in notices.words.text()
    notices.answer.click()
    sitting.wait(lambda: sources(sitting) == [source])


def test_a_new_table_is_looked_at_before_it_is_taken_in(impatient, sitting, logger):
    path = logger / "night.csv"
    path.write_text(NIGHT + "KALI-3,noon,1_000\n", "utf-8")
    feeds_of(sitting).add(FILE)
    editor = feeds_of(sitting).editor
    assert editor.isVisible()
    editor.submit()
    assert "name" in editor.words.text()
    editor.name.setText("Night")
    editor.settings.fields["path"].setText(str(path))
    editor.submit()
    sitting.wait(editor.outcome.isVisible)
    assert not sources(sitting)
    assert not rang(sitting)
    assert editor.outcome.words.text() == "night.csv: 2 readings, 1 line would be set aside."
    lines = editor.outcome.table.records.records
    assert [len(line.readings) for line in lines] == [1, 1, 0]
    told = editor.outcome._told(lines[1])
    assert "2026-03-14 14:00 +08:00" in told
    assert "06:00:00 UTC" in told
    editor.submit()
    sitting.wait(lambda: rang(sitting))
    sitting.wait(lambda: standing(sitting, "Night").state is State.ENDED)
    sitting.wait(lambda: sources(sitting) and sources(sitting)[0].paused)


def test_a_guess_is_filled_in_for_a_person_to_look_at_and_never_taken_by_itself(sitting, logger):
    path = logger / "export.csv"
    path.write_bytes("Waktu;KALI-3\r\n14/03/2026 13:50;2,5\r\n".encode("utf-16"))
    feeds_of(sitting).add(FILE)
    editor = feeds_of(sitting).editor
    editor.name.setText("Export")
    editor.settings.fields["path"].setText(str(path))
    editor.guess.click()
    sitting.wait(lambda: "guess" in editor.words.text())
    form = from_plain(CsvFormat, editor.settings.values()["form"])
    assert (form.separator, form.decimal, form.encoding, form.time_column) == (";", ",", "utf-16", "Waktu")
    assert (form.time_pattern, form.timezone, form.wide) == ("%d/%m/%Y %H:%M", "Asia/Makassar", True)
    assert not sources(sitting)
    editor.test.click()
    sitting.wait(editor.outcome.isVisible)
    (line,) = editor.outcome.table.records.records
    assert line.readings[0].at == SIX - timedelta(minutes=10)
    editor.settings.fields["form.time_column"].setText("Zeit")
    editor.submit()
    assert not sources(sitting), "what was changed is looked at again"


def test_settings_that_cannot_be_are_said_in_the_form(sitting):
    feeds_of(sitting).add(MQTT)
    editor = feeds_of(sitting).editor
    editor.name.setText("River")
    editor.submit()
    assert "where the broker is" in editor.words.text()
    assert not sources(sitting)


def test_a_password_is_kept_for_the_sitting_and_never_in_the_operation(sitting):
    feeds_of(sitting).add(MQTT)
    editor = feeds_of(sitting).editor
    assert editor.password.echoMode() is QLineEdit.EchoMode.Password
    editor.name.setText("River")
    for at, text in (("host", "127.0.0.1"), ("user", "desk")):
        editor.settings.fields[at].setText(text)
    editor.settings.fields["port"].setValue(1)
    editor.settings.fields["bindings"].setPlainText("city/gauges/+/level\nweir = KALI-1, KALI-2")
    editor.password.setText("sungai-7731-naik")
    editor.submit()
    sitting.wait(lambda: sources(sitting))
    (source,) = sources(sitting)
    assert source.settings["bindings"] == [
        {"topic": "city/gauges/+/level", "keys": []},
        {"topic": "weir", "keys": ["KALI-1", "KALI-2"]},
    ]
    assert feeds_of(sitting).secrets.get(source.id) == "sungai-7731-naik"
    folder = sitting.desk.store.folder
    feeds_of(sitting)._edit(source)
    assert editor.password.text() == ""
    sitting.wait(lambda: standing(sitting, "River") is not None)
    held = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert b"sungai-7731" not in held


@pytest.mark.parametrize("kind", kinds())
def test_every_kind_can_be_filled_in(qtbot, kind):
    values = begun(kind, "Asia/Makassar", SIX)
    edit = SettingsEdit(fields_of(kind), values)
    qtbot.addWidget(edit)
    assert edit.fields
    assert {**values, **edit.values()}.keys() >= values.keys()
    known = {field.at.split(".")[0] for field in fields_of(kind)}
    assert known <= set(kinds()[kind].settings.__dataclass_fields__), "a field stands for a setting there is"


def test_settings_without_a_field_are_left_as_they_are(qtbot):
    values = {"path": "a", "of_later": 7, "form": {"separator": ";", "later": [1]}}
    edit = SettingsEdit(fields_of(FOLDER), values)
    qtbot.addWidget(edit)
    found = edit.values()
    assert (found["of_later"], found["form"]["later"], found["form"]["separator"]) == (7, [1], ";")


def test_an_edited_feed_keeps_its_place_and_its_id(impatient, sitting, logger):
    source = add(sitting, logger)
    feeds_of(sitting)._edit(source)
    editor = feeds_of(sitting).editor
    editor.name.setText("Weir")
    editor.submit()
    sitting.wait(lambda: [each.name for each in sources(sitting)] == ["Weir"])
    assert sources(sitting) == [replace(source, name="Weir")]
