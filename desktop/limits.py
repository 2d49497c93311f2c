"""The limits at work: asked of the log, shown in region 7, set, turned off and on, copied, and tried out."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from PySide6.QtCore import QObject

from desktop.charts.course import Course
from desktop.forms.limit import Limit
from desktop.forms.limit_trial import Trial
from desktop.forms.limits import Known, LimitsForm
from desktop.notices import Notices
from desktop.standing import Standing
from desktop.theme import Appearance
from desktop.work import Work, zone_of
from gis.model.record import to_us
from gis.model.sensor import AlarmRule, Condition, Sensor
from gis.ops import sensors
from gis.progress import Progress
from gis.sensors.logic import logics
from gis.sensors.rehearsal import rehearse
from gis.store import Change, Query, Tx
from gis.texts import _, ngettext

LOOK_BACK = timedelta(days=30)


class Limits(QObject):
    """Of now: a limit of an earlier instant cannot be changed."""

    def __init__(self, work: Work, appearance: Appearance, notices: Notices) -> None:
        super().__init__()
        self._work, self._notices, self._pen = work, notices, work.model.pen
        self._outlook = work.model.outlook
        self.form = LimitsForm(zone_of(work.model.store), appearance.theme)
        work.panels.detail.hold(self.form)
        appearance.changed.connect(self.form.trial.wear)
        self._join()

    def _join(self) -> None:
        form = self.form
        form.saved.connect(self.set)
        form.turned.connect(self._turn)
        form.copied.connect(self._copy)
        form.watched.connect(self._watch)
        form.tried.connect(self._try)
        self._outlook.changed.connect(self._on_changed)
        self._work.panels.alarms.limits.connect(self._open_of)
        self._work.panels.detail.limits.connect(self.open_at)

    def _open_of(self, line: Standing) -> None:
        self.open_at(line.sensor.id, line.alarm.rule_id)

    def open(self) -> None:
        """The limits of the instrument, or of the alarm, that was chosen last; of all when none was."""
        chosen = self._work.chosen
        match chosen:
            case Standing():
                self._open_of(chosen)
            case Sensor():
                self.open_at(chosen.id)
            case _:
                self.open_at("")

    def open_at(self, sensor_id: str, rule_id: str = "") -> None:
        """The limits of one instrument, this one of them current."""
        if not self._pen.ready(lambda: self.open_at(sensor_id, rule_id)):
            return
        self._look()
        self._work.panels.detail.show_form(self.form)
        self.form.choose(sensor_id, rule_id)

    def set(self, limit: Limit) -> None:
        """Set what was filled in; what was typed stays until it is on the disk."""

        def verb(tx: Tx) -> AlarmRule:
            rule = sensors.set_rule(tx, limit.rule)
            sensors.set_conditions(tx, rule.id, limit.conditions)
            return rule

        def done(rule: AlarmRule) -> None:
            self._tell(_("{level} is set.  Ctrl+Z takes it back.").format(level=rule.level))
            self._look()
            self.form.choose(rule.sensor_id if self.form.sensor.currentData() else "", rule.id)

        self._pen.write(_("Set limit"), verb, done)

    def _turn(self, rule: AlarmRule, on: bool) -> None:
        act, label = (sensors.turn_on, _("Turn limit on")) if on else (sensors.turn_off, _("Turn limit off"))
        told = _("{level} is on again.") if on else _("{level} is turned off.  Ctrl+Z takes it back.")
        self._pen.write(
            label, lambda tx: act(tx, rule.id), lambda done: self._tell(told.format(level=done.level))
        )

    def _copy(self, rule: AlarmRule, targets: Sequence[str]) -> None:
        def done(made: Sequence[AlarmRule]) -> None:
            words = ngettext(
                "{level} is set on {count} more instrument.",
                "{level} is set on {count} more instruments.",
                len(made),
            )
            self._tell(words.format(level=rule.level, count=len(made)))
            self.form.show_list()

        self._pen.write(_("Copy limit"), lambda tx: sensors.copy_rule(tx, rule.id, targets), done)

    def _watch(self, sensor: Sensor) -> None:
        def done(made: Sequence[AlarmRule]) -> None:
            added = _("{name} rings when it is silent or doubtful, from now on.")
            there = _("{name} is watched over already.")
            self._tell((added if made else there).format(name=sensor.name))

        self._pen.write(_("Watch over an instrument"), lambda tx: sensors.watch_over(tx, sensor.id), done)

    def _try(self, limit: Limit) -> None:
        self._outlook.ask_now(lambda query: tried(query, limit), self._tried, self)

    def _tried(self, trial: Trial | None) -> None:
        if trial is not None:
            self.form.show_trial(trial)

    def _look(self) -> None:
        self._outlook.ask(self, known, self.form.show_known)

    def _tell(self, words: str) -> None:
        self._notices.tell(words)

    def _on_changed(self, change: Change) -> None:
        if self.form.isVisible() and change.touches(Sensor, AlarmRule, Condition):
            self._look()


def known(query: Query) -> Known:
    """All that the form shows."""
    fitted = {sensor.id: sensor for sensor in query.find(Sensor)}
    rules = (rule for rule in query.find(AlarmRule, void=None) if rule.sensor_id in fitted)
    return Known(fitted, tuple(rules), tuple(query.find(Condition)))


def tried(query: Query, limit: Limit) -> Trial | None:
    """What a limit would have done lately, by the judgement of the desk itself; None when its instrument is
    not there any more."""
    fitted = {sensor.id: sensor for sensor in query.find(Sensor)}
    found = logics([replace(limit.rule, void=False)], limit.conditions, fitted)
    if not found:
        return None
    logic, begin = found[0], query.at - LOOK_BACK
    before = begin - timedelta(microseconds=logic.reach_us)
    readings = {key: query.series(key, before, query.at) for key in logic.sensors}
    alarms = rehearse([logic], readings, query.at, Progress())
    kept = tuple(alarm for alarm in alarms if alarm.raised_at is not None and alarm.raised_at >= begin)
    seen = readings[limit.rule.sensor_id].between(to_us(begin), to_us(query.at))
    return Trial(limit, Course(logic.own.sensor, seen, (limit.rule,), (), query.at), kept, begin)
