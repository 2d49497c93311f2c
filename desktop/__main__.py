"""The one command: `kentongan` opens the window, `kentongan check FILE` and its like need none."""

import sys
from collections.abc import Sequence

from desktop.start import WITHOUT_WINDOW
from desktop.start import main as start


def main(argv: Sequence[str] | None = None) -> int:
    """Do what the words say; 0 when it went well. Qt is loaded only for a window."""
    words = list(sys.argv[1:] if argv is None else argv)
    if words[:1] == ["--vector-worker"]:
        from gis.exchange.vector.worker import main as worker

        return worker(words[1:])
    if words and words[0] in WITHOUT_WINDOW:
        from gis.cli import main as cli
        from layers.paper import map_layers

        return cli(words, map_layers=map_layers)
    return start(words)


if __name__ == "__main__":
    sys.exit(main())
