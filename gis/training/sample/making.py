"""The sample city as a folder of files that any program can open: made once, whole or not at all."""

import os
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import mkdtemp

from gis.errors import UserError
from gis.progress import Progress
from gis.texts import _
from gis.training.sample.folder import SampleCity
from gis.training.sample.given import resource

SEED = 2026


def build(folder: Path, *, seed: int = SEED, progress: Progress | None = None) -> SampleCity:
    """The sample city in `folder`, made if it is not there yet: all of it or nothing.

    A complete city of the same recipe and seed is left as it is, an older one replaced. Raises
    `UserError` when the folder holds something else, or cannot be written; `Cancelled` when stopped.
    """
    city, wanted = _described(folder), _about(seed)
    if _stands(city, wanted):
        return city
    if folder.exists() and not city.about.is_file() and any(folder.iterdir()):
        raise UserError(
            _("The folder {folder} holds other files.").format(folder=folder.name),
            hint=_("Nothing was changed. Choose an empty folder for the sample city."),
        )
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        _make(city, seed, wanted, progress or Progress())
    except OSError as error:
        raise UserError(
            _("The sample city could not be written to {folder}.").format(folder=folder.name),
            hint=_("What was there before is unchanged. Reason: {reason}").format(reason=error),
        ) from error
    return city


def _make(city: SampleCity, seed: int, wanted: str, progress: Progress) -> None:
    from gis.training.sample.writing import write_city  # the drawing is only loaded when one is drawn

    folder = city.folder
    draft = Path(mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        made = _described(draft / "new")
        made.folder.mkdir()
        write_city(made, seed, progress)
        made.about.write_text(wanted, "utf-8")
        if not _stands(city, wanted):  # another desk may have been quicker
            _put(made.folder, folder, draft / "old")
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _put(made: Path, folder: Path, old: Path) -> None:
    """`made` takes the place of `folder`; if it cannot, what was there before comes back."""
    if folder.exists():
        os.replace(folder, old)
    try:
        os.replace(made, folder)
    except OSError:
        if old.exists():
            os.replace(old, folder)
        raise


def _stands(city: SampleCity, wanted: str) -> bool:
    """True when every file is there and the city is of the recipe and seed that is wanted."""
    try:
        return all(map(Path.is_file, city.files)) and city.about.read_text("utf-8") == wanted
    except (OSError, ValueError):
        return False


def _described(folder: Path) -> SampleCity:
    plan, night = resource("plan"), resource("night")
    start = datetime.fromisoformat(night["start"]).astimezone(UTC)
    end = start + timedelta(hours=night["hours"])
    return SampleCity(folder, plan["city"], plan["timezone"], plan["epsg"], start, end)


def _about(seed: int) -> str:
    plan = resource("plan")
    return (
        f'city = "{plan["city"]}"\ntimezone = "{plan["timezone"]}"\n'
        f"epsg = {plan['epsg']}\nrecipe = {plan['recipe']}\nseed = {seed}\n"
    )
