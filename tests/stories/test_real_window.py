"""The program as it is started, on a real display, by real keys, judged from outside."""

import pyogrio

from tests.stories.screen import until

CALL, STAYS, LATER = "knee high water", "bridge closed by police", "water going down"
BRIGHTER = 40


def a_place(program):
    """A market of the sample city with a name of its own, and where it is in WGS84."""
    city = next(program.home.glob("sample-city/*.gpkg"))
    places = pyogrio.read_dataframe(city, layer="gazetteer").to_crs(4326)
    alone = places[~places["name"].duplicated(keep=False) & (places["kind"] == "market")]
    return alone.iloc[0]["name"], alone.iloc[0].geometry


def logged(program, words):
    """The incident with these words, once it is on the disk."""
    return until(
        lambda: next((i for i in program.table("incidents") if i["text"] == words), None),
        f"an incident that says {words}",
    )


def acknowledged(program):
    return {alarm["id"] for alarm in program.table("alarms") if alarm["acknowledged_by"] == "A. Putri"}


def test_a_night_by_keys_alone_and_after_a_power_cut_all_is_there(start, tmp_path):
    program = start()
    name, place = a_place(program)

    program.press("F4", "F8")  # the alarms have the focus now, no field has
    ours = until(lambda: acknowledged(program), "an acknowledged alarm")

    program.type(f"fl2 @{name} {CALL}")
    program.press("Return")
    found = logged(program, CALL)
    assert (found["code"], found["severity"], found["where"]) == ("fl", "Severe", name)
    assert abs(found["lon"] - place.x) < 1e-6
    assert abs(found["lat"] - place.y) < 1e-6
    program.picture().save(tmp_path / "night.png")

    program.press("ctrl+z")
    until(lambda: logged(program, CALL)["void"], "the entry to be taken back")

    dark = program.brightness()
    program.press("ctrl+shift+n")
    until(lambda: program.brightness() > dark + BRIGHTER, "the day colours")
    program.picture().save(tmp_path / "day.png")

    program.type(f"rb3 @{name} {STAYS}")
    program.press("Return")
    kept = logged(program, STAYS)
    program.kill()

    again = start()
    again.picture().save(tmp_path / "again.png")
    assert logged(again, STAYS) == kept
    assert logged(again, CALL)["void"]
    assert acknowledged(again) >= ours
    again.type(f"fl4 @{name} {LATER}")
    again.press("Return")
    assert logged(again, LATER)["reported_at"] > kept["reported_at"]
    assert again.leave() == 0
