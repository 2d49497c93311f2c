"""QGIS in a process of its own, asked again and again."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

from tests.bench.citymap import HEIGHT, UTM, WIDTH


class Qgis:
    """Frames of the layers of one folder; see `qgis_peer.py` for what can be asked."""

    def __init__(self, city: Path) -> None:
        python = os.environ.get("KENTONGAN_QGIS", "/usr/bin/python3")
        script = Path(__file__).with_name("qgis_peer.py")
        env = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
        self._run = subprocess.Popen(
            [python, str(script)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=env
        )
        self._city = city

    def draw(self, kinds: tuple[str, ...], extent: list[float], **more: Any) -> dict[str, Any]:
        paths = {kind: str(self._city / f"{kind}.gpkg") for kind in kinds}
        asked = {"layers": paths, "extent": extent, "crs": UTM, "size": [WIDTH, HEIGHT], **more}
        assert self._run.stdin
        assert self._run.stdout
        self._run.stdin.write(json.dumps(asked) + "\n")
        self._run.stdin.flush()
        line = self._run.stdout.readline()
        assert line, "QGIS ended"
        return json.loads(line)

    def close(self) -> None:
        assert self._run.stdin
        self._run.stdin.close()
        self._run.wait(30)
        assert self._run.stdout
        self._run.stdout.close()
