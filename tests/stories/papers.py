"""What a reader of a PDF sees: its words and its pictures, taken out by another program."""

import subprocess
from hashlib import sha256
from pathlib import Path

from tests import needs


def _poppler(tool: str, *words: str) -> bytes:
    return subprocess.run([needs.program(tool), *words], check=True, capture_output=True).stdout


def words_of(pdf: Path) -> str:
    """All text, cell by cell in the order in which it was set, broken lines joined."""
    return " ".join(_poppler("pdftotext", "-raw", str(pdf), "-").decode("utf-8").split())


def pictures_in(pdf: Path, folder: Path) -> list[str]:
    """The digest of every picture, in order."""
    stem = folder / f"pictures-{pdf.stem}"
    _poppler("pdfimages", "-png", str(pdf), str(stem))
    return [sha256(path.read_bytes()).hexdigest() for path in sorted(folder.glob(f"{stem.name}-*.png"))]
