"""The picture of a layer while it is being read: it gains with every piece that comes."""

from collections.abc import Callable
from dataclasses import replace
from time import monotonic

from PySide6.QtGui import QImage

from desktop.canvas.painter import Paint, blank, paint_onto
from desktop.canvas.sheets import Picture
from gis.geo.features import Features
from layers.build import Sheet, laid_out
from layers.index import as_read
from layers.layer import Layer
from layers.scene import Mark, Scene
from layers.style import together

SHOW_EVERY_S = 0.08


class Growing:
    """Paints pieces as they come, below each other in the order of the file, and has them shown.

    `sheet` says which part of the map is wanted now: when it is another, all pieces so far are painted on it.
    To be used by one thread.
    """

    def __init__(
        self, layer: Layer, sheet: Callable[[], Sheet], style: Paint, show: Callable[[Picture], None]
    ) -> None:
        self._layer, self._wanted, self._style, self._show = layer, sheet, style, show
        self._pieces: list[Features] = []
        self._sheet: Sheet | None = None
        self._image: QImage | None = None
        self._marks: list[Mark] = []
        self._painted, self._shown = 0, 0.0

    def take(self, piece: Features | None) -> None:
        """One more piece; None: those so far are void."""
        if piece is None:
            self._pieces, self._sheet, self._image = [], None, None
            return
        self._pieces.append(piece)
        if len(self._pieces) > 1:  # of a layer in one piece the true picture comes at once
            self._catch_up()
        if self._image is not None and monotonic() - self._shown > SHOW_EVERY_S:
            self._have_shown()

    def finish(self) -> None:
        """All have come: have them shown."""
        if self._image is not None:
            self._have_shown()

    def _catch_up(self) -> None:
        """Paint what is not painted yet on the part of the map that is wanted now."""
        sheet = self._wanted()
        if together(self._layer.style.rule, sheet.scale):
            return  # crowds are counted when all are there
        if sheet != self._sheet:
            self._sheet, self._marks, self._painted = sheet, [], 0
            self._image = blank(sheet.view.width, sheet.view.height, self._style.ratio)
        for each in self._pieces[self._painted :]:
            self._paint(each, sheet)
        self._painted = len(self._pieces)

    def _have_shown(self) -> None:
        assert self._image is not None
        assert self._sheet is not None
        view = self._sheet.view
        self._show(Picture(view, self._image.copy(), Scene(self._layer.id, view, tuple(self._marks))))
        self._shown = monotonic()

    def _paint(self, piece: Features, sheet: Sheet) -> None:
        assert self._image is not None
        scene = laid_out(self._layer, [as_read(piece, self._style.progress)], sheet, self._style.progress)
        paint_onto(self._image, replace(scene, names=()), self._style)
        self._marks += scene.marks
