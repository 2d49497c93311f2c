"""What a committed write touched: enough for a view to decide whether to look again."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Change:
    """Kinds are record types and `Reading`; ids are record ids, and sensor ids for readings.

    `whole`: all of these kinds, whatever their ids.
    """

    label: str
    kinds: frozenset[type]
    ids: frozenset[str]
    whole: bool = False

    def touches(self, *kinds: type) -> bool:
        return not self.kinds.isdisjoint(kinds)

    def names(self, record_id: str) -> bool:
        return self.whole or record_id in self.ids
