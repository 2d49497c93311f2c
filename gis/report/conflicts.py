"""Fields that two desks have said different things about, and nobody has decided yet."""

from gis.model.incident import Incident
from gis.model.sensor import Sensor
from gis.report.content import Claim, ConflictLine
from gis.store import Query
from gis.store.journal.edit import Edit
from gis.texts import _
from gis.words.terms import FIELDS


def conflicts_of(query: Query) -> tuple[ConflictLine, ...]:
    """Every disputed field with all its claims, the shown one first."""
    names = {incident.id: incident.number for incident in query.find(Incident, void=None)}
    names |= {sensor.id: sensor.name for sensor in query.find(Sensor, void=None)}
    return tuple(
        ConflictLine(names.get(record, _("another record")), FIELDS.get(field, field), _claims(heads))
        for kind, record in query.disputed()
        for field, heads in query.standing(kind, record).items()
        if any(head.value != heads[0].value for head in heads)
    )


def _claims(heads: list[Edit]) -> tuple[Claim, ...]:
    return tuple(Claim(_spoken(head.value), head.who, head.at) for head in heads)


def _spoken(value: object) -> str:
    return _("not known") if value is None or value == "" else str(value)
