"""What others warn of: taken in as it comes, kept up to date, asked about."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid5

from shapely import box

from gis.geo.extent import Extent
from gis.geo.measure import distance_to_m
from gis.model.hazard import HazardAlert, HazardMessage
from gis.model.incident import Severity
from gis.store import Query, Store, Tx
from gis.texts import _

GRAVE = (Severity.EXTREME, Severity.SEVERE)
MOST_EARLIER = 50  # names of replaced messages that are remembered
STEP = 200  # messages in one step of writing
_OURS = UUID("6f2b9c0e-5d1f-4b58-9a36-0c7c3f1f4a52")


def take_in(store: Store, messages: Sequence[HazardMessage], author: str) -> int:
    """Keep what was said, oldest first, in steps of bounded size; returns how many warnings changed."""
    ordered = sorted(messages, key=lambda said: said.sent)
    changed = 0
    for start in range(0, len(ordered), STEP):
        part = ordered[start : start + STEP]
        changed += store.write(_("Warnings"), lambda tx, part=part: len(hear(tx, part)), author)
    return changed


def hear(tx: Tx, messages: Iterable[HazardMessage]) -> list[HazardAlert]:
    """Let messages count, in any order and as often as they come. Returns the warnings that changed.

    An update replaces what it names, a cancellation ends it, and of two messages about one thing the newer
    counts, whichever came first. Two updates of one message both stand: each may speak of a part of it.
    """
    changed = heard(tx.find(HazardAlert, void=None), messages, tx.at)
    for alert in changed:
        tx.put(alert)
    return changed


def heard(
    alerts: Iterable[HazardAlert], messages: Iterable[HazardMessage], now: datetime
) -> list[HazardAlert]:
    """What messages make of the warnings there are, struck out ones among them: those that changed."""
    known = _Known(alerts)
    for said in sorted(messages, key=lambda said: said.sent):
        _hear(known, said, now)
    return [*known.changed.values()]


class _Known:
    """Every warning there is, found by any name it ever had."""

    def __init__(self, alerts: Iterable[HazardAlert]) -> None:
        self._alerts = dict[str, HazardAlert]()
        self._by_name = defaultdict[str, set[str]](set)
        self.changed = dict[str, HazardAlert]()
        for alert in alerts:
            self._hold(alert)

    def put(self, alert: HazardAlert) -> None:
        if self._alerts.get(alert.id) != alert:
            self._hold(alert)
            self.changed[alert.id] = alert

    def ever(self, names: Iterable[str]) -> list[HazardAlert]:
        """Those that have, or had, one of these names; in their order."""
        ids = {alert_id for name in names for alert_id in self._by_name.get(name, ())}
        return sorted((self._alerts[each] for each in ids), key=lambda alert: (alert.part, alert.id))

    def _hold(self, alert: HazardAlert) -> None:
        self._alerts[alert.id] = alert
        for name in _ever(alert):
            self._by_name[name].add(alert.id)


def _hear(known: _Known, said: HazardMessage, now: datetime) -> None:
    if any(alert.sent >= said.sent for alert in known.ever(said.names)):
        return  # heard before, or replaced by what is newer
    meant = {*said.names, *said.follows}
    before = [alert for alert in known.ever(meant) if alert.sent <= said.sent]
    current = [alert for alert in before if meant & {*alert.names.splitlines()}]
    if said.over:
        _end(known, said, current or before, now)
        return
    places = {alert.part: alert for alert in reversed(current)}
    for alert in said.alerts:
        place = places.pop(alert.part, None)
        if place is not None:
            current.remove(place)
            known.put(replace(alert, id=place.id, void=place.void, earlier=_earlier(said, [place])))
        elif alert.expires > now:
            known.put(replace(alert, id=_id_of(alert), earlier=_earlier(said, current)))
    for alert in current:
        known.put(_ended(alert, said))


def _end(known: _Known, said: HazardMessage, meant: list[HazardAlert], now: datetime) -> None:
    """End what is meant. What is not known yet is remembered as ended, for it may come late."""
    for alert in meant:
        known.put(_ended(alert, said))
    for alert in said.alerts:
        if not meant and alert.expires > now:
            alone = replace(alert, id=_id_of(alert), ended_at=said.sent)
            known.put(replace(alone, earlier=_earlier(said, [])))


def _ended(alert: HazardAlert, said: HazardMessage) -> HazardAlert:
    names = "\n".join([*said.names, _earlier(said, [alert])])
    return replace(alert, ended_at=alert.ended_at or said.sent, sent=said.sent, earlier=names)


def _ever(alert: HazardAlert) -> list[str]:
    """All its names, its own first."""
    return [*alert.names.splitlines(), *alert.earlier.splitlines()]


def _earlier(said: HazardMessage, replaced: Iterable[HazardAlert]) -> str:
    names = [*said.follows, *(name for alert in replaced for name in _ever(alert))]
    return "\n".join([name for name in dict.fromkeys(names) if name not in said.names][:MOST_EARLIER])


def _id_of(alert: HazardAlert) -> str:
    """The same on every desk that hears the same message, so that two desks have it once."""
    return str(uuid5(_OURS, f"{alert.names.partition(chr(10))[0]} {alert.part}"))


def standing(query: Query, at: datetime) -> list[HazardAlert]:
    """The warnings that hold at a moment, real ones first, then the gravest, then the newest."""
    found = [alert for alert in query.find(HazardAlert) if alert.holds(at)]
    return sorted(found, key=lambda a: (not a.is_real, a.severity.priority, -a.sent.timestamp()))


def concerns(alert: HazardAlert, city: Extent) -> bool:
    """True where a warning reaches the city (WGS84). Of one without a shape it is not known: False.

    A quake reaches as far as it may be felt, by a rule of thumb of ours: 10 ** (M / 2 - 0.8) kilometres.
    """
    if alert.place is None:
        return False
    if alert.magnitude is None:
        return bool(alert.place.intersects(box(*city)))
    felt_m = 1_000 * 10 ** (alert.magnitude / 2 - 0.8)
    middle = alert.place.representative_point()
    return distance_to_m(box(*city), middle.x, middle.y) <= felt_m
