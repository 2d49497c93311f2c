"""What is in this file? Said in words before anything of it is put on the map."""

from dataclasses import dataclass
from html import escape
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSpinBox,
    QTextBrowser,
    QVBoxLayout,
)

from desktop.widgets.buttons import push
from desktop.widgets.form import Form
from gis.errors import UserError
from gis.exchange.qml import style_beside
from gis.exchange.raster.answers import RasterFacts
from gis.exchange.vector.answers import Inspection, LayerFacts
from gis.geo.crs import known
from gis.texts import _, ngettext
from layers.roles import Role

_SITUATION = (Role.INCIDENTS, Role.SENSORS, Role.ALARMS, Role.DRAWINGS, Role.SILENCE, Role.HAZARDS)
_LIVE = (*_SITUATION, Role.BASEMAP)
# What readers of files call a layer, and what the desk's styles call it.
_ROLE_OF = {"roads": Role.STREETS, "river": Role.WATER, "places": Role.OTHER}
_ENCODINGS = (
    "",
    "UTF-8",
    "windows-1252",
    "ISO-8859-1",
    "windows-874",
    "windows-1258",
    "Shift_JIS",
    "GB18030",
)


@dataclass(frozen=True, slots=True)
class LayerWish:
    """One layer of one file that shall come onto the map, and what the file itself does not say."""

    path: Path
    layer: str
    title: str
    role: Role
    encoding: str = ""
    assume_crs: int | None = None
    extent: tuple[float, float, float, float] | None = None
    columns: tuple[str, ...] = ()
    style_file: Path | None = None
    points: bool = False


@dataclass(frozen=True, slots=True)
class RasterWish:
    """A raster that shall come onto the map."""

    path: Path
    title: str
    facts: RasterFacts
    assume_crs: int | None = None


def role_of(facts: LayerFacts) -> Role:
    """The guess of the reader as a role with a style."""
    known = {role.value: role for role in Role}
    return _ROLE_OF.get(facts.role) or known.get(facts.role, Role.OTHER)


