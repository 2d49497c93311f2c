"""The map on paper, by keys alone, on a real display, judged by the file that is left."""

import subprocess

import pytest
from PIL import Image

from gis import settings
from tests import needs
from tests.stories.screen import Program, a_screen, until


@pytest.fixture
def program(sample_city, tmp_path):
    home = tmp_path / "home"
    settings.save(home / "settings.toml", settings.Settings(author="A. Putri"))
    (home / "sample-city").symlink_to(sample_city.folder)
    with a_screen(1366, 768) as display:
        started = Program(display, home)
        try:
            started.wait_for_window("EXERCISE")
            yield started
        finally:
            started.end()


def test_ctrl_p_a_title_and_ctrl_enter_leave_an_a4_pdf(program, tmp_path):
    needs.program("pdftotext")
    needs.program("pdftoppm")
    program.press("ctrl+g", "ctrl+p")
    program.type("Water at first light")
    program.press("ctrl+Return")
    path = until(lambda: next(program.home.rglob("Water at first light.pdf"), None), "a map sheet")
    program.picture().save(tmp_path / "form.png")
    assert not list(path.parent.glob("*.part"))
    words = subprocess.run(["pdftotext", path, "-"], capture_output=True, text=True, check=True).stdout
    for each in ("EXERCISE", "Water at first light", "A. Putri", "UTM 50M", "Flood extent", "+08:00"):
        assert each in " ".join(words.split())
    subprocess.run(["pdftoppm", "-r", "60", "-png", path, tmp_path / "sheet"], check=True)
    with Image.open(next(tmp_path.glob("sheet*.png"))) as sheet:
        assert (sheet.width, sheet.height) == (702, 496)  # A4 across
        assert len(sheet.convert("RGB").getcolors(1 << 20)) > 500  # a map is on it
    assert program.leave() == 0
