"""Choices of this computer: kept with their description, and never misread in silence."""

from dataclasses import fields
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis import settings
from gis.errors import UserError
from gis.settings import Home, Settings, Theme


def test_without_a_file_the_defaults_hold(tmp_path):
    assert settings.read(tmp_path / "settings.toml") == Settings()


def test_what_is_saved_is_read_back_and_explained(tmp_path):
    path = tmp_path / "deep" / "settings.toml"
    chosen = Settings(author='Ibu "Sari" Ā', desk="A", theme=Theme.DAY, tiles_mb=20, voice=True)
    settings.save(path, chosen)
    assert settings.read(path) == chosen
    text = path.read_text("utf-8")
    assert set(settings.DESCRIPTIONS) == {field.name for field in fields(Settings)}
    assert all(sentence in text for sentence in settings.DESCRIPTIONS.values())


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_name_survives_the_file(tmp_path_factory, name):
    path = tmp_path_factory.getbasetemp() / "any.toml"
    settings.save(path, Settings(author=name))
    assert settings.read(path).author == name


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("autor = 'Sari'", "autor"),
        ("theme = 'dusk'", "dusk"),
        ("author = 3", "3"),
        ("tiles_mb = -1", "-1"),
        ("tiles_mb = true", "True"),
        ("tiles_mb = 'much'", "much"),
        ("voice = 1", "1"),
        ("author =", "settings.toml"),
    ],
)
def test_a_mistyped_setting_is_named(tmp_path, text, word):
    path = tmp_path / "settings.toml"
    path.write_text(text)
    with pytest.raises(UserError, match=word) as caught:
        settings.read(path)
    assert caught.value.hint


def test_a_file_that_is_not_text_is_said_so(tmp_path):
    path = tmp_path / "settings.toml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UserError, match="cannot be read"):
        settings.read(path)


def test_home_can_be_chosen_and_holds_everything(tmp_path):
    chosen = settings.home({"KENTONGAN_HOME": str(tmp_path)})
    assert chosen == Home(tmp_path)
    places = (
        chosen.settings_file,
        chosen.operations,
        chosen.exercises,
        chosen.sample_city,
        chosen.log_file,
        chosen.tiles,
    )
    assert all(place.parent == tmp_path for place in places)
    assert settings.home({}).folder.is_absolute()
    assert "kentongan" in Path(settings.home({}).folder).name.lower()
