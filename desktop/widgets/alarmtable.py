"""The list of alarms: one by one, or by area and cause; what is new waits while somebody is at it."""

from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent

from desktop.standing import Standing
from desktop.times import hm
from desktop.widgets.alarmrows import alarm_columns, alarm_row
from desktop.widgets.table import Column, RecordTable, Row
from gis.model.sensor import Quantity, Sensor
from gis.sensors.flood import Group, grouped
from gis.texts import _, ngettext

Line = Standing | Group[Standing]


def one(line: Line) -> Standing:
    """What a line stands for: a group for its worst alarm."""
    return line.worst if isinstance(line, Group) else line


def group_words(group: Group[Standing]) -> str:
    """Kali 1 and around, water level: 14 alarms, worst Siaga 1 at 4.50."""
    causes = {
        Quantity.LEVEL: _("water level"),
        Quantity.RAIN: _("rain"),
        Quantity.PUMP: _("pumps"),
        Quantity.OTHER: _("other values"),
    }
    cause = _("instruments") if group.trouble else causes[group.quantity]
    words = ngettext(
        "{place}, {cause}: {count} alarm, {limit}",
        "{place} and around, {cause}: {count} alarms, worst {limit}",
        len(group.members),
    )
    return words.format(
        cause=cause, place=group.around.name, count=len(group.members), limit=group.worst.limit
    )


