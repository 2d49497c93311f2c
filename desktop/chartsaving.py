"""What is kept of the large chart: a picture of what is seen, or the readings themselves."""

from datetime import UTC, datetime
from pathlib import Path

from desktop.charts.printout import Caption, printout
from desktop.charts.words import range_words
from desktop.chartwindow import ChartWindow
from desktop.ground import Ground
from desktop.times import full
from desktop.widgets.choose import ask_save
from desktop.work import zone_of
from gis.errors import UserError
from gis.exchange.recorded import Excerpt, write_readings
from gis.lasting import whole
from gis.progress import Progress
from gis.texts import _, ngettext

LONGEST = 60  # letters of a file's name


def ask_picture(window: ChartWindow, ground: Ground) -> None:
    """Ask where the picture goes, and write it there."""
    if window.picture is not None and window.sensors:
        name = _file_name(window, ground, ".png")
        ask_save(
            window, _("Save the chart as a picture"), name, lambda path: save_picture(window, ground, path)
        )


def ask_readings(window: ChartWindow, ground: Ground) -> None:
    """Ask where the readings of what is seen go, and write them there."""
    if window.picture is not None and window.sensors:
        name = _file_name(window, ground, ".csv")
        ask_save(window, _("Save the readings"), name, lambda path: save_readings(window, ground, path))


def save_picture(window: ChartWindow, ground: Ground, path: Path) -> None:
    """What is seen now, as a PNG under this name."""
    picture, store = window.picture, ground.model.store
    if picture is None:
        return
    path, zone = _named(path, ".png"), zone_of(store)
    range_ = f"{range_words(*window.chart.span, zone)}   {zone.key}"
    when = full(picture.now, zone)
    made = _("As it was {time}") if picture.past else _("As of {time}")
    said = f"{made.format(time=when)}, {store.author}"
    caption = Caption(store.operation.city, range_, said, store.operation.exercise)
    image = printout(window.chart, window.chart.inks(picture), caption, ground.appearance.theme)

    def work(_progress: Progress) -> Path:
        try:
            with whole(path) as part:
                if not image.save(str(part)):
                    raise OSError(_("it could not be written there"))
        except OSError as error:
            raise UserError(
                _("{name} could not be written: {reason}.").format(
                    name=path.name, reason=error.strerror or error
                ),
                hint=_("Nothing else was changed. Choose another folder, or make room on the disk."),
            ) from error
        return path

    job = ground.jobs.run(_("Save the chart"), work, done=lambda written: _tell_saved(ground, written))
    ground.running.watch(job)


def save_readings(window: ChartWindow, ground: Ground, path: Path) -> None:
    """Every reading of what is seen now, as CSV under this name."""
    picture, store = window.picture, ground.model.store
    if picture is None:
        return
    path = _named(path, ".csv")
    sensors = tuple(each.sensor for each in picture.stretches)
    since, until = (datetime.fromtimestamp(each, UTC) for each in window.chart.span)
    wanted = Excerpt(sensors, since, until, zone_of(store), store.operation.exercise)

    def work(progress: Progress) -> int:
        with ground.model.outlook.moment.reading() as query:
            return write_readings(path, query, wanted, progress)

    def done(count: int) -> None:
        said = ngettext("{count} reading written to {file}.", "{count} readings written to {file}.", count)
        ground.notices.tell(said.format(count=f"{count:,}", file=path.name))

    job = ground.jobs.run(_("Write {file}").format(file=path.name), work, done=done)
    ground.running.watch(job)


def _tell_saved(ground: Ground, path: Path) -> None:
    ground.notices.tell(_("The chart was written to {file}.").format(file=path.name))


def _named(path: Path, ending: str) -> Path:
    return path if path.suffix.lower() == ending else path.with_name(path.name + ending)


def _file_name(window: ChartWindow, ground: Ground, ending: str) -> str:
    """After the sensors and the time; an exercise says so first."""
    stretches = window.picture.stretches if window.picture is not None else ()
    names = " ".join(each.sensor.name for each in stretches)
    begin = datetime.fromtimestamp(window.chart.span[0], zone_of(ground.model.store))
    safe = "".join(c for c in names if c.isalnum() or c in " -_")[:LONGEST].strip() or "chart"
    exercise = "EXERCISE " if ground.model.store.operation.exercise else ""
    return f"{exercise}{safe} {begin:%Y-%m-%d}{ending}"
