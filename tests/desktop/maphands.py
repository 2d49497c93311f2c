"""Hands on the map of a desk."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from gis.model.drawing import Drawing


class Hands:
    def __init__(self, sitting) -> None:
        self.sitting, self.canvas = sitting, sitting.panels.map.canvas
        self.altering = sitting.desk.altering
        self.board = self.altering.board

    def at(self, x: int, y: int) -> QPoint:
        """So many pixels right of and below the middle."""
        return QPoint(self.canvas.width() // 2 + x, self.canvas.height() // 2 + y)

    def click(self, x: int, y: int, held=Qt.KeyboardModifier.NoModifier) -> None:
        QTest.mouseMove(self.canvas, self.at(x, y))
        QTest.mouseClick(self.canvas, Qt.MouseButton.LeftButton, held, self.at(x, y))

    def drag(self, *places: tuple[int, int]) -> None:
        first, *rest = places
        QTest.mouseMove(self.canvas, self.at(*first))
        QTest.mousePress(
            self.canvas, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, self.at(*first)
        )
        for place in rest:
            QTest.mouseMove(self.canvas, self.at(*place))
        QTest.mouseRelease(
            self.canvas, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, self.at(*rest[-1])
        )

    def take(self, letter: str) -> None:
        """Ctrl+D and a letter; the offscreen platform knows no chords, so the act itself."""
        acts = {"P": "polygon", "L": "line", "C": "circle", "R": "rectangle", "M": "marker", "T": "text"}
        self.sitting.window.perform(acts.get(letter) or letter)

    def drawn(self) -> list[Drawing]:
        return [each for each in self.sitting.records(Drawing) if not each.void]

    def one(self) -> Drawing:
        self.sitting.wait(lambda: len(self.drawn()) == 1)
        return self.drawn()[0]

    def leave_title(self) -> None:
        self.sitting.wait(lambda: self.altering.form.isVisible())
        self.sitting.press("Esc")

    def metres(self, pixels: float) -> float:
        return pixels * self.canvas.view.units_per_pixel
