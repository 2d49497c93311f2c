"""One drawing in the detail: what it is, how large, who drew it and what became of it."""

from dataclasses import dataclass
from html import escape
from zoneinfo import ZoneInfo

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QTextBrowser, QVBoxLayout, QWidget

from desktop.canvas.marks import size_text
from desktop.theme import Theme
from desktop.times import full, hms
from desktop.widgets.buttons import push
from desktop.widgets.elided import ElidedLabel
from gis.geo.coords import as_dd, as_mgrs
from gis.model.drawing import Drawing
from gis.ops.drawings import form_of, form_word
from gis.store import Query, Step
from gis.texts import _
from gis.words.terms import FIELDS, in_words
from layers.drawn import size_of

SHOWN_STEPS = 60
UNTOLD = frozenset({"made_of", "drawn_at", "void"})


@dataclass(frozen=True, slots=True)
class DrawingTold:
    """A drawing and the steps that made it, newest first."""

    drawing: Drawing
    steps: tuple[Step, ...]


def told(query: Query, drawing_id: str) -> DrawingTold | None:
    """What there is to tell of a drawing at the moment of this look; None when there was none."""
    drawing = query.known(Drawing, drawing_id)
    if drawing is None:
        return None
    return DrawingTold(drawing, tuple(query.steps(SHOWN_STEPS, record_id=drawing_id)))


class DrawingPage(QWidget):
    """`amend`, `zoom`, `around` and `strike` carry the drawing on show."""

    amend = Signal(object)
    zoom = Signal(object)
    around = Signal(object)
    strike = Signal(object)

    def __init__(self, zone: ZoneInfo) -> None:
        super().__init__()
        self._zone = zone
        self.drawing: Drawing | None = None
        self.title = ElidedLabel(dim=True)
        self.text = QTextBrowser(openLinks=False)
        self.text.setAccessibleName(_("Drawing and its history"))
        self.name = push(_("Amend"), lambda: self.amend.emit(self.drawing))
        self.name.setToolTip(_("Title, words and look"))
        self.go = push(_("Zoom to it"), lambda: self.zoom.emit(self.drawing))
        self.buffer = push(_("Around it…"), lambda: self.around.emit(self.drawing))
        self.gone = push(_("Strike out"), lambda: self.strike.emit(self.drawing))
        head = QHBoxLayout()
        head.setContentsMargins(4, 0, 0, 0)
        head.addWidget(self.title, 1)
        for button in (self.name, self.go, self.buffer, self.gone):
            head.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(head)
        column.addWidget(self.text, 1)

    def show_told(self, found: DrawingTold, theme: Theme, *, live: bool) -> None:
        """Everything about a drawing; only now it can be changed."""
        drawing = self.drawing = found.drawing
        self.title.say(form_word(form_of(drawing)))
        for button in (self.name, self.gone, self.buffer):
            button.setEnabled(live and not drawing.void)
        self.text.setHtml(_html(found, self._zone, theme))


def _html(found: DrawingTold, zone: ZoneInfo, theme: Theme) -> str:
    drawing = found.drawing
    middle = drawing.place.representative_point()
    who = found.steps[-1].author if found.steps else ""
    facts = [
        (_("Status"), _("struck out") if drawing.void else ""),
        (_("Size"), size_text(size_of(drawing))),
        (_("Words"), drawing.text),
        (_("Place"), f"{as_mgrs(middle.x, middle.y)}   {as_dd(middle.x, middle.y)}"),
        (_("Drawn"), f"{full(drawing.drawn_at, zone)}  {who}".strip()),
    ]
    row = '<tr><td style="color:{}; padding-right:14px">{}</td><td>{}</td></tr>'
    rows = "".join(row.format(theme.dim, escape(name), escape(value)) for name, value in facts if value)
    head = f'<p style="margin:0 0 6px 0"><b>{escape(drawing.title)}</b></p>'
    title = f'<p style="margin:8px 0 2px 0"><b>{escape(_("History"))}</b></p>'
    lines = "".join(_step_html(step, zone, theme) for step in found.steps)
    return f"{head}<table cellspacing=0>{rows}</table>{title}{lines}"


def _step_html(step: Step, zone: ZoneInfo, theme: Theme) -> str:
    named = [edit for edit in step.edits if edit.field not in UNTOLD and edit.field != "place"]
    began = any(edit.field == "drawn_at" for edit in step.edits)
    words = ", ".join(f"{FIELDS.get(e.field, e.field)} → {in_words(e.field, e.value)[:60]}" for e in named)
    what = step.label if began or not words else f"{step.label}: {words}"
    when = f'{hms(step.at, zone)}<span style="color:{theme.dim}">&nbsp;&nbsp;{escape(step.author)}</span>'
    return f'<p style="margin:0 0 2px 0" dir="auto">{when}&nbsp;&nbsp;{escape(what)}</p>'
