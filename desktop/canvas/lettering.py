"""Names on the map as Qt writes them: shaped right in every script, with a halo, bent as streets are."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import atan2, ceil, degrees
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt, QTextBoundaryFinder
from PySide6.QtGui import QFont, QFontMetricsF, QImage, QPainter, QTextLayout, QTextLine, QTextOption

from desktop.canvas.painter import Paint, blank
from layers.labels import Label
from layers.letters import in_one_piece
from layers.spots import ENDS, STARTS

EM_PX = 64
WIDEST_HALO = 4.0
HALO = 0.85  # how much of the ground it hides
SPACED_PX = 0.2  # between letters on a bend: they lean apart or together there
FINE = 8  # a way is told in such parts of a pixel
KEPT = 2_048  # pictures of names, some ten kilobytes each


@dataclass(frozen=True, slots=True)
class Face:
    """How a name is written: "#rrggbb" of ink and halo, sizes in pixels, device pixels per pixel."""

    size_px: int
    bold: bool
    italic: bool
    ink: str
    halo: str
    halo_px: float
    ratio: float

    @classmethod
    def of(cls, label: Label, style: Paint) -> "Face":
        rule = label.rule
        size = min(max(1, round(rule.size_px)), 200)
        halo = min(max(rule.halo_px, 0.0), WIDEST_HALO)
        ink, around = style.colours.of(rule.colour), style.colours.of(rule.halo)
        return cls(size, rule.bold, rule.italic, ink, around, halo, style.ratio)

    @property
    def font(self) -> QFont:
        return _font(self.size_px, bold=self.bold, italic=self.italic)


def measured(letter: str, bold: bool, italic: bool) -> float:
    """How wide a letter is at a size of 1, for `layers.letters.Letters`."""
    return QFontMetricsF(_font(EM_PX, bold=bold, italic=italic)).horizontalAdvance(letter) / EM_PX


def paint_labels(labels: Sequence[Label], width: int, height: int, style: Paint) -> QImage:
    """Names with a halo, so that they can be read on any ground. Raises `Cancelled` between two of them."""
    image = blank(width, height, style.ratio)
    painter = QPainter(image)
    try:
        for label in labels:
            style.step()
            face = Face.of(label, style)
            if label.way:
                picture, x, y = picture_along(label, face)
            else:
                picture, x, y = _upright(label, face)
            ratio = style.ratio
            painter.drawImage(QPointF(round(x * ratio) / ratio, round(y * ratio) / ratio), picture)
    finally:
        painter.end()
    return image


def _font(size_px: int, *, bold: bool, italic: bool) -> QFont:
    font = QFont()
    font.setPixelSize(size_px)
    font.setBold(bold)
    font.setItalic(italic)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font


def _laid_out(text: str, font: QFont) -> tuple[QTextLayout, QTextLine]:
    option = QTextOption()
    option.setTextDirection(Qt.LayoutDirection.LayoutDirectionAuto)
    option.setWrapMode(QTextOption.WrapMode.NoWrap)
    layout = QTextLayout(text, font)
    layout.setTextOption(option)
    layout.beginLayout()
    line = layout.createLine()
    layout.endLayout()
    return layout, line


def _upright(label: Label, face: Face) -> tuple[QImage, float, float]:
    """The picture of a name, and where its upper left corner comes to lie."""
    picture, pad = _picture(label.text, face), _pad(face)
    size = picture.deviceIndependentSize()
    match label.lean:
        case _ if label.lean == STARTS:
            left = label.x - label.width / 2 - pad
        case _ if label.lean == ENDS:
            left = label.x + label.width / 2 + pad - size.width()
        case _:
            left = label.x - size.width() / 2
    return picture, left, label.y - size.height() / 2


@lru_cache(maxsize=KEPT)
def _picture(text: str, face: Face) -> QImage:
    layout, line = _laid_out(text, face.font)
    pad = _pad(face)
    mask = _blank_mask(line.naturalTextWidth() + 2 * pad, line.height() + 2 * pad, face)
    painter = _painter(mask)
    layout.draw(painter, QPointF(pad, pad))
    painter.end()
    return _inked(mask, face)


def picture_along(label: Label, face: Face) -> tuple[QImage, float, float]:
    """The picture of a name whose letters follow a way, and where its upper left corner comes to lie."""
    x, y = label.way[0]
    way = tuple((round((a - x) * FINE) / FINE, round((b - y) * FINE) / FINE) for a, b in label.way)
    picture, left, top = _bent(label.text, face, way)
    return picture, x + left, y + top


@lru_cache(maxsize=KEPT)
def _bent(text: str, face: Face, along: tuple[tuple[float, float], ...]) -> tuple[QImage, float, float]:
    way = np.array(along)
    reach = _pad(face) + 2 * face.size_px
    left, top = np.floor(way.min(axis=0) - reach).tolist()
    width, height = (way.max(axis=0) + reach - (left, top)).tolist()
    font = face.font
    font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, SPACED_PX)
    layout, line = _laid_out(text, font)
    mask = _blank_mask(width, height, face)
    painter = _painter(mask)
    base = (line.ascent() - line.descent()) / 2
    pieces = list(_pieces(text))
    ends = np.sort([(_x_of(line, first), _x_of(line, last)) for first, last in pieces], axis=1)
    spots = _on(way, ends.ravel(), line.naturalTextWidth()).reshape(-1, 2, 2)
    for (first, last), x, ((ax, ay), (bx, by)) in zip(pieces, ends.sum(axis=1), spots.tolist(), strict=True):
        painter.save()
        painter.translate((ax + bx) / 2 - left, (ay + by) / 2 - top)
        painter.rotate(degrees(atan2(by - ay, bx - ax)))
        for run in layout.glyphRuns(first, last - first):
            painter.drawGlyphRun(QPointF(-x / 2, base - line.ascent()), run)
        painter.restore()
    painter.end()
    return _inked(mask, face), left, top


def _x_of(line: QTextLine, position: int) -> float:
    found: Any = line.cursorToX(position)  # and the place of the cursor that it was asked for
    return float(found[0])


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    """Where letters with their marks begin and end, in UTF-16; a script that hangs together stays whole."""
    whole = len(text.encode("utf-16-le", "surrogatepass")) // 2
    if in_one_piece([text])[0]:
        yield 0, whole
        return
    finder = QTextBoundaryFinder(QTextBoundaryFinder.BoundaryType.Grapheme, text)
    ends = [0]
    while (at := finder.toNextBoundary()) > 0:
        ends.append(at)
    yield from pairwise(ends)


def _on(way: NDArray[np.float64], x: NDArray[np.float64], width: float) -> NDArray[np.float64]:
    """(n, 2) where on a way a text in its middle is at `x` (n,); beyond its ends straight on."""
    steps = np.diff(way, axis=0)
    lengths = np.hypot(*steps.T)
    at = np.concatenate(([0.0], np.cumsum(lengths)))
    arc = x + (at[-1] - width) / 2
    i = np.clip(np.searchsorted(at, arc) - 1, 0, len(steps) - 1)
    share = (arc - at[i]) / np.maximum(lengths[i], 1e-9)
    return way[i] + share[:, None] * steps[i]


def _pad(face: Face) -> float:
    return ceil(face.halo_px) + 2.0


def _blank_mask(width: float, height: float, face: Face) -> QImage:
    mask = QImage(ceil(width * face.ratio), ceil(height * face.ratio), QImage.Format.Format_Alpha8)
    mask.setDevicePixelRatio(face.ratio)
    mask.fill(0)
    return mask


def _painter(mask: QImage) -> QPainter:
    painter = QPainter(mask)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
    painter.setPen(Qt.GlobalColor.black)
    return painter


def _inked(mask: QImage, face: Face) -> QImage:
    """A mask in its ink, on a halo that is the mask made wider."""
    height, width = mask.height(), mask.width()
    cover = np.frombuffer(mask.constBits(), np.uint8).reshape(height, -1)[:, :width] * np.float32(1 / 255)
    halo = _widened(cover, face.halo_px * face.ratio) * HALO if face.halo_px > 0 else np.zeros_like(cover)
    halo *= 1 - cover
    pixels = np.empty((height, width, 4), np.float32)  # premultiplied, blue first
    for i, at in enumerate((5, 3, 1)):
        pixels[..., i] = halo * int(face.halo[at : at + 2], 16) + cover * int(face.ink[at : at + 2], 16)
    pixels[..., 3] = (halo + cover) * 255
    bytes_ = np.rint(pixels).astype(np.uint8)
    made = QImage(bytes_.data, width, height, width * 4, QImage.Format.Format_ARGB32_Premultiplied).copy()
    made.setDevicePixelRatio(face.ratio)
    return made


def _widened(cover: NDArray[np.float32], by: float) -> NDArray[np.float32]:
    """Each pixel's ink spread over a disc of `by` pixels around it, with a soft edge."""
    reach = ceil(by)
    room = np.pad(cover, reach)
    height, width = cover.shape
    made = cover.copy()
    for down in range(-reach, reach + 1):
        for right in range(-reach, reach + 1):
            share = min(max(by + 0.75 - float(np.hypot(down, right)), 0.0), 1.0)
            if share > 0:
                part = room[reach + down :, reach + right :][:height, :width]
                np.maximum(made, part * np.float32(share), out=made)
    return made
