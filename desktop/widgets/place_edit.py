"""One box for every way to say where: a name, a coordinate, a grid reference."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QStringListModel, Qt, Signal
from PySide6.QtWidgets import QCompleter, QLineEdit, QWidget

from gis.geo.coords import as_dd
from gis.texts import _

AROUND = 28  # pixels beside the words of a suggestion: frame and scroll bar


@dataclass(frozen=True, slots=True)
class Spot:
    """A place as it was found: what to call it, and where it is (WGS84 degrees)."""

    name: str
    lon: float
    lat: float
    note: str = ""  # what had to be assumed


LookUp = Callable[[str], Sequence[Spot]]


class Suggestions(QStringListModel):
    """Rows to be chosen, unless they are `only_said`."""

    only_said = False

    def flags(self, index: QModelIndex | QPersistentModelIndex) -> Qt.ItemFlag:
        return Qt.ItemFlag.NoItemFlags if self.only_said else super().flags(index)


class PlaceEdit(QLineEdit):
    """Suggests while typing; `chosen` carries a `Spot` on Enter or on picking a suggestion."""

    chosen = Signal(object)
    missed = Signal(str)

    def __init__(self, look_up: LookUp) -> None:
        super().__init__()
        self._look_up, self._spots = look_up, dict[str, Spot]()
        self.spot: Spot | None = None
        self.setClearButtonEnabled(True)
        self.setPlaceholderText(_("Place, coordinate or grid reference"))
        self._words = Suggestions(self)
        completer = QCompleter(self._words, self)
        completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.activated.connect(self._take)
        self.setCompleter(completer)
        self.textEdited.connect(self._suggest)
        self.returnPressed.connect(self._enter)

    def put(self, spot: Spot) -> None:
        """Fill in a place that is already known."""
        self.spot = spot
        self.setText(spot.name)

    def resolve(self) -> Spot | None:
        """The place the text means: the one chosen, or the first that is found."""
        text = self.text().strip()
        if self.spot is not None and self.spot.name == text:
            return self.spot
        found = self._look_up(text) if text else ()
        self.spot = found[0] if found else None
        return self.spot

    def _suggest(self, text: str) -> None:
        self.spot = None
        spots = self._look_up(text.strip()) if text.strip() else ()
        self._spots = told_apart(spots)
        self._words.setStringList(list(self._spots))
        self._words.only_said = False
        self._widen()

    def answer(self, words: str) -> None:
        """Say something under the field, where a suggestion would be, until the next key."""
        self._spots = {}
        self._words.setStringList([words])
        self._words.only_said = True
        self._widen()
        self.completer().complete()

    def _widen(self) -> None:
        """Room for the longest suggestion: what had to be assumed stands at its end."""
        popup, room = self.completer().popup(), self.screen().availableGeometry().width()
        assert popup is not None
        popup.installEventFilter(self)
        popup.setMinimumWidth(min(popup.sizeHintForColumn(0) + AROUND, room))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A list of suggestions that is wider than the field stays on the screen."""
        if event.type() in (QEvent.Type.Move, QEvent.Type.Resize) and isinstance(watched, QWidget):
            over = watched.geometry().right() - self.screen().availableGeometry().right()
            if over > 0:
                watched.move(watched.x() - over, watched.y())
        return super().eventFilter(watched, event)

    def _take(self, name: object) -> None:
        spot = self._spots.get(str(name))
        if spot is not None:
            self.put(spot)
            self.chosen.emit(spot)

    def _enter(self) -> None:
        text, spot = self.text().strip(), self.resolve()
        if spot is not None:
            self.chosen.emit(spot)
        elif text:
            self.missed.emit(text)


def told_apart(spots: Sequence[Spot]) -> dict[str, Spot]:
    """Each under words of its own: of words that have two meanings both are offered, with where they lie."""
    often = Counter(spot.name for spot in spots)
    named: dict[str, Spot] = {}
    for spot in spots:
        where = as_dd(spot.lon, spot.lat)
        alone = often[spot.name] == 1 and not spot.note
        named[spot.name if alone else " · ".join(filter(None, (spot.name, where, spot.note)))] = spot
    return named
