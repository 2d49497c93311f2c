"""Which map of a service on a network shall lie under the others? Its address is typed or pasted."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import escape

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QSpinBox,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from desktop.widgets.buttons import push
from desktop.widgets.form import Form
from desktop.widgets.scrolled import scrolled
from gis.exchange.online.offers import Offer
from gis.exchange.online.service import TileService, world
from gis.geo.crs import known
from gis.geo.tiles import DEEPEST
from gis.texts import _, ngettext

LINES, FEW = 4, 12  # of the list: at least on show; so many are looked through without a field
OFFER = Qt.ItemDataRole.UserRole


@dataclass(frozen=True, slots=True)
class ServiceWish:
    """A layer of a service that shall come onto the map."""

    title: str
    service: TileService
    min_scale: float | None = None
    max_scale: float | None = None


class AddServiceForm(Form):
    """`asked` carries an address to look behind; `wanted` a `ServiceWish`."""

    asked = Signal(str)
    wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__(_("Add a map from a network"))
        self.address, self.filter, self.title, self.credit = (
            QLineEdit(),
            QLineEdit(),
            QLineEdit(),
            QLineEdit(),
        )
        self.lowest, self.highest = QSpinBox(), QSpinBox()
        self.offers, self.facts, self.words = QListWidget(), QTextBrowser(), QLabel()
        self.look = push(_("Look"), self._ask)
        self.add = push(_("Add to the map"), self.submit)
        self._name()
        self._arrange()
        self.address.returnPressed.connect(self._ask)
        self.address.textEdited.connect(lambda _text: self.show_offers(()))
        self.filter.textChanged.connect(self._narrow)
        self.offers.currentItemChanged.connect(lambda _new, _old: self._show_offer())
        self.offers.itemActivated.connect(lambda _item: self.submit())
        self.show_offers(())

    def _name(self) -> None:
        for widget, name in (
            (self.address, _("Address of the map or of its service")),
            (self.filter, _("Find in the list")),
            (self.offers, _("Maps of the service")),
            (self.title, _("Name")),
            (self.credit, _("Credit")),
            (self.lowest, _("Lowest zoom")),
            (self.highest, _("Highest zoom")),
            (self.facts, _("What the service says of it")),
        ):
            widget.setAccessibleName(name)
        self.address.setPlaceholderText("https://…/{z}/{x}/{y}.png, WMS, WMTS")
        self.address.setToolTip(_("Paste the address of tiles with {z}, {x} and {y}, of a WMS or of a WMTS."))
        self.filter.setPlaceholderText(_("Find in the list"))
        self.credit.setPlaceholderText(_("who is to be named on the map and in reports"))
        self.words.setWordWrap(True)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.offers.setMinimumHeight(LINES * self.fontMetrics().lineSpacing())
        for box in (self.lowest, self.highest):
            box.setRange(0, DEEPEST)

    def _arrange(self) -> None:
        head, line = QHBoxLayout(), QHBoxLayout()
        line.addWidget(self.address, 1)
        line.addWidget(self.look)
        heading = QLabel(_("A map from a network"))
        heading.setProperty("strong", True)
        head.addWidget(heading, 1)
        head.addWidget(self.add)
        head.addWidget(push(_("Leave it"), self.left.emit))
        self.zooms = QWidget()
        zooms = QHBoxLayout(self.zooms)
        zooms.setContentsMargins(0, 0, 0, 0)
        for part in (self.lowest, QLabel(_("to")), self.highest):
            zooms.addWidget(part)
        zooms.addStretch(1)
        self.form = QFormLayout()
        self.form.setVerticalSpacing(4)
        self.facts.setMinimumHeight(2 * LINES * self.fontMetrics().lineSpacing())
        for name, widget in ((_("Name"), self.title), (_("Credit"), self.credit), (_("Zoom"), self.zooms)):
            self.form.addRow(name, widget)
        for number, widget in enumerate((self.words, self.filter, self.offers)):
            self.form.insertRow(number, widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 8, 10, 8)
        column.addLayout(head)
        column.addLayout(line)
        column.addWidget(scrolled(self.form, self.facts), 1)

    def start(self) -> None:
        """Put the keyboard where an address is pasted."""
        self.address.setFocus()
        self.address.selectAll()

    def say(self, words: str) -> None:
        """What goes on, or why nothing was found."""
        self.words.setText(words)
        self.words.setVisible(bool(words))

    def show_offers(self, offers: Sequence[Offer]) -> None:
        """What the service has; nothing of it is on the map yet."""
        self.offers.clear()
        for offer in offers:
            item = QListWidgetItem(offer.title)
            item.setData(OFFER, offer)
            item.setToolTip(offer.problem or offer.title)
            if offer.service is None:
                item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsEnabled)
            self.offers.addItem(item)
        self.filter.clear()
        self.filter.setVisible(len(offers) > FEW)
        self.offers.setVisible(len(offers) > 1)
        self.say("" if not offers else _said(offers) if len(offers) > 1 else "")
        usable = next((n for n, offer in enumerate(offers) if offer.service is not None), -1)
        self.offers.setCurrentRow(usable)
        self._show_offer()
        if usable >= 0:
            (self.offers if len(offers) > 1 else self.title).setFocus()
        elif offers:
            self.say(offers[0].problem)

    def _ask(self) -> None:
        if self.address.text().strip():
            self.show_offers(())
            self.say(_("Asking what is there…"))
            self.address.setCursorPosition(0)
            self.asked.emit(self.address.text())

    def _narrow(self, text: str) -> None:
        wanted = text.casefold().split()
        for row in range(self.offers.count()):
            item = self.offers.item(row)
            item.setHidden(not all(word in item.text().casefold() for word in wanted))

    def _offer(self) -> Offer | None:
        row = self.offers.currentRow()
        return self.offers.item(row).data(OFFER) if row >= 0 else None

    def _show_offer(self) -> None:
        offer = self._offer()
        service = offer.service if offer else None
        self.add.setEnabled(service is not None)
        for widget in (self.title, self.credit, self.zooms):
            self.form.setRowVisible(widget, service is not None)
        self.facts.setVisible(service is not None)
        if offer is None or service is None:
            return
        self.form.setRowVisible(self.zooms, service.kind == "xyz")
        self.title.setText(offer.title.rpartition(": ")[2])
        self.credit.setText(service.credit)
        self.lowest.setValue(0)
        self.highest.setValue(len(service.levels) - 1)
        self.facts.setHtml(offer_html(offer, service))

    def submit(self) -> None:
        offer = self._offer()
        if offer is None or offer.service is None:
            return
        service = replace(offer.service, credit=" ".join(self.credit.text().split())[:200])
        if service.kind == "xyz":
            low, high = sorted((self.lowest.value(), self.highest.value()))
            service = replace(service, levels=world(low, high))
        title = self.title.text().strip() or offer.title
        self.wanted.emit(ServiceWish(title, service, offer.min_scale, offer.max_scale))


def offer_html(offer: Offer, service: TileService) -> str:
    """What is known of a map before it is added."""
    kinds = {"xyz": _("Tiles"), "wms": "WMS", "wmts": "WMTS"}
    finest = min(each.unit for each in service.levels)
    system = known(service.crs)
    unit = "°" if system.is_geographic else system.axis_info[0].unit_name
    lines = [
        _("{kind} of {host}. Coordinates: {crs}. Finest: {finest:.3g} {unit} per pixel.").format(
            kind=kinds[service.kind], host=service.host, crs=system.name, finest=finest, unit=unit
        ),
        offer.about,
    ]
    if offer.max_scale is not None:
        lines.append(_("It is drawn from 1:{scale} on.").format(scale=f"{offer.max_scale:,.0f}"))
    lines.append(_("What is looked at is kept on this computer and stays there without a network."))
    return "".join(f"<p>{escape(line)}</p>" for line in lines if line)


def _said(offers: Sequence[Offer]) -> str:
    usable = sum(offer.service is not None for offer in offers)
    sentence = ngettext(
        "{count} map, {usable} of them can be shown here.",
        "{count} maps, {usable} of them can be shown here.",
        len(offers),
    )
    return sentence.format(count=len(offers), usable=usable)
