"""What a desk remembers of its session at a broker from one sitting to the next."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from gis.lasting import whole


@dataclass(frozen=True, slots=True)
class Memo:
    """The `topics` asked for in it, and until when (microseconds UTC) it was connected; 0: not known."""

    topics: tuple[str, ...]
    heard_us: int = 0

    def write(self, path: Path) -> None:
        """Raises `OSError`."""
        with whole(path) as part:
            part.write_text(json.dumps(asdict(self)), encoding="utf-8")


def read(path: Path) -> Memo | None:
    """None where there was no session, or nobody can say any more."""
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        topics: Sequence[object] = kept["topics"]
        return Memo(tuple(map(str, topics)), int(kept["heard_us"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