class AlarmTable(RecordTable[Line]):
    """In a flood nothing moves while the pointer or the keys are in the list: lines stay where they are, what
    is over is struck through, and `news` says how many alarms wait to be let in by `settle`."""

    news = Signal(int, bool)  # so many alarms wait; the list waits to be grouped or ungrouped

    def __init__(self, zone: ZoneInfo) -> None:
        self._all: Sequence[Standing] = ()
        self._areas: Mapping[str, Sensor] | None = None
        self._shown_areas: Mapping[str, Sensor] | None = None
        self._flood = self._pointed = False
        self._opened: set[str] = set()
        self._gone: set[str] = set()
        self._came: set[str] = set()  # the alarms that wait to be let in
        super().__init__(_("Alarms"), self._lines(zone), self._row(zone))
        self.viewport().setMouseTracking(True)

    @property
    def in_hand(self) -> bool:
        """True while the pointer or the keys are in it."""
        return self.isVisible() and (self._pointed or self.hasFocus())

    def show_records(self, records: Sequence[Any], current: str = "") -> None:
        """Show these alarms; in a flood, and in hand, only what is shown already is brought up to date."""
        self._all = records
        if self._waits and self.in_hand and self.records.records and not current:
            self._refresh()
        else:
            self.settle(current)

    def group(self, area_of: Mapping[str, Sensor] | None, *, flood: bool) -> None:
        """Show alarms by area and cause, or one by one without areas; it waits for a hand in a `flood`."""
        if area_of is self._areas and flood == self._flood:
            return
        self._areas, held, self._flood = area_of, self._flood or flood, flood
        if held and self.in_hand and self.records.records:
            self._refresh()
        else:
            self.settle()

    def settle(self, current: str = "") -> set[str]:
        """Let in what waits, in its order; returns the ids of the alarms that did."""
        came, self._came = self._came, set[str]()
        self._shown_areas = self._areas
        self._gone.clear()
        super().show_records(self._wanted(), current)
        self.news.emit(0, False)
        return came

    def line_of(self, alarm_id: str) -> str:
        """The key of the line that shows an alarm: its own, or that of its group."""
        if self.records.row_of(alarm_id) >= 0 or self._shown_areas is None:
            return alarm_id
        holding = (g.key for g in grouped(self._all, self._shown_areas) if alarm_id in _ids(g))
        return next(holding, alarm_id)

    def current(self) -> Standing | None:
        """The current alarm; of a group its worst."""
        line = super().current()
        return None if line is None else one(line)

    def pick(self, key: str, *, quietly: bool = False) -> bool:
        """Make this alarm current, opening its group."""
        if self.records.row_of(key) < 0 and any(each.alarm.id == key for each in self._all):
            found = [] if self._areas is None else grouped(self._all, self._areas)
            self._opened.update(group.key for group in found if key in _ids(group))
            self.settle()
        return super().pick(key, quietly=quietly)

    def turn(self, group: Group[Standing], *, wide: bool | None = None) -> None:
        """Open a group or close it; what stood under it moves by the operator's own hand."""
        wide = group.key not in self._opened if wide is None else wide
        (self._opened.add if wide else self._opened.discard)(group.key)
        self.settle(group.key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        ways = {Qt.Key.Key_Right: True, Qt.Key.Key_Left: False}
        line = super().current()
        wide = ways.get(Qt.Key(event.key())) if event.key() in ways else None
        if wide is not None and isinstance(line, Group):
            self.turn(line, wide=wide)
        elif wide is False and isinstance(line, Standing) and self._shown_areas is not None:
            self._close_around(line)
        else:
            super().keyPressEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Enter, QEvent.Type.MouseMove):
            self._pointed = True
        elif event.type() == QEvent.Type.Leave:
            self._pointed = False
            self._let_go()
        return super().viewportEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self._let_go()

    # -- within

    def _let_go(self) -> None:
        if self._waits and not self.in_hand:
            self.settle()

    @property
    def _waits(self) -> bool:
        """True in a flood, and after it until the list has settled."""
        return self._flood or self._areas is not self._shown_areas or bool(self._came or self._gone)

    def _close_around(self, line: Standing) -> None:
        for group in grouped(self._all, self._shown_areas or {}):
            if line.alarm.id in _ids(group):
                self.turn(group, wide=False)

    def _wanted(self) -> list[Line]:
        if self._shown_areas is None:
            return [*self._all]
        lines: list[Line] = []
        for group in grouped(self._all, self._shown_areas):
            lines += [group, *(group.members if group.key in self._opened else ())]
        return lines

    def _refresh(self) -> None:
        """What is shown, as it is now and where it is; what is new is counted."""
        now = {_key(line): line for line in self._wanted()}
        shown = [_key(line) for line in self.records.records]
        self._gone = {key for key in shown if key not in now}
        super().show_records([now.get(_key(line), line) for line in self.records.records])
        new = [line for key, line in now.items() if key not in set(shown)]
        self._came = {each for line in new for each in _ids(line)}
        self.news.emit(len(self._came), self._areas is not self._shown_areas)

    def _lines(self, zone: ZoneInfo) -> list[Column[Line]]:
        p, state, time, value, what = alarm_columns(zone)

        def how(line: Line) -> str:
            if not isinstance(line, Group):
                return state.text(line)
            waiting = len(line.waiting)
            said = _("{count} new").format(count=waiting) if waiting else _("all ack")
            return f"{'▾' if line.key in self._opened else '▸'} {said}"

        def told(line: Line) -> str:
            if isinstance(line, Group):
                return group_words(line)
            return ("    " if self._shown_areas is not None else "") + what.text(line)

        return [
            Column(p.title, lambda _line: "", lambda line: p.icon(one(line)), p.widest),
            Column(state.title, how, widest=state.widest),
            Column(time.title, lambda line: hm(one(line).since, zone), widest=time.widest),
            Column(value.title, lambda line: one(line).now, widest=value.widest),
            Column(what.title, told),
        ]

    def _row(self, zone: ZoneInfo) -> Row[Line]:
        alone = alarm_row(zone)

        def words(line: Line) -> str:
            if not isinstance(line, Group):
                over = _("Over: {what}").format(what=alone.words(line))
                return over if line.alarm.id in self._gone else alone.words(line)
            waiting = ngettext("{count} new", "{count} new", len(line.waiting))
            worst = alone.words(line.worst)
            return f"{group_words(line)}, {waiting.format(count=len(line.waiting))}. {worst}"

        return Row(_key, words, lambda line: one(line).waits, struck=lambda line: _key(line) in self._gone)


def _key(line: Line) -> str:
    return line.key if isinstance(line, Group) else line.alarm.id


def _ids(line: Line) -> set[str]:
    lines = line.members if isinstance(line, Group) else (line,)
    return {each.alarm.id for each in lines}
