"""One line of the legend."""

from dataclasses import dataclass

from layers.roles import Role
from layers.sources.base import Source
from layers.style import Style, together
from layers.timed import Timing


@dataclass(frozen=True, slots=True)
class Layer:
    """What to show and how. Changed only by being replaced in the stack.

    `group` is the heading it stands under in the tree; `opacity` is 0 to 1. It is drawn while the scale
    denominator lies between `min_scale` and `max_scale` (None: no limit). `problem` is the reason why it
    cannot be drawn, in words for a person: the layer keeps its line in the tree. `notice` is what a person
    should know of it at this moment, though it is drawn. `role` is what it is to the desk. With a
    `timing` only what belongs to the instant that is looked at is shown.
    """

    id: str
    title: str
    source: Source
    style: Style
    visible: bool = True
    opacity: float = 1.0
    group: str = ""
    min_scale: float | None = None
    max_scale: float | None = None
    problem: str = ""
    notice: str = ""
    role: Role = Role.OTHER
    timing: Timing | None = None

    def shown_at(self, scale: float) -> bool:
        """True when it is to be drawn at 1 : `scale`."""
        return self.visible and not self.problem and self.near_enough(scale) and self.far_enough(scale)

    def near_enough(self, scale: float) -> bool:
        """Points that are shown together are no clutter from however far."""
        return self.max_scale is None or scale <= self.max_scale or together(self.style.rule, scale)

    def far_enough(self, scale: float) -> bool:
        return self.min_scale is None or scale >= self.min_scale
