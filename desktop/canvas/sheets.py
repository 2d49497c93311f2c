"""Pictures that grow towards where the map is moved: what is painted already is not painted again."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace

from PySide6.QtCore import QPointF, QRect
from PySide6.QtGui import QImage, QPainter

from desktop.canvas.painter import blank
from layers.scene import Scene
from layers.view import MapView

KEPT_BYTES = 256 * 2**20  # of pictures at other scales, for who zooms back


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A painted layer, and which piece of the map it shows. No image: nothing is there to be seen."""

    view: MapView
    image: QImage | None
    scene: Scene

    def shows(self, view: MapView) -> bool:
        """Sharp, and all of it."""
        return self.view.units_per_pixel == view.units_per_pixel and self.view.covers(view)


def aligned(view: MapView) -> MapView:
    """The same view, moved by less than a pixel so that all pictures of one scale share their pixels."""
    unit = view.units_per_pixel
    west, _south, _east, north = view.extent
    return replace(
        view,
        x=round(west / unit) * unit + view.width * unit / 2,
        y=round(north / unit) * unit - view.height * unit / 2,
    )


def offset(view: MapView, of: MapView) -> tuple[int, int]:
    """Where the left upper corner of `of` lies in `view`, in pixels; both aligned, of one scale."""
    west, _south, _east, north = view.extent
    here_west, _s, _e, here_north = of.extent
    unit = view.units_per_pixel
    return round((here_west - west) / unit), round((north - here_north) / unit)


def part(view: MapView, box: QRect) -> MapView:
    """The piece of `view` in `box`, as a view of its own."""
    west, _south, _east, north = view.extent
    unit = view.units_per_pixel
    return MapView(
        west + (box.x() + box.width() / 2) * unit,
        north - (box.y() + box.height() / 2) * unit,
        unit,
        box.width(),
        box.height(),
    )


def missing(view: MapView, old: MapView) -> list[QRect]:
    """What of `view` is not on a picture of `old`: up to four boxes that do not overlap."""
    whole = QRect(0, 0, view.width, view.height)
    x, y = offset(view, old)
    there = QRect(x, y, old.width, old.height) & whole
    if there.isEmpty():
        return [whole]
    boxes = [
        QRect(0, 0, view.width, there.top()),
        QRect(0, there.bottom() + 1, view.width, view.height - there.bottom() - 1),
        QRect(0, there.top(), there.left(), there.height()),
        QRect(there.right() + 1, there.top(), view.width - there.right() - 1, there.height()),
    ]
    return [box for box in boxes if not box.isEmpty()]


def is_of_use(old: Picture, view: MapView, ratio: float) -> bool:
    """True when a picture at `view` may begin with what `old` shows."""
    if old.view.units_per_pixel != view.units_per_pixel or ratio != int(ratio):
        return False
    if old.image is not None and old.image.devicePixelRatio() != ratio:
        return False
    painted = sum(box.width() * box.height() for box in missing(view, old.view))
    return painted < 0.75 * view.width * view.height


def extended(
    old: Picture, view: MapView, ratio: float, paint: Callable[[MapView], QImage | None]
) -> QImage | None:
    """The picture of `view`: what `old` shows of it, and the rest as `paint` makes it."""
    pieces = [(box, paint(part(view, box))) for box in missing(view, old.view)]
    if old.image is None and not any(image for _box, image in pieces):
        return None
    made = blank(view.width, view.height, ratio)
    painter = QPainter(made)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
    if old.image is not None:
        painter.drawImage(QPointF(*offset(view, old.view)), old.image)
    for box, image in pieces:
        if image is not None:
            painter.drawImage(QPointF(box.topLeft()), image)
    painter.end()
    return made


class Shelf:
    """Pictures at scales that were looked at before, the oldest given up when they are too many."""

    def __init__(self, most_bytes: int = KEPT_BYTES) -> None:
        self._most, self._bytes = most_bytes, 0
        self._kept: OrderedDict[tuple[str, float], Picture] = OrderedDict()

    def put(self, layer_id: str, picture: Picture) -> None:
        key = layer_id, picture.view.units_per_pixel
        self._drop(key)
        self._kept[key] = picture
        self._bytes += _bytes(picture)
        while self._bytes > self._most and len(self._kept) > 1:
            self._drop(next(iter(self._kept)))

    def find(self, layer_id: str, view: MapView) -> Picture | None:
        """What was painted of a layer at the scale of `view`, if it shows the middle of it."""
        picture = self._kept.get((layer_id, view.units_per_pixel))
        return picture if picture and picture.view.covers(view.sized(1, 1)) else None

    def forget(self, layer_id: str) -> None:
        """What was painted of a layer is not true any more."""
        for key in [key for key in self._kept if key[0] == layer_id]:
            self._drop(key)

    def clear(self) -> None:
        self._kept.clear()
        self._bytes = 0

    def _drop(self, key: tuple[str, float]) -> None:
        gone = self._kept.pop(key, None)
        self._bytes -= _bytes(gone) if gone else 0


def _bytes(picture: Picture) -> int:
    return picture.image.sizeInBytes() if picture.image else 0
