"""The names of a city, found while they are being typed, and found again when they were misheard."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import islice

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gis.geo.extent import Extent
from gis.geo.measure import nearest
from gis.geo.names import folded, grams

Ids = NDArray[np.int64]
_LAST = "\U0010ffff"
ENOUGH_GRAMS = 0.5
ENOUGH = 16  # names looked at for each place that is wanted: one may have several
LONGEST = 200  # characters of a name


class Match(Enum):
    """How a place answers to what was typed, best first."""

    EXACT = 0
    PREFIX = 1
    WORDS = 2
    WITHIN = 3
    MISHEARD = 4


@dataclass(frozen=True, slots=True)
class Place:
    """A named place (WGS84): `kind` is what it is ("street", "school"), `alias` the name it was found by."""

    name: str
    kind: str
    lon: float
    lat: float
    match: Match = Match.EXACT
    alias: str = ""


@dataclass(frozen=True, slots=True)
class Named:
    """The columns of a gazetteer, each of length n; `aliases` are further names parted by `;`."""

    names: Sequence[str]
    kinds: Sequence[str]
    lon: ArrayLike
    lat: ArrayLike
    aliases: Sequence[str] | None = None


class Gazetteer:
    """Names held in memory. Immutable once made, so safe from any thread; 20,000 names take 0.2 s to make."""

    def __init__(self, places: Named) -> None:
        self._places = places
        self._lon = np.asarray(places.lon, dtype=np.float64)
        self._lat = np.asarray(places.lat, dtype=np.float64)
        self._spoken, owners = _spoken(places)
        self._owner: Ids = np.array(owners, dtype=np.int64)
        self._folded = [folded(name) for name in self._spoken]
        self._length = np.array([len(name) for name in self._folded], dtype=np.int64)
        order = sorted(range(len(self._folded)), key=self._folded.__getitem__)
        self._sorted, self._order = [self._folded[i] for i in order], np.array(order, dtype=np.int64)
        self._words, self._postings = _postings(self._folded)
        self._text = "\n".join(("", *self._folded, ""))
        self._starts: Ids = np.cumsum(np.concatenate([[1], self._length[:-1] + 1])).astype(np.int64)
        self._grams = _sounds(self._folded)

    def __len__(self) -> int:
        return len(self._places.names)

    @property
    def extent(self) -> Extent | None:
        """The rectangle around all places; None where there are none."""
        if not len(self):
            return None
        west, east = float(self._lon.min()), float(self._lon.max())
        return west, float(self._lat.min()), east, float(self._lat.max())

    def search(self, text: str, limit: int = 8, view: Extent | None = None) -> list[Place]:
        """The places `text` can mean, best first: the name itself, names that begin so, names with words
        that begin so, names that hold it, and only if there are none, names that sound like it.

        Among equals those inside `view` come first, then shorter names.
        """
        typed = folded(text[: LONGEST + 1])
        if not typed or len(text) > LONGEST or not len(self):
            return []
        hits = self._with_words(typed)
        match = np.full(len(self._folded), Match.WORDS.value)
        match[self._begins(typed)] = Match.PREFIX.value
        match[self._is(typed)] = Match.EXACT.value
        if not len(hits) and len(hits := self._within(typed)):
            match[:] = Match.WITHIN.value
        if not len(hits):
            return [self._place(i, Match.MISHEARD) for i in self._sounding(typed, limit)]
        late = np.ones(len(self._folded), dtype=bool)
        late[self._begins(typed.split()[0])] = False  # the first word said is mostly the first of the name
        far, length = ~self._inside(hits, view), np.minimum(self._length[hits], 1023)
        rank = (
            match[hits] << 44
            | late[hits].astype(np.int64) << 43
            | far.astype(np.int64) << 42
            | length << 32
            | hits
        )
        once = islice(self._once(_smallest(rank, ENOUGH * limit) & 0xFFFFFFFF), limit)
        return [self._place(i, Match(int(match[i]))) for i in once]

    def exactly(self, name: str) -> list[Place]:
        """The places of this very name or alias, accents and case aside."""
        return [self._place(int(i), Match.EXACT) for i in self._is(folded(name))]

    def leading(self, text: str) -> tuple[list[Place], int]:
        """The longest name that `text` begins with, and how many characters of `text` it takes.

        Whole names are taken first; otherwise the longest run of whole words that belongs to some name.
        The places are empty, and the length 0, when nothing fits.
        """
        ends = [word.end() for word in islice(re.finditer(r"\S+", text), 12)]
        for end in reversed(ends):
            if found := self.exactly(text[:end]):
                return found, end
        for end in reversed(ends):
            if found := self._of_whole_words(text[:end]):
                return found, end
        return [], 0

    def near(self, lon: float, lat: float) -> tuple[Place, float] | None:
        """The nearest named place and how many metres away it is; None from an empty gazetteer."""
        found = nearest(np.column_stack([self._lon, self._lat]), lon, lat)
        if not found:
            return None
        first = int(np.flatnonzero(self._owner == found[0])[0])
        return self._place(first, Match.EXACT), found[1]

    def _with_words(self, typed: str) -> Ids:
        """The entries of which every typed word begins a word."""
        left: NDArray[np.bool_] | None = None
        for word in typed.split():
            low, high = bisect_left(self._words, word), bisect_left(self._words, word + _LAST)
            here = np.zeros(len(self._folded), dtype=bool)
            here[self._postings[low:high]] = True
            left = here if left is None else left & here
        return np.flatnonzero(left) if left is not None else np.empty(0, np.int64)

    def _of_whole_words(self, text: str) -> list[Place]:
        wanted = folded(text).split()
        if all(word.isdecimal() for word in wanted):
            return []  # a bare number is a house, a count, an age
        hits = self._with_words(" ".join(wanted))
        whole = (int(i) for i in hits if set(wanted) <= set(self._folded[i].split()))
        best = sorted(whole, key=lambda i: (not self._folded[i].startswith(wanted[0]), self._length[i]))
        return [self._place(i, Match.WORDS) for i in islice(self._once(best), 8)]

    def _is(self, typed: str) -> Ids:
        return self._order[bisect_left(self._sorted, typed) : bisect_left(self._sorted, typed + "\0")]

    def _begins(self, typed: str) -> Ids:
        return self._order[bisect_left(self._sorted, typed) : bisect_left(self._sorted, typed + _LAST)]

    def _within(self, typed: str, most: int = 200) -> Ids:
        spots = (found.start() for found in re.finditer(re.escape(typed), self._text))
        offsets = list(islice(spots, most))
        return np.unique(np.searchsorted(self._starts, offsets, side="right") - 1)

    def _sounding(self, typed: str, limit: int) -> list[int]:
        wanted = grams(typed)
        shared = np.zeros(len(self._folded))
        for gram in wanted:
            shared[self._grams.get(gram, [])] += 1
        close = np.flatnonzero(shared >= ENOUGH_GRAMS * len(wanted))
        alike = shared[close] / (len(wanted) + 2 * self._length[close])
        late = np.ones(len(self._folded), dtype=bool)
        late[self._begins(typed[0])] = False
        ranked = close[np.lexsort((close, -alike, late[close], -shared[close]))]
        return list(islice(self._once(ranked), limit))

    def _inside(self, hits: Ids, view: Extent | None) -> NDArray[np.bool_]:
        if view is None:
            return np.ones(len(hits), dtype=bool)
        lon, lat = self._lon[self._owner[hits]], self._lat[self._owner[hits]]
        return (lon >= view[0]) & (lat >= view[1]) & (lon <= view[2]) & (lat <= view[3])

    def _once(self, entries: Sequence[int] | Ids) -> Iterator[int]:
        """One entry for each place, the first one."""
        met: set[int] = set()
        for i in entries:
            owner = int(self._owner[i])
            if owner not in met:
                met.add(owner)
                yield int(i)

    def _place(self, entry: int, match: Match) -> Place:
        owner = int(self._owner[entry])
        name, spoken = self._places.names[owner], self._spoken[entry]
        lon, lat = float(self._lon[owner]), float(self._lat[owner])
        return Place(name, self._places.kinds[owner], lon, lat, match, "" if spoken == name else spoken)


def _smallest(ranks: Ids, count: int) -> Ids:
    """The smallest of them in order: of thirty thousand names that begin with a letter few are looked at."""
    some = ranks if len(ranks) <= count else np.partition(ranks, count)[:count]
    return np.sort(some)


def _spoken(places: Named) -> tuple[list[str], list[int]]:
    """Every name and alias, and the place that each belongs to."""
    names, owners = [str(name) for name in places.names], list(range(len(places.names)))
    for i, aliases in enumerate(places.aliases or ()):
        for alias in filter(None, map(str.strip, (aliases or "").split(";"))):
            names.append(alias)
            owners.append(i)
    return names, owners


def _postings(names: Sequence[str]) -> tuple[list[str], Ids]:
    """Every word of every name in order, and the name each comes from: a slice answers a prefix."""
    pairs = sorted((word, i) for i, name in enumerate(names) for word in name.split())
    return [word for word, _ in pairs], np.array([i for _, i in pairs], dtype=np.int64)


def _sounds(names: Sequence[str]) -> dict[str, Ids]:
    """Every scrap of sound, and the names it is heard in."""
    heard: dict[str, list[int]] = {}
    for i, name in enumerate(names):
        for gram in grams(name):
            heard.setdefault(gram, []).append(i)
    return {gram: np.array(entries, dtype=np.int64) for gram, entries in heard.items()}