class AddLayerForm(Form):
    """`wanted` carries a `LayerWish` or a `RasterWish`; `again` the path and the encoding to look with."""

    wanted = Signal(object)
    again = Signal(object, str)

    def __init__(self) -> None:
        super().__init__(_("Add a layer"))
        self._inspection: Inspection | None = None
        self._beside: Path | None = None
        self.heading = QLabel()
        self.heading.setProperty("strong", True)
        self.layer, self.role, self.encoding = QComboBox(), QComboBox(), QComboBox()
        self.title, self.crs, self.facts = QLineEdit(), QSpinBox(), QTextBrowser()
        self.wrong = QLabel(wordWrap=True)
        self.styled = QCheckBox()
        self.styled.setAccessibleName(_("Wear the style of QGIS that lies beside the file"))
        self.facts.setAccessibleName(_("What is in the file"))
        self.crs.setRange(0, 999_999)
        self.crs.setSpecialValueText(_("not known: type its EPSG number"))
        self.crs.setPrefix("EPSG:")
        for role in Role:
            if role not in _LIVE:
                self.role.addItem(role_word(role), role)
        for encoding in _ENCODINGS:
            self.encoding.addItem(encoding or _("as the file says"), encoding)
        self.add = push(_("Add to the map"), self.submit)
        self._arrange()
        self.layer.currentIndexChanged.connect(self._show_layer)
        self.encoding.activated.connect(self._look_again)

    def _arrange(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self.heading, 1)
        head.addWidget(self.add)
        head.addWidget(push(_("Leave it"), self.left.emit))
        self.form = QFormLayout()
        self.form.setVerticalSpacing(4)
        for name, widget in (
            (_("Layer"), self.layer),
            (_("Name"), self.title),
            (_("It is"), self.role),
            (_("CRS"), self.crs),
            ("", self.wrong),
            (_("Encoding"), self.encoding),
        ):
            widget.setAccessibleName(name or _("What is wrong with the CRS"))
            self.form.addRow(name, widget)
        self.form.addRow(self.styled)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 8, 10, 8)
        column.addLayout(head)
        column.addLayout(self.form)
        column.addWidget(self.facts, 1)

    def ask(self, inspection: Inspection) -> None:
        """Show what a file holds. Nothing of it is on the map yet."""
        self._inspection = inspection
        self.heading.setText(inspection.path.name)
        self.heading.setToolTip(str(inspection.path))
        self._offer_style(style_beside(inspection.path))
        self.layer.blockSignals(True)
        self.layer.clear()
        self.layer.addItems([facts.name for facts in (*inspection.layers, *inspection.rasters)])
        self.layer.blockSignals(False)
        self.form.setRowVisible(self.layer, self.layer.count() > 1)
        self.crs.setValue(0)
        self._show_layer()
        if self._lacks_crs():
            self._ask_crs()
        else:
            self.add.setFocus()

    def _offer_style(self, beside: Path | None) -> None:
        """A style of QGIS that lies beside the file is worn unless somebody says no."""
        self._beside = beside
        self.styled.setChecked(beside is not None)
        self.styled.setText(_("Look as in {name}").format(name=beside.name) if beside else "")

    def _facts(self) -> LayerFacts | RasterFacts | None:
        row = self.layer.currentIndex()
        if self._inspection is None:
            return None
        there = (*self._inspection.layers, *self._inspection.rasters)
        return there[row] if 0 <= row < len(there) else None

    def _show_layer(self) -> None:
        facts = self._facts()
        self.add.setEnabled(facts is not None)
        if facts is None or self._inspection is None:
            self.facts.setPlainText(_("There is no layer in this file."))
            return
        shapes = isinstance(facts, LayerFacts)
        alone = shapes and self.layer.count() == 1
        self.title.setText(self._inspection.path.stem if alone else facts.name)
        self.form.setRowVisible(self.role, shapes)
        self.form.setRowVisible(self.styled, shapes and self._beside is not None)
        self.form.setRowVisible(self.crs, facts.needs_crs)
        self.form.setRowVisible(self.wrong, False)
        self.form.setRowVisible(self.encoding, isinstance(facts, LayerFacts) and bool(facts.encoding))
        if isinstance(facts, LayerFacts):
            self.role.setCurrentIndex(self.role.findData(role_of(facts)))
            self.facts.setHtml(facts_html(facts, self._inspection.format))
        else:
            self.facts.setHtml(raster_html(facts, self._inspection.format))

    def _lacks_crs(self) -> bool:
        """True when nobody knows yet where on the earth the numbers of the file are."""
        facts = self._facts()
        return facts is not None and facts.needs_crs and not self.crs.value()

    def _ask_crs(self, wrong: str = "") -> None:
        self.wrong.setText(wrong)
        self.form.setRowVisible(self.wrong, bool(wrong))
        self.crs.setFocus()
        self.crs.selectAll()

    def _look_again(self) -> None:
        if self._inspection is not None:
            self.again.emit(self._inspection.path, self.encoding.currentData())

    def submit(self) -> None:
        facts = self._facts()
        if facts is None or self._inspection is None:
            return
        if self._lacks_crs():
            self._ask_crs()
            return
        if facts.needs_crs and not _for_maps(self.crs.value()):
            self._ask_crs(_("EPSG:{code} is no system for a map.").format(code=self.crs.value()))
            return
        path, title = self._inspection.path, self.title.text().strip() or facts.name
        crs = self.crs.value() or None if facts.needs_crs else None
        if isinstance(facts, RasterFacts):
            self.wanted.emit(RasterWish(path, title, facts, crs))
            return
        wish = LayerWish(
            path=path,
            layer=facts.name,
            title=title,
            role=Role(self.role.currentData()),
            encoding=self.encoding.currentData(),
            assume_crs=crs,
            extent=facts.extent,
            columns=tuple(field.name for field in facts.fields),
            style_file=self._beside if self.styled.isChecked() else None,
            points=_points_alone(facts),
        )
        self.wanted.emit(wish)


