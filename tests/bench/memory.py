"""How much memory this process holds, and of which kind, as Linux tells it."""

from pathlib import Path


def held() -> dict[str, float]:
    """MiB: `rss` in all, `anon` its own, `file` mapped from files, `shared` with other processes."""
    lines = Path("/proc/self/smaps_rollup").read_text().splitlines()[1:]
    said = {name.rstrip(":"): float(size) / 1024 for name, size, *_unit in map(str.split, lines)}
    anon, rss = said["Anonymous"], said["Rss"]
    return {
        "rss": rss,
        "anon": anon,
        "file": rss - anon,
        "shared": said["Shared_Clean"] + said["Shared_Dirty"],
    }
