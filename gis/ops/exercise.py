"""The wall between practice and the real thing."""

from gis.errors import UserError
from gis.store import Operation
from gis.texts import _


def admit(here: Operation, *, from_exercise: bool) -> None:
    """Let something from elsewhere into this operation.

    Raises `UserError` when it comes from an exercise and this operation is a real one: practice never
    becomes fact. The other way is open, so that a real night can be practised again.
    """
    if from_exercise and not here.exercise:
        raise UserError(
            _("This comes from an exercise and was not let into a real operation."),
            hint=_("Nothing was changed. Open the exercise it belongs to, and take it in there."),
        )


def require(here: Operation) -> None:
    """Raises `UserError` unless this operation is an exercise, for good."""
    if not here.exercise:
        raise UserError(
            _("{city} is a real operation: no exercise can be played in it.").format(city=here.city),
            hint=_("Nothing was changed. Start an exercise in a folder of its own."),
        )
