"""How the desk is coloured: Day and Night as values, one palette for the whole process."""

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication

from gis.model.incident import Severity
from layers import colours

# One set for both themes, told apart by people with any colour vision; green is left to public warnings.
SEVERITY_FILL = {
    Severity.EXTREME: "#FF3C7C",
    Severity.SEVERE: "#EE8819",
    Severity.MODERATE: "#FDE07B",
    Severity.MINOR: "#4EB7D5",
    Severity.UNKNOWN: "#98A3AD",
}
INK = "#14181C"  # on every severity fill, whatever the theme
EXERCISE = "#8A5BD6"
SMALLEST_POINTS, USUAL_POINTS, LARGEST_POINTS = 8.0, 10.0, 20.0


@dataclass(frozen=True, slots=True)
class Theme:
    """The colours of one lighting condition, as #RRGGBB. `base` lies behind lists, `panel` behind bars."""

    name: str
    dark: bool
    window: str
    panel: str
    base: str
    line: str
    text: str
    dim: str
    accent: str
    on_accent: str
    hover: str
    resting: str  # the current row of a table that has not the focus
    link: str
    past: str  # what frames the window while it shows an earlier instant
    on_past: str
    casing: str  # drawn round symbols so that they stand off any background

    @property
    def inks(self) -> colours.MapColours:
        """The inks of the map that go with it."""
        return colours.NIGHT if self.dark else colours.DAY


NIGHT = Theme(
    name="night",
    dark=True,
    window="#1B2025",
    panel="#22282E",
    base="#171B1F",
    line="#3A434C",
    text="#D6DBE0",
    dim="#98A3AD",
    accent="#3D7EA6",
    on_accent="#FFFFFF",
    hover="#2D353D",
    resting="#2B3B47",
    link="#6FB6E0",
    past="#D8CBB0",
    on_past="#1B1710",
    casing="#0D1013",
)
DAY = Theme(
    name="day",
    dark=False,
    window="#E9EBED",
    panel="#F4F5F6",
    base="#FFFFFF",
    line="#B9C0C6",
    text="#14181C",
    dim="#55606A",
    accent="#0B5FA5",
    on_accent="#FFFFFF",
    hover="#DDE3E8",
    resting="#D5E3EF",
    link="#0B5FA5",
    past="#4A3B20",
    on_past="#FFF7E6",
    casing="#14181C",
)


def palette(theme: Theme) -> QPalette:
    """Every role that Fusion paints with, so no menu, tooltip or dialog keeps another light."""
    role = QPalette.ColorRole
    colours = {
        role.Window: theme.window,
        role.WindowText: theme.text,
        role.Base: theme.base,
        role.AlternateBase: theme.panel,
        role.ToolTipBase: theme.panel,
        role.ToolTipText: theme.text,
        role.PlaceholderText: theme.dim,
        role.Text: theme.text,
        role.Button: theme.panel,
        role.ButtonText: theme.text,
        role.BrightText: SEVERITY_FILL[Severity.EXTREME],
        role.Light: theme.panel,
        role.Midlight: theme.resting,
        role.Mid: theme.line,
        role.Dark: theme.line,
        role.Shadow: theme.casing,
        role.Highlight: theme.accent,
        role.HighlightedText: theme.on_accent,
        role.Accent: theme.accent,
        role.Link: theme.link,
        role.LinkVisited: theme.dim,
    }
    made = QPalette()
    for which, colour in colours.items():
        made.setColor(which, QColor(colour))
    for which in (role.Text, role.WindowText, role.ButtonText, role.HighlightedText):
        made.setColor(QPalette.ColorGroup.Disabled, which, QColor(theme.dim))
    return made


def _mark_sheet(theme: Theme) -> str:
    """A word in the strip that can be pressed: quiet while all is well."""
    warn = SEVERITY_FILL[Severity.SEVERE]
    return f"""
    QPushButton#mark {{ padding: 1px 6px; color: {theme.dim}; background: transparent;
        border: 1px solid transparent; border-radius: 3px; }}
    QPushButton#mark:hover {{ background: {theme.hover}; color: {theme.text}; }}
    QPushButton#mark:focus {{ border: 2px solid {theme.accent}; padding: 0 5px; }}
    QPushButton#mark[warns="true"] {{ color: {theme.text}; border: 1px solid {warn}; }}
    """


def _trust_sheet(theme: Theme) -> str:
    """The line of promises: quiet while they hold."""
    warn, grave = SEVERITY_FILL[Severity.SEVERE], SEVERITY_FILL[Severity.EXTREME]
    return f"""
    QPushButton#trust {{ padding: 1px 4px; text-align: left; color: {theme.dim};
        border: 1px solid transparent; border-radius: 3px; }}
    QPushButton#trust:hover {{ background: {theme.hover}; color: {theme.text}; }}
    QPushButton#trust:focus {{ border: 2px solid {theme.accent}; padding: 0 3px; }}
    QPushButton#trust[weight="warn"] {{ color: {theme.text};
        border: 1px solid {warn}; }}
    QPushButton#trust[weight="grave"] {{ color: {INK}; background: {grave}; }}
    QPushButton#trust[weight="grave"] {{ font-weight: bold; }}
    """


