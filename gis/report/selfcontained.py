"""The proof that a page asks for nothing: run on every page before it is written."""

import re
from html.parser import HTMLParser

_POINTS_OUT = {
    *("src", "href", "srcset", "poster", "action", "formaction", "data", "background", "cite", "ping"),
    *("manifest", "xlink:href", "longdesc", "codebase", "archive", "profile", "icon", "usemap", "srcdoc"),
}
_FORBIDDEN = {"base", "link", "iframe", "frame", "object", "embed", "applet", "portal", "form"}
_STYLE_REFERENCE = re.compile(r"@import|url\(\s*['\"]?(?!data:|#)|expression\(", re.IGNORECASE)


class _Inspector(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = tag
        if tag in _FORBIDDEN:
            self.found.append(f"<{tag}>")
        for name, value in attrs:
            self._attribute(tag, name, (value or "").strip())

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002
        self._inside = ""

    def _attribute(self, tag: str, name: str, value: str) -> None:
        outward = name in _POINTS_OUT and not value.startswith(("data:image/", "#"))
        if outward or name.startswith("on") or (name == "style" and _STYLE_REFERENCE.search(value)):
            self.found.append(f'<{tag} {name}="{value[:60]}">')
        if tag == "meta" and name == "http-equiv" and value.lower() != "content-security-policy":
            self.found.append(f"<meta {value}>")

    def handle_data(self, data: str) -> None:
        if self._inside == "style" and (found := _STYLE_REFERENCE.search(data)):
            self.found.append(data[found.start() : found.start() + 60])
        if self._inside == "script" and "://" in data:
            at = data.index("://")
            self.found.append(data[max(0, at - 30) : at + 30])

    def handle_comment(self, data: str) -> None:
        if "://" in data:
            self.found.append(data[:60])


def references_of(page: str) -> list[str]:
    """Everything in a page that could ask for something outside of it, or run without being ours."""
    inspector = _Inspector()
    inspector.feed(page)
    inspector.close()
    return inspector.found


def prove(page: str) -> None:
    """Raises ValueError when the page is not self-contained: a bug, and such a page must not leave."""
    if found := references_of(page):
        raise ValueError(f"the page points outside itself: {found[:5]}")
