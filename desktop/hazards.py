"""What others warn of, at the desk: listed, told of, and pointed out when it is grave and near."""

from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import QObject, QTimer

from desktop.notices import Notices
from desktop.panels.hazards import HazardPage, HazardsPanel
from desktop.theme import Appearance
from desktop.times import month_day
from desktop.work import HAZARDS, Work, box_on_map, zone_of
from gis.geo.extent import Extent
from gis.model.hazard import HazardAlert
from gis.ops.hazards import GRAVE, concerns, standing
from gis.store import Change, Query
from gis.texts import _
from gis.words.terms import SEVERITY

BEAT_MS = 20_000  # what has expired leaves the map and the list


class Hazards(QObject):
    """Warnings of the moment that is looked at. A grave one for the city is pointed out once, as it comes."""

    def __init__(
        self, work: Work, appearance: Appearance, notices: Notices, home: Callable[[], Extent]
    ) -> None:
        super().__init__()
        self._appearance, self._notices, self._home = appearance, notices, home
        self._work, self._outlook = work, work.model.outlook
        self._zone = zone_of(work.model.store)
        self.list, self.page = HazardsPanel(self._zone), HazardPage(self._zone)
        self._shown: Sequence[HazardAlert] = ()
        self._told: dict[str, datetime] = {}  # those pointed out, by when they were sent
        self._said = ""
        self._beat = QTimer(self.list, interval=BEAT_MS)  # ends with what it keeps up to date
        self._join()

    def _join(self) -> None:
        self._outlook.changed.connect(self._on_changed)
        self._work.model.selection.changed.connect(lambda _now: self._tell())
        self.list.picked.connect(self.select)
        self.list.opened.connect(self._open)
        self.page.zoom.connect(self.zoom)
        self._appearance.changed.connect(lambda _theme: self._tell())
        self._beat.timeout.connect(self.look)

    def begin(self) -> None:
        """Look now, and from now on."""
        self._beat.start()
        self.look()

    def look(self) -> None:
        """Ask what holds at the moment looked at."""
        if self._outlook.live:
            self._outlook.ask_now(_standing, self._show, self)
        else:
            self._outlook.ask(self, _standing, self._show)

    def select(self, alert: HazardAlert) -> None:
        """Select a warning, wherever it was picked, and bring it into sight."""
        self._work.model.selection.select(HAZARDS, alert.id)
        if alert.place is not None:
            middle = alert.place.representative_point()
            self._work.reveal(middle.x, middle.y)

    def zoom(self, alert: HazardAlert | None) -> None:
        """Show all of its area."""
        if alert is None or alert.place is None:
            return
        west, south, east, north = alert.place.bounds
        if west == east and south == north:
            self._work.panels.map.show_place(west, south)
        else:
            box = box_on_map((west, south, east, north), self._work.model.stack.crs)
            self._work.panels.map.canvas.zoom_to(box)

    def _open(self, alert: HazardAlert) -> None:
        self.select(alert)
        self._work.panels.map.canvas.setFocus()

    def _on_changed(self, change: Change) -> None:
        if change.touches(HazardAlert):
            self.look()
            self._tell()

    def _show(self, found: list[HazardAlert]) -> None:
        gone = {alert.id for alert in self._shown} - {alert.id for alert in found}
        self._shown = found
        self.list.show_alerts(found)
        if gone:  # nothing was written: it has only expired
            self._work.model.stack.refresh(HazardAlert)
            self._tell()
        if self._outlook.live:
            self._point_out(found)

    def _point_out(self, found: Sequence[HazardAlert]) -> None:
        """Say what is grave, near and new; the word for what is over goes away."""
        near = [each for each in found if self._is_grave(each)]
        new = [each for each in near if self._told.get(each.id) != each.sent]
        self._told = {each.id: each.sent for each in near}
        notices = self._notices
        if self._said and (new or not near):
            notices.withdraw(self._said)
            self._said = ""
        if new:
            self._said = self._words(new)
            notices.offer(self._said, _("Show"), lambda: self._open(new[0]))

    def _is_grave(self, alert: HazardAlert) -> bool:
        return alert.is_real and alert.severity in GRAVE and concerns(alert, self._home())

    def _words(self, new: Sequence[HazardAlert]) -> str:
        first = new[0]
        words = _("{severity} warning: {what}. {sender}, until {time}.").format(
            severity=SEVERITY[first.severity],
            what=(first.headline or first.event).rstrip("."),
            sender=first.sender,
            time=month_day(first.expires, self._zone),
        )
        return words if len(new) == 1 else _("{words} {count} more.").format(words=words, count=len(new) - 1)

    def _tell(self) -> None:
        """Show all that is said of the selected warning."""
        now = self._work.model.selection.now
        if now.layer_id != HAZARDS or len(now.ids) != 1:
            return
        alert_id = str(next(iter(now.ids)))

        def question(query: Query) -> tuple[HazardAlert | None, bool]:
            alert = query.known(HazardAlert, alert_id)
            return alert, alert is not None and alert.holds(query.at)

        self._outlook.ask(self.page, question, self._show_page)

    def _show_page(self, answer: tuple[HazardAlert | None, bool]) -> None:
        alert, holds = answer
        now = self._work.model.selection.now
        if alert is None or now.layer_id != HAZARDS or alert.id not in now.ids:
            return
        self.page.show_alert(alert, self._appearance.theme, holds=holds)
        self._work.panels.detail.show_page(self.page)


def _standing(query: Query) -> list[HazardAlert]:
    return standing(query, query.at)