def _box_sheet(theme: Theme) -> str:
    """A box without its tick, which Fusion draws dark on dark."""
    return f"""
    QCheckBox::indicator:unchecked, QListView::indicator:unchecked {{
        width: 13px; height: 13px; border: 1px solid {theme.dim};
        border-radius: 2px; background: {theme.base}; }}
    QCheckBox::indicator:unchecked:focus {{ border: 2px solid {theme.accent};
        width: 11px; height: 11px; }}
    """


def style_sheet(theme: Theme) -> str:
    """The few things a palette cannot say: hairlines, bars, and a focus ring that is never removed."""
    line, panel, accent = theme.line, theme.panel, theme.accent
    return f"""
    QToolTip {{ background: {panel}; color: {theme.text}; border: 1px solid {line}; padding: 3px; }}
    QFrame#bar {{ background: {panel}; border: 1px solid {line}; }}
    QFrame#stage {{ border: 2px solid {theme.window}; }}
    QFrame#stage[past="true"] {{ border: 2px solid {theme.past}; }}
    QFrame#past {{ background: {theme.past}; border: 0; }}
    QFrame#past QLabel {{ color: {theme.on_past}; font-weight: bold; }}
    QFrame#notice {{ background: {panel}; border: 1px solid {line}; border-left: 4px solid {accent}; }}
    QFrame#notice[grave="true"] {{ border-left: 4px solid {SEVERITY_FILL[Severity.EXTREME]}; }}
    QLabel[good="true"] {{ color: {theme.text}; font-weight: bold; }}
    QLabel[dim="true"] {{ color: {theme.dim}; }}
    QLabel[strong="true"] {{ font-weight: bold; }}
    QHeaderView {{ background: {panel}; border: 0; }}
    QHeaderView::section {{ background: {panel}; color: {theme.dim}; border: 0;
        border-bottom: 1px solid {line}; padding: 3px 6px; }}
    QTableView, QTreeView, QListView, QTextBrowser, QPlainTextEdit {{ background: {theme.base};
        border: 2px solid {line}; }}
    QTableView:focus, QTreeView:focus, QListView:focus, QTextBrowser:focus, QPlainTextEdit:focus {{
        border: 2px solid {accent}; }}
    QLineEdit {{ padding: 3px 6px; border: 1px solid {line}; border-radius: 3px; background: {theme.base}; }}
    QLineEdit:focus {{ padding: 2px 5px; border: 2px solid {accent}; }}
    QPushButton, QToolButton {{ padding: 2px 9px; }}
    {_trust_sheet(theme)}{_mark_sheet(theme)}
    QToolButton:checked {{ background: {theme.accent}; color: {theme.on_accent};
        border: 1px solid {theme.accent}; border-radius: 3px; }}
    QPushButton:focus, QToolButton:focus {{ border: 2px solid {accent}; border-radius: 3px;
        background: {theme.hover}; }}
    QToolButton:checked:focus {{ border: 2px solid {theme.text}; background: {accent}; }}
    {_box_sheet(theme)}
    QTabBar::tab {{ padding: 4px 12px; color: {theme.dim}; background: transparent; border: 0;
        border-bottom: 2px solid transparent; }}
    QTabBar::tab:selected {{ color: {theme.text}; border-bottom: 2px solid {accent}; }}
    QTabWidget::pane {{ border: 0; }}
    QSplitter::handle {{ background: {theme.window}; }}
    QSplitter::handle:hover {{ background: {line}; }}
    QMenuBar {{ background: {theme.window}; }}
    """


class Appearance(QObject):
    """Which theme and text size the whole process wears; `changed` carries the theme."""

    changed = Signal(object)

    def __init__(self, app: QApplication, theme: Theme = NIGHT) -> None:
        super().__init__()
        self._app, self.theme, self.points = app, theme, USUAL_POINTS
        app.setStyle("Fusion")
        self._size()
        self.wear(theme)

    def toggle(self) -> None:
        """Day becomes night and night becomes day."""
        self.wear(DAY if self.theme.dark else NIGHT)

    def wear(self, theme: Theme) -> None:
        self.theme = theme
        self._app.setPalette(palette(theme))
        self._dress()
        self.changed.emit(theme)

    def enlarge(self, step: float) -> None:
        """Text larger (or, below zero, smaller) by `step` points; 0 is the usual size again."""
        points = self.points + step if step else USUAL_POINTS
        self.points = min(max(points, SMALLEST_POINTS), LARGEST_POINTS)
        self._size()

    def _size(self) -> None:
        font = QFont(self._app.font())
        font.setPointSizeF(self.points)
        self._app.setFont(font)
        self._dress()

    def _dress(self) -> None:
        """Hand the style sheet out anew: under one, widgets take a new font only with a new sheet."""
        self._app.setStyleSheet(f"/* {self.points} */ {style_sheet(self.theme)}")
