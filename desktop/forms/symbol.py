"""One sign: what an area, a line or a point of it looks like."""

from dataclasses import replace

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QComboBox, QFormLayout, QWidget

from desktop.widgets.colourbox import ColourBox
from desktop.widgets.fields import percent, pixels, row
from desktop.widgets.swatch import HEIGHT, WIDTH, symbol_icon
from gis.geo.features import Shape
from gis.texts import _
from layers.colours import DAY, MapColours
from layers.icons import GROUPS, icon_names
from layers.style import Fill, Hatch, Marker, MarkerShape, Pattern, Stroke, Symbol

DASHES: tuple[tuple[float, ...], ...] = ((), (6.0, 3.0), (1.5, 2.5), (9.0, 3.0, 2.0, 3.0))
_AREA, _LINE, _POINT = (
    frozenset({Shape.POLYGON}),
    frozenset({Shape.POLYGON, Shape.LINE}),
    frozenset({Shape.POINT}),
)


class SymbolEdit(QWidget):
    """`changed` carries the new `Symbol` at every change."""

    changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._symbol, self._filling, self._colours = Symbol(), False, DAY
        self.ground, self.veil = ColourBox(_("Colour inside"), DAY, none=True), percent(_("Opacity inside"))
        self.hatch, self.hatch_ink = QComboBox(), ColourBox(_("Colour of the hatch"), DAY)
        self.spacing = pixels(_("Pixels between two lines of the hatch"), 2, 64)
        self.edge, self.thick = (
            ColourBox(_("Colour of the line"), DAY, none=True),
            pixels(_("Width"), 0.2, 40),
        )
        self.dash, self.casing = QComboBox(), ColourBox(_("Edge of the line"), DAY, none=True)
        self.shape, self.icon = QComboBox(), QComboBox()
        self.ink, self.high = ColourBox(_("Colour of the sign"), DAY), pixels(_("Size of the sign"), 3, 64)
        self.form = QFormLayout(self)
        self.form.setContentsMargins(0, 0, 0, 0)
        self.form.setVerticalSpacing(3)
        self._rows = {
            row(self.form, _("Inside"), self.ground, self.veil): _AREA,
            row(self.form, _("Hatch"), self.hatch, self.hatch_ink, self.spacing): _AREA,
            row(self.form, _("Line"), self.edge, self.thick, self.dash): _LINE,
            row(self.form, _("Casing"), self.casing): frozenset({Shape.LINE}),
            row(self.form, _("Sign"), self.shape, self.icon): _POINT,
            row(self.form, _("Colour"), self.ink, self.high): _POINT,
        }
        self._fill_choices()
        self._join()

    def _fill_choices(self) -> None:
        for box, name in ((self.hatch, _("Hatch")), (self.dash, _("Dashes")), (self.shape, _("Shape"))):
            box.setAccessibleName(name)
            box.setIconSize(QSize(WIDTH, HEIGHT))
        self.icon.setAccessibleName(_("Picture on the sign"))
        self.icon.setIconSize(QSize(WIDTH, HEIGHT))
        self.icon.setMaxVisibleItems(16)
        self.wear(DAY)

    def wear(self, colours: MapColours) -> None:
        """Draw the choices in the inks of the map."""
        self._colours = colours
        for box in (self.ground, self.hatch_ink, self.edge, self.casing, self.ink):
            box.wear(colours)
        self._filling = True
        _offer(self.hatch, [("", Symbol(), None), *(("", _hatched(p), p) for p in Pattern)], colours)
        self.hatch.setItemText(0, _("none"))
        _offer(self.dash, [("", Symbol(stroke=Stroke("ink", 1.6, dash=d)), d) for d in DASHES], colours)
        shapes = [
            ("", Symbol(marker=Marker("ink", s, 12)), s) for s in MarkerShape if s is not MarkerShape.NONE
        ]
        _offer(self.shape, [*shapes, (_("no plate"), Symbol(), MarkerShape.NONE)], colours)
        names = [name for group in GROUPS for name in icon_names(group)]
        pictures = [(n, Symbol(marker=Marker("ink", MarkerShape.NONE, 14, "halo", icon=n)), n) for n in names]
        _offer(self.icon, [(_("no picture"), Symbol(), ""), *pictures], colours)
        self._filling = False
        self._show()

    def _join(self) -> None:
        for box in (self.ground, self.hatch_ink, self.edge, self.casing, self.ink):
            box.picked.connect(self._tell)
        for combo in (self.hatch, self.dash, self.shape, self.icon):
            combo.activated.connect(self._tell)
        for spin in (self.veil, self.spacing, self.thick, self.high):
            spin.valueChanged.connect(self._tell)

    def ask(self, symbol: Symbol, shape: Shape) -> None:
        """Show a symbol as far as this shape uses it."""
        self._symbol = symbol
        for each, shapes in self._rows.items():
            self.form.setRowVisible(each, shape in shapes)
        self._show()

    def _show(self) -> None:
        fill, stroke, marker = self._symbol.fill, self._symbol.stroke, self._symbol.marker
        self._filling = True
        self.ground.choose(fill.colour if fill and fill.opacity > 0 else "")
        self.veil.setValue(round((fill.opacity if fill and fill.opacity > 0 else 1.0) * 100))
        hatch = fill.hatch if fill else None
        self.hatch.setCurrentIndex(self.hatch.findData(hatch.pattern) if hatch else 0)
        self.hatch_ink.choose(hatch.colour if hatch else "ink")
        self.spacing.setValue(hatch.spacing_px if hatch else 8)
        self.edge.choose(stroke.colour if stroke else "")
        self.thick.setValue(stroke.width_px if stroke else 1)
        self._show_dash(stroke)
        self.casing.choose(stroke.casing if stroke else "")
        self.shape.setCurrentIndex(self.shape.findData(marker.shape if marker else MarkerShape.CIRCLE))
        self.icon.setCurrentIndex(max(self.icon.findData(marker.icon if marker else ""), 0))
        self.ink.choose(marker.colour if marker else "muted")
        self.high.setValue(marker.size_px if marker else 8)
        self._filling = False

    def _show_dash(self, stroke: Stroke | None) -> None:
        """A dash that is none of ours stands in the list as long as it is worn."""
        while self.dash.count() > len(DASHES):
            self.dash.removeItem(self.dash.count() - 1)
        dash = stroke.dash if stroke else ()
        if dash not in DASHES:
            icon = symbol_icon(Symbol(stroke=Stroke("ink", 1.6, dash=dash)), self._colours)
            self.dash.addItem(icon, "", dash)
        self.dash.setCurrentIndex(DASHES.index(dash) if dash in DASHES else len(DASHES))

    def _tell(self) -> None:
        if not self._filling:
            self._symbol = Symbol(self._fill(), self._stroke(), self._marker())
            self.changed.emit(self._symbol)

    def _fill(self) -> Fill | None:
        ground, pattern = str(self.ground.currentData()), self.hatch.currentData()
        ink = str(self.hatch_ink.currentData())
        hatch = None
        if pattern is not None:
            old = self._symbol.fill.hatch if self._symbol.fill and self._symbol.fill.hatch else None
            old = old or Hatch(Pattern(pattern), ink)
            hatch = replace(old, pattern=Pattern(pattern), colour=ink, spacing_px=self.spacing.value())
        if not ground and hatch is None:
            return None
        return Fill(ground or ink, self.veil.value() / 100 if ground else 0.0, hatch)

    def _stroke(self) -> Stroke | None:
        colour = str(self.edge.currentData())
        if not colour:
            return None
        old = self._symbol.stroke or Stroke(colour)
        width_px, dash = self.thick.value(), tuple(self.dash.currentData() or ())
        return replace(
            old, colour=colour, width_px=width_px, dash=dash, casing=str(self.casing.currentData())
        )

    def _marker(self) -> Marker | None:
        shape, icon = MarkerShape(self.shape.currentData()), str(self.icon.currentData() or "")
        if shape is MarkerShape.NONE and not icon:
            shape = MarkerShape.CIRCLE
        old = self._symbol.marker or Marker("")
        glyph = "" if icon else old.glyph
        colour, size_px = str(self.ink.currentData()), self.high.value()
        return replace(old, colour=colour, shape=shape, size_px=size_px, icon=icon, glyph=glyph)


def _offer(box: QComboBox, choices: list[tuple[str, Symbol, object]], colours: MapColours) -> None:
    at = max(box.currentIndex(), 0)
    box.clear()
    for text, symbol, what in choices:
        box.addItem(symbol_icon(symbol, colours), text, what)
    box.setCurrentIndex(at)


def _hatched(pattern: Pattern) -> Symbol:
    return Symbol(Fill("ink", 0.0, Hatch(pattern, "ink", 5.0, 1.0)))
