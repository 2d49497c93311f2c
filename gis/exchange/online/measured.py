"""Measurements of servers: observations of SensorThings, instantaneous values of the USGS."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from gis.errors import UserError
from gis.exchange.online.asking import Bound, Marks, Told
from gis.exchange.online.calling import Caller, stops
from gis.exchange.online.fetching import NotFetched
from gis.exchange.online.service import host_of
from gis.exchange.online.sources import SensorThingsSource, UsgsSource
from gis.sensors.feeds import document, sensorthings, usgs
from gis.sensors.feeds.feed import Batch, Reject
from gis.sensors.feeds.sensorthings import Datastream
from gis.sensors.feeds.station import Sheet

PAGE, MOST_PAGES, MOST_TOLD, SITES = 1_000, 20, 20_000, 50
_HOUR = timedelta(hours=1)


class Observations:
    """Datastreams of a SensorThings service, page after page in the order of time.

    What is asked for begins a little before the newest that is known, for observations that came late; while
    there is more than one round takes, it begins at the newest.
    """

    def __init__(self, source: SensorThingsSource, name: str, bound: Sequence[Bound], caller: Caller) -> None:
        self._source, self._name, self._bound, self._caller = source, name, tuple(bound), caller
        self._marks = Marks({each.station: each.last for each in bound if each.last})
        self._about: dict[str, tuple[datetime, Datastream]] = {}
        self._behind: set[str] = set()
        self._first = 0  # whose turn it is when one round does not reach all

    def ask(self, at: datetime) -> Told:
        sheet, failed, more = Sheet(self._name, at), None, False
        turn = self._bound[self._first :] + self._bound[: self._first]
        for n, each in enumerate(turn):
            if len(sheet.readings) + len(sheet.rejected) > MOST_TOLD:
                self._first, more = (self._first + n) % len(turn), True
                break
            try:
                more |= self._follow(each, sheet)
            except (NotFetched, UserError) as error:
                failed = failed or error
                if stops(error):
                    break
        return _told(sheet, more, failed)

    def kept(self) -> None:
        self._marks.keep()

    def reread(self) -> None:
        self._marks.lose()
        self._behind.clear()

    def _follow(self, each: Bound, sheet: Sheet) -> bool:
        """Take what is new of one datastream; True when there is more than was taken."""
        home = f"{self._source.address.rstrip('/')}/Datastreams({quote(each.station, safe=chr(39))})"
        unit, since = self._unit(each.station, home, sheet), self._since(each.station, sheet.until)
        asked = {"$filter": f"phenomenonTime gt {_iso(since)}", "$orderby": "phenomenonTime asc"}
        asked["$top"] = str(PAGE)
        if self._source.compact:
            asked["$resultFormat"] = "dataArray"
        question = urlencode(asked, quote_via=quote)
        for _page in range(MOST_PAGES):
            before = len(sheet.readings)
            address = f"{home}/Observations?{question}"
            said = _read(self._caller, address, self._host, sheet)
            following = sensorthings.observations(said, each.sensor, unit, sheet)
            for reading in sheet.readings[before:]:
                self._marks.give(each.station, reading.at)
            # Asked where the first was: many services name a server that only their own house can reach.
            question = urlsplit(following).query
            if not question:
                self._behind.discard(each.station)
                return False
            if len(sheet.readings) + len(sheet.rejected) > MOST_TOLD:
                break
        self._behind.add(each.station)
        newest = self._marks.at(each.station)
        return newest is not None and newest > since

    def _unit(self, station: str, home: str, sheet: Sheet) -> str:
        """The unit of a datastream, asked for again every hour: it can be set up anew."""
        known = self._about.get(station)
        if known is None or not known[0] <= sheet.until < known[0] + _HOUR:
            said = _read(self._caller, home, self._host, sheet)
            known = self._about[station] = sheet.until, sensorthings.datastream(said)
        return known[1].unit

    def _since(self, station: str, until: datetime) -> datetime:
        longest = until - timedelta(seconds=self._source.backfill_s)
        newest = self._marks.at(station)
        if newest is None:
            return longest
        late = 0 if station in self._behind else self._source.look_back_s
        return max(newest - timedelta(seconds=late), longest)

    @property
    def _host(self) -> str:
        return host_of(self._source.address)[1]


class GaugeValues:
    """Gauges of a service of instantaneous values, some sites in one question."""

    def __init__(self, source: UsgsSource, name: str, bound: Sequence[Bound], caller: Caller) -> None:
        self._source, self._name, self._bound, self._caller = source, name, tuple(bound), caller
        self._marks = Marks({each.station: each.last for each in bound if each.last})

    def ask(self, at: datetime) -> Told:
        sheet, failed = Sheet(self._name, at), None
        for start in range(0, len(self._bound), SITES):
            try:
                self._take(self._bound[start : start + SITES], sheet)
            except (NotFetched, UserError) as error:
                failed = failed or error
                if stops(error):
                    break
        return _told(sheet, False, failed)

    def kept(self) -> None:
        self._marks.keep()

    def reread(self) -> None:
        self._marks.lose()

    def _take(self, part: Sequence[Bound], sheet: Sheet) -> None:
        before = len(sheet.readings)
        said = _read(self._caller, self._question(part, sheet.until), host_of(self._source.address)[1], sheet)
        usgs.instantaneous(said, {each.station: each.sensor for each in part}, sheet)
        station = {each.sensor.id: each.station for each in part}
        for reading in sheet.readings[before:]:
            self._marks.give(station[reading.sensor_id], reading.at)

    def _question(self, part: Sequence[Bound], until: datetime) -> str:
        """From the station that was heard longest ago; those heard later say some of it twice."""
        names = [each.station.split(":") for each in part]
        asked = {
            "format": "json",
            "sites": ",".join(dict.fromkeys(name[0] for name in names)),
            "parameterCd": ",".join(dict.fromkeys(name[1] for name in names)),
            "siteStatus": "all",
            "startDT": _iso(min(self._since(each.station, until) for each in part)),
        }
        home = urlsplit(self._source.address)
        kept = [pair for pair in parse_qsl(home.query) if pair[0] not in asked]
        query = urlencode([*kept, *asked.items()], safe=",:")
        return urlunsplit((home.scheme, home.netloc, home.path, query, ""))

    def _since(self, station: str, until: datetime) -> datetime:
        longest = until - timedelta(seconds=self._source.backfill_s)
        newest = self._marks.at(station)
        late = timedelta(seconds=self._source.look_back_s)
        return longest if newest is None else max(newest - late, longest)


def _read(caller: Caller, address: str, host: str, sheet: Sheet) -> object:
    """What a document says; one that is no JSON is set aside as it came."""
    content = caller.ask(address).content
    try:
        return document.read(content, host)
    except UserError as error:
        sheet.rejected.append(Reject(sheet.server, 0, content, str(error)))
        raise


def _told(sheet: Sheet, more: bool, failed: NotFetched | UserError | None) -> Told:
    if failed is not None and sheet.batch() == Batch():
        raise failed
    return Told(sheet.batch(), more and failed is None, failed)


def _iso(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"
