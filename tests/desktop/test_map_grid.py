"""The grid over the map is turned by one key, is kept, and lies under what is urgent."""

from desktop.work import ALARMS
from gis.geo.crs import utm_for
from layers.grid.lines import GridKind


def picture(sitting):
    canvas = sitting.panels.map.canvas
    sitting.wait(lambda: not canvas.composer.busy)
    return canvas.grab().toImage()


def test_one_key_turns_through_the_grids_and_the_last_is_there_tomorrow(sitting):
    before = picture(sitting)
    sitting.press("Ctrl+G")
    assert sitting.desk.grid.kind is GridKind.UTM
    assert picture(sitting) != before
    sitting.press("Ctrl+G")
    sitting.wait(lambda: kept(sitting) == "mgrs")
    again = sitting.reopen()
    assert again.desk.grid.kind is GridKind.MGRS
    again.press("Ctrl+G", "Ctrl+G")
    assert again.desk.grid.kind is GridKind.NONE


def kept(sitting):
    with sitting.desk.store.reading() as query:
        return query.kept("grid")


def test_a_line_of_the_grid_never_covers_an_alarm(sitting):
    canvas = sitting.panels.map.canvas
    picture(sitting)
    badges = canvas.renderer.badges[ALARMS]
    x, y = badges.xy[0]
    assert utm_for(116.7, -8.25) == canvas.crs
    canvas.look(canvas.view.centred(round(x, -3), round(y, -3)).zoomed(0.5))
    canvas.look(canvas.view.centred(*badges.xy[0]))
    bare = picture(sitting)
    sitting.press("Ctrl+G")
    ruled = picture(sitting)
    middle = canvas.rect().center()
    for dx in range(-6, 7):
        at = (middle.x() + dx, middle.y() + 2)
        assert ruled.pixel(*at) == bare.pixel(*at)
