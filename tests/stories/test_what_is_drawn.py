"""On a real display: an area by mouse, another by keys alone, bent, taken back, and there after a restart."""

import json
import subprocess
import sys

from tests.stories.screen import until

FILES = ("desk.gpkg", "desk.gpkg-wal")
READ = """
import json, sys, pyogrio, shapely
table = pyogrio.read_dataframe(sys.argv[1], layer="drawings")
table["corners"] = [len(shapely.get_coordinates(each)) for each in table.geometry]
print(table[table["void"] == 0].drop(columns="geometry").to_json(orient="records"))
"""


def drawn(program):
    """The areas on the map, by their titles, as a GIS in another process sees them."""
    path = next(program.home.glob("exercises/*/desk.gpkg"))
    told = subprocess.run([sys.executable, "-c", READ, str(path)], check=True, capture_output=True, text=True)
    return {each["title"]: each for each in json.loads(told.stdout)}


def half_drawn(program):
    """What other programs cannot know is seen where it lies: beside the records."""
    folder = next(program.home.glob("exercises/*"))
    return any(b'"tool": "line"' in (folder / name).read_bytes() for name in FILES)


def click(program, x, y):
    program.hand("mousemove", str(x), str(y))
    program.hand("click", "1")


def test_what_is_drawn_by_mouse_and_by_keys_is_there_after_a_restart(start, sample_city, tmp_path):
    (tmp_path / "home/sample-city").symlink_to(sample_city.folder)
    program = start()
    program.press("ctrl+d", "p")
    for corner in ((560, 300), (800, 290), (830, 480), (570, 500)):
        click(program, *corner)
    program.press("Return")
    until(lambda: drawn(program).get("Area 1"), "an area drawn by mouse")
    program.type("East bank")
    program.press("Return")
    until(lambda: drawn(program).get("East bank"), "its title")

    program.press("ctrl+d", "p")
    for way in ("Right", "Down", "Left"):
        program.press(*[f"shift+{way}"] * 8, "Insert")
    program.press("Return")
    by_keys = until(lambda: drawn(program).get("Area 1"), "an area drawn by keys")
    assert by_keys["corners"] == 3 + 1
    program.press("Return")  # the title stays

    program.press("Tab", "Insert")
    until(lambda: drawn(program)["Area 1"]["corners"] == 4 + 1, "a corner more")
    program.press("Tab", "shift+Up", "shift+Up")
    program.press("Delete")
    until(lambda: drawn(program)["Area 1"]["corners"] == 3 + 1, "a corner less")
    program.picture().save(tmp_path / "bent.png")
    program.press("ctrl+z")
    until(lambda: drawn(program)["Area 1"]["corners"] == 4 + 1, "the corner back")

    program.press("ctrl+d", "l")
    click(program, 600, 400)  # half a line, of which nothing is on the map
    until(lambda: half_drawn(program), "the half-drawn line on the disk")
    kept = drawn(program)
    program.kill()

    again = start()
    assert drawn(again) == kept
    assert {*kept} == {"East bank", "Area 1"}
    again.press("ctrl+d", "l")
    click(again, 700, 300)
    again.press("Return")
    again.picture().save(tmp_path / "again.png")
    until(lambda: drawn(again).get("Line 1"), "the line that was begun before the power cut")
    assert again.leave() == 0
