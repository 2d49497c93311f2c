"""F1: what every key does, and what every code means."""

from html import escape

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialog, QTextBrowser, QVBoxLayout, QWidget

from desktop.actions import acts
from gis.texts import _


class KeySheet(QDialog):
    """A window beside the desk, never in its way. Made anew from the same table as the menus."""

    def __init__(self, parent: QWidget, codes: list[tuple[str, str]]) -> None:
        for shown_before in parent.findChildren(KeySheet):
            shown_before.close()
        super().__init__(parent, modal=False)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Keys and codes"))
        text = QTextBrowser()
        text.setAccessibleName(_("Keys and codes"))
        text.setHtml(key_sheet_html(codes))
        column = QVBoxLayout(self)
        column.addWidget(text)
        self.resize(QSize(720, 620))


def key_sheet_html(codes: list[tuple[str, str]]) -> str:
    """Two tables: the acts with their keys, the codes with their meaning."""
    rows = [(_shown(act.keys[0]), act.text.rstrip("…"), act.tip) for act in acts() if act.keys]
    rows.insert(
        0, (_("any letter"), _("Log line"), _("While no field is in use, typing starts the log line."))
    )
    keys = "".join(_row(f"<b>{escape(key)}</b>", escape(text), escape(tip)) for key, text, tip in rows)
    meaning = "".join(_row(f"<b>{escape(code)}</b>", escape(title)) for code, title in codes)
    html = f"<h3>{escape(_('Keys'))}</h3><table cellspacing=4>{keys}</table>"
    if codes:
        html += f"<h3>{escape(_('Codes of the log line'))}</h3><table cellspacing=4>{meaning}</table>"
    return html


def _row(*cells: str) -> str:
    return "<tr>" + "".join(f'<td style="padding-right:12px">{cell}</td>' for cell in cells) + "</tr>"


def _shown(key: str) -> str:
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)