def wish_of(
    inspection: Inspection, facts: LayerFacts | RasterFacts, *, alone: bool
) -> LayerWish | RasterWish:
    """A layer as its guess is: what nobody was asked about is as the file says."""
    if isinstance(facts, RasterFacts):
        return RasterWish(inspection.path, facts.name, facts)
    return LayerWish(
        path=inspection.path,
        layer=facts.name,
        title=inspection.path.stem if alone else facts.name,
        role=role_of(facts),
        extent=facts.extent,
        columns=tuple(field.name for field in facts.fields),
        style_file=style_beside(inspection.path),
        points=_points_alone(facts),
    )


def _points_alone(facts: LayerFacts) -> bool:
    """As the inspection says it."""
    return facts.geometry == _("points")


def _for_maps(code: int) -> bool:
    """Whether this EPSG code is a system that maps are drawn in."""
    try:
        system = known(code)
    except UserError:
        return False
    return system.is_geographic or system.is_projected


def facts_html(facts: LayerFacts, file_format: str) -> str:
    """The inspection in words: what there is first, then what is wrong."""
    sentence = ngettext(
        "{format}: {count} feature, {geometry}. Coordinates: {crs}.",
        "{format}: {count} features, {geometry}. Coordinates: {crs}.",
        facts.count,
    )
    what = sentence.format(
        format=file_format, count=f"{facts.count:,}", geometry=facts.geometry, crs=facts.crs
    )
    fields = ", ".join(f"{field.name} ({field.kind})" for field in facts.fields[:40])
    parts = [f"<p>{escape(what)}</p>", _findings_html(facts.findings)]
    if fields:
        parts.append(f"<p>{escape(_('Columns: {names}').format(names=fields))}</p>")
    return "".join(parts)


def raster_html(facts: RasterFacts, file_format: str) -> str:
    """The same of a raster."""
    sentence = _("{format}: {what}, down to {finest:.3g} m per pixel. Coordinates: {crs}.")
    lines = [sentence.format(format=file_format, what=facts.what, finest=facts.finest, crs=facts.crs)]
    if facts.low is not None and facts.high is not None:
        lines.append(_("Values from {low:,.5g} to {high:,.5g}.").format(low=facts.low, high=facts.high))
    if facts.credit:
        lines.append(_("To be named on the map and in reports: {credit}").format(credit=facts.credit))
    return "".join(f"<p>{escape(line)}</p>" for line in lines) + _findings_html(facts.findings)


def _findings_html(findings: tuple[str, ...]) -> str:
    if not findings:
        return f"<p>{escape(_('Nothing wrong was found.'))}</p>"
    wrong = ngettext("{count} thing to know:", "{count} things to know:", len(findings))
    items = "".join(f"<li>{escape(finding)}</li>" for finding in findings)
    return f"<p>{escape(wrong.format(count=len(findings)))}</p><ul>{items}</ul>"


def role_word(role: Role) -> str:
    """What a layer is to the desk, as a person says it."""
    words = {
        Role.WARDS: _("wards"),
        Role.STREETS: _("streets"),
        Role.WATER: _("water"),
        Role.LANDUSE: _("land use"),
        Role.CONTOURS: _("contour lines"),
        Role.BUILDINGS: _("buildings"),
        Role.HOSPITALS: _("hospitals"),
        Role.SCHOOLS: _("schools"),
        Role.SHELTERS: _("shelters"),
        Role.PUMPS: _("pumps"),
        Role.BRIDGES: _("bridges"),
        Role.FLOOD: _("a flood"),
        Role.OTHER: _("something else"),
    }
    return words.get(role, role.value)
