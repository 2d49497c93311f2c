"""Which messages may have waited at the broker while nobody was here."""

_LULL_S = 0.5  # what has waited comes in one go; a pause ends it
_LONGEST_S = 600.0


class Arrears:
    """Of one connection, before which we were `away_s`. Times in seconds of a clock that only goes forward.

    MQTT does not say when a message was sent. A message without a time of its own counts as measured when it
    came, which is wrong for one that has waited: such a one is late. What can be wrong by less than an
    instrument's own rhythm is not.
    """

    def __init__(self, away_s: float, now_s: float) -> None:
        self._away_s, self._began_s, self._last_s = away_s, now_s, now_s
        self._over = away_s <= 0
        self._lanes: dict[str, float] = {}
        self._live: set[str] = set()

    def late(self, lane: str, rhythm_s: float, now_s: float) -> bool:
        """True for a message of an instrument (`lane`) that perhaps was sent while we were away."""
        pause_s, self._last_s = now_s - self._last_s, now_s
        self._over = self._over or pause_s >= _LULL_S or now_s - self._began_s > _LONGEST_S
        if self._over or self._away_s <= rhythm_s or lane in self._live:
            return False
        if now_s - self._lanes.get(lane, now_s) >= _LULL_S:
            self._live.add(lane)
            return False
        self._lanes[lane] = now_s
        return True
