"""Region 2: the legend as a tree. Top of the list is top of the map."""

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QDropEvent, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QMenu,
    QSlider,
    QStyleOptionViewItem,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from desktop.symbols import lens_icon
from desktop.widgets.pane import Pane
from desktop.widgets.resting import RestingDelegate, rest
from desktop.widgets.swatch import HEIGHT, WIDTH, swatch, symbol_icon
from gis.texts import _
from layers.colours import MapColours
from layers.layer import Layer
from layers.legend import LegendRow, legend, seen_at, why_hidden
from layers.roles import usual_scale
from layers.stack import LayerStack, StackChange
from layers.style import Live, Own, Pixels, Simple
from layers.timed import timing_words

LAYER = Qt.ItemDataRole.UserRole
SEEN_AT = Qt.ItemDataRole.UserRole + 1  # in the column of the lens: the scale that is near enough
LENS_PX = 20


class LayerTree(QTreeWidget):
    """`moved` carries the layer dragged, the layer it was dropped on, and whether it goes above that one."""

    moved = Signal(str, str, bool)
    shifted = Signal(str, int)

    def __init__(self) -> None:
        super().__init__()
        self.setHeaderHidden(True)
        self.setColumnCount(2)  # names, and a lens where the scale hides something
        head = self.header()
        head.setStretchLastSection(False)
        head.setMinimumSectionSize(LENS_PX)
        head.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        head.setSectionResizeMode(1, QHeaderView.ResizeMode.Fixed)
        self.setColumnWidth(1, LENS_PX)
        self.setAccessibleName(_("Layers"))
        self.setItemDelegate(RestingDelegate(self))
        self.setIndentation(14)
        self.setUniformRowHeights(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setIconSize(QSize(WIDTH, HEIGHT))

    def drawRow(
        self, painter: QPainter, options: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        if not self.hasFocus():
            rest(options)
        super().drawRow(painter, options, index)

    def layer_at(self, item: QTreeWidgetItem | None) -> str:
        """The id of the layer an item (or a legend row under it) stands for; empty for a group."""
        while item is not None and item.data(0, LAYER) is None:
            item = item.parent()
        return "" if item is None else str(item.data(0, LAYER))

    def dropEvent(self, event: QDropEvent) -> None:
        dragged = self.layer_at(self.currentItem())
        target = self.layer_at(self.itemAt(event.position().toPoint()))
        above = self.dropIndicatorPosition() == QAbstractItemView.DropIndicatorPosition.AboveItem
        event.setDropAction(Qt.DropAction.IgnoreAction)
        event.accept()
        if dragged and target and dragged != target:
            self.moved.emit(dragged, target, above)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        up_or_down = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}.get(Qt.Key(event.key()))
        layer_id = self.layer_at(self.currentItem())
        if up_or_down and layer_id and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.shifted.emit(layer_id, up_or_down)
        else:
            super().keyPressEvent(event)


class LayersPanel(Pane):
    """Signals carry the `Layer` the operator asked something of."""

    zoom = Signal(object)
    style_wanted = Signal(object)
    about = Signal(object)
    table = Signal(object)
    names_wanted = Signal(object)  # found by name from now on, or not any more
    time_wanted = Signal(object)
    add = Signal()
    again = Signal(object)
    near = Signal(object, float)  # from which scale it is to be seen

    def __init__(self, stack: LayerStack, colours: MapColours, *extras: QWidget) -> None:
        self._stack, self._colours, self._filling = stack, colours, False
        self.findable: frozenset[str] = frozenset()  # layers whose things are found by name
        self._scale: float | None = None
        self.tree = LayerTree()
        super().__init__(_("Layers   F7"), self.tree, *extras)
        self.when_empty(_("Add a layer  Ctrl+O"), self.add.emit)
        self.below(self._build_opacity())
        self.tree.itemChanged.connect(self._ticked)
        self.tree.itemClicked.connect(self._click)
        self.tree.currentItemChanged.connect(lambda: self._show_opacity())
        self.tree.moved.connect(self._drop)
        self.tree.shifted.connect(self._shift)
        self.tree.customContextMenuRequested.connect(self._ask)
        stack.changed.connect(self._on_changed)
        self.look()

    def _build_opacity(self) -> QWidget:
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(4, 0, 4, 0)
        words = QLabel(_("Opacity"))
        words.setProperty("dim", True)
        self.opacity = QSlider(Qt.Orientation.Horizontal)
        self.opacity.setRange(0, 100)
        self.opacity.setPageStep(20)
        self.opacity.setAccessibleName(_("Opacity of the selected layer"))
        self.opacity.valueChanged.connect(self._fade)
        line.addWidget(words)
        line.addWidget(self.opacity, 1)
        return row

    def wear(self, colours: MapColours) -> None:
        self._colours = colours
        self.look()

    def at_scale(self, scale: float) -> None:
        """The map is at 1 : `scale`: what is not drawn there is grey and says why."""
        before, self._scale = self._unseen(), scale
        if self._unseen() != before:
            self.look()

    def _unseen(self) -> tuple[str, ...]:
        """Why each layer and sign is not drawn, in order; empty words where it is."""
        rows = (row for layer in self._stack for row in (layer, *legend(layer.style, layer.title)))
        return tuple(self._why(row) for row in rows)

    def _why(self, row: Layer | LegendRow) -> str:
        return "" if self._scale is None else why_hidden(row, self._scale)

    def choose(self, layer_id: str) -> None:
        """Make this layer the current one of the tree."""
        for group in self._groups():
            for item in (group.child(n) for n in range(group.childCount())):
                if item is not None and item.data(0, LAYER) == layer_id:
                    group.setExpanded(True)
                    self.tree.setCurrentItem(item)

    def current(self) -> Layer | None:
        layer_id = self.tree.layer_at(self.tree.currentItem())
        return self._stack.get(layer_id) if layer_id in self._stack else None

    def look(self) -> None:
        """Build the tree again from the stack, keeping what is current, open and scrolled to."""
        current = self.tree.layer_at(self.tree.currentItem())
        shut = {item.text(0) for item in self._groups() if not item.isExpanded()}
        scroll = self.tree.verticalScrollBar().value()
        self._filling = True
        self.tree.clear()
        groups: dict[str, QTreeWidgetItem] = {}
        for layer in reversed(tuple(self._stack)):
            group = groups.get(layer.group) or self._add_group(groups, layer.group, shut)
            item = self._add_layer(group, layer)
            if layer.id == current or self.tree.currentItem() is None:
                self.tree.setCurrentItem(item)
        self.tree.verticalScrollBar().setValue(scroll)
        self.tree.setColumnHidden(1, not any(self._unseen()))
        self._filling = False
        self._show_opacity()
        self.say_empty("" if len(self._stack) else _("No layers yet. The desk works without a map."))

    def _groups(self) -> list[QTreeWidgetItem]:
        items = (self.tree.topLevelItem(n) for n in range(self.tree.topLevelItemCount()))
        return [item for item in items if item is not None]

    def _add_group(self, groups: dict[str, QTreeWidgetItem], name: str, shut: set[str]) -> QTreeWidgetItem:
        title = name or _("Other")
        group = groups[name] = QTreeWidgetItem(self.tree, [title])
        group.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
        group.setExpanded(title not in shut)
        group.setFirstColumnSpanned(True)
        return group

    def _add_layer(self, group: QTreeWidgetItem, layer: Layer) -> QTreeWidgetItem:
        item = QTreeWidgetItem(group, [layer.title])
        item.setData(0, LAYER, layer.id)
        item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
        item.setCheckState(0, Qt.CheckState.Checked if layer.visible else Qt.CheckState.Unchecked)
        item.setToolTip(0, layer.problem or layer.title)
        if layer.problem:
            item.setText(0, "⚠ " + layer.title)
            QTreeWidgetItem(item, [layer.problem]).setToolTip(0, layer.problem)
        elif not isinstance(layer.style.rule, Live):
            item.setIcon(0, swatch(layer.style.rule, self._colours, faint=bool(self._why(layer))))
        self._grey(item, self._why(layer))
        self._add_lens(item, layer)
        for words in filter(None, (layer.notice, layer.timing and timing_words(layer.timing))):
            self._add_notice(item, words)
        if not isinstance(layer.style.rule, Simple | Own | Live):  # one sign stands beside the name already
            for sign in legend(layer.style, layer.title):
                self._add_sign(item, sign, self._why(layer))
        return item

    def _add_notice(self, item: QTreeWidgetItem, words: str) -> None:
        """What should be known of a layer that is drawn: under its name, and open to be read."""
        row = QTreeWidgetItem(item, [words])
        row.setFlags(Qt.ItemFlag.ItemIsEnabled)
        row.setFirstColumnSpanned(True)
        row.setToolTip(0, words)
        row.setForeground(0, self.palette().placeholderText())
        item.setToolTip(0, f"{item.toolTip(0)}\n{words}")
        item.setData(0, Qt.ItemDataRole.AccessibleDescriptionRole, words)
        item.setExpanded(True)

    def _add_sign(self, item: QTreeWidgetItem, sign: LegendRow, hidden: str) -> None:
        row = QTreeWidgetItem(item, [sign.title])
        row.setFlags(Qt.ItemFlag.ItemIsEnabled)
        row.setToolTip(0, sign.title)
        if not hidden:
            self._add_lens(row, sign)
        hidden = hidden or self._why(sign)
        if sign.symbol is not None:
            row.setIcon(0, symbol_icon(sign.symbol, self._colours, faint=bool(hidden)))
        self._grey(row, hidden)

    def _grey(self, item: QTreeWidgetItem, hidden: str) -> None:
        """Dim what is not drawn at this scale, and say why."""
        if hidden:
            item.setForeground(0, self.palette().placeholderText())
            item.setToolTip(0, f"{item.toolTip(0)}\n{hidden}")
            item.setData(0, Qt.ItemDataRole.AccessibleDescriptionRole, hidden)

    def _add_lens(self, item: QTreeWidgetItem, part: Layer | LegendRow) -> None:
        """What the scale alone hides is one click away."""
        hidden = self._why(part)
        if not hidden or self._scale is None:
            return
        wanted = seen_at(part, self._scale)
        words = _("{reason} A click brings the map there.").format(reason=hidden)
        item.setData(1, SEEN_AT, wanted)
        item.setIcon(1, lens_icon(self.palette().link().color(), nearer=wanted < self._scale))
        item.setToolTip(1, words)
        item.setData(1, Qt.ItemDataRole.AccessibleTextRole, words)

    def _click(self, item: QTreeWidgetItem, column: int) -> None:
        wanted, layer_id = item.data(1, SEEN_AT), self.tree.layer_at(item)
        if column == 1 and wanted is not None:
            self.near.emit(self._stack.get(layer_id), wanted)

    def _on_changed(self, change: StackChange) -> None:
        if not self._filling and not change.fresh:
            self.look()

    def _ticked(self, item: QTreeWidgetItem) -> None:
        layer_id = item.data(0, LAYER)
        if self._filling or layer_id is None:
            return
        visible = item.checkState(0) == Qt.CheckState.Checked
        if visible != self._stack.get(layer_id).visible:
            self._quietly(lambda: self._stack.update(layer_id, visible=visible))

    def _fade(self, percent: int) -> None:
        layer = self.current()
        if layer is not None and not self._filling:
            self._quietly(lambda: self._stack.update(layer.id, opacity=percent / 100))

    def _quietly(self, act: Callable[[], None]) -> None:
        """The tree already shows this change; building it again would lose the pointer's grip."""
        self._filling = True
        act()
        self._filling = False

    def _show_opacity(self) -> None:
        layer, before = self.current(), self._filling
        self.opacity.setEnabled(layer is not None)
        self._filling = True
        self.opacity.setValue(round(layer.opacity * 100) if layer else 100)
        self._filling = before

    def _drop(self, dragged: str, target: str, above: bool) -> None:
        rest = [layer.id for layer in self._stack if layer.id != dragged]
        self._quietly(lambda: self._stack.update(dragged, group=self._stack.get(target).group))
        self._stack.move(dragged, rest.index(target) + (1 if above else 0))

    def _offer_near(self, menu: QMenu, layer: Layer) -> None:
        """Come to where a layer is drawn that is hidden by the scale only."""
        if self._scale is not None and self._why(layer):
            wanted = seen_at(layer, self._scale)
            near = menu.addAction(_("Zoom to visible scale"))
            near.triggered.connect(lambda: self.near.emit(layer, wanted))

    def _offer_scales(self, menu: QMenu, layer: Layer) -> None:
        """Draw a layer at every scale, or only where one of its role is no clutter."""
        usual = usual_scale(layer.role)
        always = layer.min_scale is None and layer.max_scale is None
        if always and usual is None:
            return
        act = menu.addAction(_("Show at every scale"))
        act.setCheckable(True)
        act.setChecked(always)
        limits = {"min_scale": None, "max_scale": usual if always else None}
        act.triggered.connect(lambda: self._stack.update(layer.id, **limits))

    def _shift(self, layer_id: str, by: int) -> None:
        """Move a layer past its neighbour in the same group."""
        group = self._stack.get(layer_id).group
        mates = [layer.id for layer in self._stack if layer.group == group]
        at = mates.index(layer_id) + by
        if 0 <= at < len(mates):
            self._drop(layer_id, mates[at], above=by > 0)

    def _ask(self, at: QPoint) -> None:
        layer = self.current()
        if layer is None:
            return
        menu = QMenu(self)
        menu.addAction(_("Zoom to it")).triggered.connect(lambda: self.zoom.emit(layer))
        if not isinstance(layer.style.rule, Pixels):
            menu.addAction(_("Attribute table")).triggered.connect(lambda: self.table.emit(layer))
        if not isinstance(layer.style.rule, Own | Live | Pixels):
            find = menu.addAction(_("Find its names and ids with Ctrl+K"))
            find.setCheckable(True)
            find.setChecked(layer.id in self.findable)
            find.triggered.connect(lambda: self.names_wanted.emit(layer))
        if not isinstance(layer.style.rule, Own | Live):
            menu.addAction(_("Style…")).triggered.connect(lambda: self.style_wanted.emit(layer))
            menu.addAction(_("Time…")).triggered.connect(lambda: self.time_wanted.emit(layer))
        self._offer_near(menu, layer)
        self._offer_scales(menu, layer)
        if "url" in layer.source.origin:
            menu.addAction(_("Ask the service again")).triggered.connect(lambda: self.again.emit(layer))
        if "path" in layer.source.origin:
            menu.addAction(_("What is in this file?")).triggered.connect(lambda: self.about.emit(layer))
        if not isinstance(layer.style.rule, Own | Live):
            menu.addAction(_("Remove from the map")).triggered.connect(lambda: self._stack.remove(layer.id))
        menu.popup(self.tree.viewport().mapToGlobal(at))
