"""Pictures that show the same piece of the map are laid over one another once, and then move as one."""

from collections.abc import Iterable
from itertools import groupby

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QImage, QPainter

from desktop.canvas.painter import blank
from desktop.canvas.sheets import Picture
from layers.view import MapView

Pile = tuple[tuple[Picture, float], ...]  # from the bottom, each with its opacity


class Flattened:
    """What was flattened for the last frame, so that the next one finds it again: scaling one picture
    instead of a dozen is what keeps a zoom smooth."""

    def __init__(self) -> None:
        self._kept: dict[Pile, QImage] = {}

    def sheets(self, shown: Iterable[tuple[Picture, float]]) -> list[tuple[MapView, QImage]]:
        """As few images as say the same, from the bottom: neighbours of one view become one."""
        full = [(picture, opacity) for picture, opacity in shown if picture.image is not None]
        piles = [(view, tuple(pile)) for view, pile in groupby(full, key=lambda each: each[0].view)]
        self._kept = {pile: self._kept.get(pile) or flat(view, pile) for view, pile in piles}
        return [(view, self._kept[pile]) for view, pile in piles]


def lay(painter: QPainter, here: MapView, sheet: MapView, image: QImage) -> None:
    """A picture of `sheet`, moved and scaled to where it belongs on a screen that shows `here`."""
    unit, ratio = here.units_per_pixel, image.devicePixelRatio()
    (left, _s, _e, top), (here_left, _hs, _he, here_top) = sheet.extent, here.extent
    x, y = (left - here_left) / unit, (here_top - top) / unit
    grow = sheet.units_per_pixel / unit
    if grow == 1.0:  # on whole device pixels nothing has to be smoothed: fast and sharp
        painter.drawImage(QPointF(round(x * ratio) / ratio, round(y * ratio) / ratio), image)
    else:
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(QRectF(x, y, sheet.width * grow, sheet.height * grow), image)


def flat(view: MapView, pile: Pile) -> QImage:
    """One image of all of them; of a single opaque picture its own."""
    images = [(picture.image, opacity) for picture, opacity in pile if picture.image is not None]
    if len(images) == 1 and images[0][1] == 1.0:
        return images[0][0]
    image = blank(view.width, view.height, images[0][0].devicePixelRatio())
    painter = QPainter(image)
    for each, opacity in images:
        painter.setOpacity(opacity)
        painter.drawImage(QPointF(0, 0), each)
    painter.end()
    return image
