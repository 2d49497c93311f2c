"""Servers of measurements and warnings as they stand in the world, spoken by our own test server."""

import json
import re
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

from shapely import Point

from gis.exchange.online.sources import CapSource, SensorThingsSource
from gis.model.sensor import Quantity, Sensor
from tests.mapserver import MapServer, Reply

KALI = Sensor("KALI-3", "Kali 3", Quantity.LEVEL, "m", Point(119.4, -5.1))
HUJAN = Sensor("HUJAN-1", "Hujan 1", Quantity.RAIN, "mm", Point(119.5, -5.2))


NOW = datetime(2026, 3, 14, 6, 0, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def iso(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def spoken(value, **said) -> Reply:
    return Reply(json.dumps(value).encode(), "application/json", **said)


class Frost:
    """A SensorThings 1.1 service that filters, orders and pages as the standard says.

    `observed` holds (time, result) of each datastream by its id, in the order in which they came in. Its
    pages name it as `outside`, an address that only its own house can reach.
    """

    outside = "http://frost.internal:8080"

    def __init__(self, unit: str = "m", largest: int = 100) -> None:
        self.observed: dict[str, list[tuple[datetime, object]]] = {"42": []}
        self.unit, self.largest, self.tables = unit, largest, False
        self.broken: dict[str, Reply] = {}  # by the id of a datastream
        self.server = MapServer(self.answer)

    @property
    def address(self) -> str:
        return self.server.address + "/FROST/v1.1"

    @property
    def questions(self) -> list[str]:
        """The filters that were asked for, of first pages."""
        asked = [parse_qs(urlsplit(path).query) for path in self.server.paths]
        return [q["$filter"][0] for q in asked if "$filter" in q and "$skip" not in q]

    def fill(self, start: datetime, count: int, *, stream: str = "42", minutes: int = 10) -> None:
        there = self.observed[stream]
        there += [(start + timedelta(minutes=minutes * n), 1 + n / 1000) for n in range(count)]

    def answer(self, path: str) -> Reply:
        parts = urlsplit(path)
        found = re.fullmatch(r"/FROST/v1\.1/Datastreams\((.+?)\)(/Observations)?", parts.path)
        stream = found[1].replace("%20", " ") if found else ""
        if stream in self.broken:
            return self.broken[stream]
        if stream not in self.observed:
            return spoken({"code": 404, "message": "Nothing found."}, status=404)
        if not found[2]:
            return spoken({"@iot.id": stream, "name": "Level", "unitOfMeasurement": {"symbol": self.unit}})
        return self._page(stream, parse_qs(parts.query))

    def _page(self, stream: str, asked: dict[str, list[str]]) -> Reply:
        since = datetime.fromisoformat(asked["$filter"][0].removeprefix("phenomenonTime gt "))
        assert asked["$orderby"] == ["phenomenonTime asc"]
        new = sorted((each for each in self.observed[stream] if each[0] > since), key=lambda each: each[0])
        top, skip = min(int(asked["$top"][0]), self.largest), int(asked.get("$skip", ["0"])[0])
        page, left = new[skip : skip + top], new[skip + top :]
        said: dict[str, object] = {"value": self._told(page, "$resultFormat" in asked)}
        if left:
            query = f"$filter={asked['$filter'][0]}&$orderby=phenomenonTime asc&$top={top}&$skip={skip + top}"
            query = query.replace(" ", "%20") + (
                "&$resultFormat=dataArray" if "$resultFormat" in asked else ""
            )
            said["@iot.nextLink"] = f"{self.outside}/FROST/v1.1/Datastreams({stream})/Observations?{query}"
        return spoken(said)

    def _told(self, page, compact: bool) -> list[object]:
        if compact:
            rows = [[n, iso(at), value] for n, (at, value) in enumerate(page)]
            return [{"components": ["id", "phenomenonTime", "result"], "dataArray": rows}]
        return [
            {"@iot.id": n, "phenomenonTime": iso(at), "result": value} for n, (at, value) in enumerate(page)
        ]


def usgs_quake(at: datetime, name: str = "us7000abcd", **said) -> dict[str, object]:
    """A quake in the words of the summary feeds of the USGS."""
    ms = int(at.timestamp() * 1000)
    place = said.pop("place", [119.2, -5.4, 33.0])
    properties = {
        "mag": 6.1, "place": "43 km SW of Makassar, Indonesia", "time": ms, "updated": ms, "tz": None,
        "url": f"https://earthquake.usgs.gov/earthquakes/eventpage/{name}", "felt": None, "alert": None,
        "status": "automatic", "tsunami": 0, "net": "us", "code": name[2:], "ids": f",{name},",
        "type": "earthquake", "title": "M 6.1 - 43 km SW of Makassar, Indonesia",
    }  # fmt: skip
    geometry = {"type": "Point", "coordinates": place}
    return {"type": "Feature", "id": name, "properties": properties | said, "geometry": geometry}


def collected(*features: object) -> dict[str, object]:
    return {"type": "FeatureCollection", "metadata": {"status": 200}, "features": list(features)}


CAP = "urn:oasis:names:tc:emergency:cap:1.2"
SQUARE = "-5.0,119.3 -5.0,119.6 -5.3,119.6 -5.3,119.3 -5.0,119.3"


def cap_alert(at: datetime, name: str, **said) -> str:
    """An alert in CAP 1.2, without an XML declaration."""

    def when(moment: datetime) -> str:
        return moment.strftime("%Y-%m-%dT%H:%M:%S-00:00")

    parts = {
        "kind": "Alert", "status": "Actual", "severity": "Severe", "headline": "Flood warning", "follows": "",
        "language": "en-US", "area": f"<polygon>{SQUARE}</polygon>", "response": "Prepare",
    } | said  # fmt: skip
    hours = parts.get("hours", 6)
    info = (
        f"<info><language>{parts['language']}</language><category>Met</category><event>Flood</event>"
        f"<responseType>{parts['response']}</responseType><urgency>Immediate</urgency>"
        f"<severity>{parts['severity']}</severity><certainty>Likely</certainty>"
        f"<expires>{when(at + timedelta(hours=hours))}</expires><senderName>BMKG</senderName>"
        f"<headline>{parts['headline']}</headline><description>The river rises.</description>"
        f"<instruction>Leave the banks.</instruction>"
        f"<area><areaDesc>Lower city</areaDesc>{parts['area']}</area></info>"
    )
    references = f"<references>{parts['follows']}</references>" if parts["follows"] else ""
    return (
        f'<alert xmlns="{CAP}"><identifier>{name}</identifier><sender>bmkg@example.org</sender>'
        f"<sent>{when(at)}</sent><status>{parts['status']}</status><msgType>{parts['kind']}</msgType>"
        f"<scope>Public</scope>{references}{parts.get('info', info)}</alert>"
    )


def reference(at: datetime, name: str) -> str:
    return f"bmkg@example.org,{name},{at.strftime('%Y-%m-%dT%H:%M:%S-00:00')}"


def atom(*entries: str) -> bytes:
    return (
        f'<feed xmlns="http://www.w3.org/2005/Atom"><title>Alerts</title>{"".join(entries)}</feed>'.encode()
    )


def leading(address: str, stamp: str = "1") -> str:
    """An entry of an Atom feed that only leads to an alert."""
    return (
        f"<entry><id>{address}</id><updated>{stamp}</updated>"
        f'<link rel="alternate" type="application/cap+xml" href="{address}"/></entry>'
    )


def holding(alert: str) -> str:
    """An entry of an Atom feed with the alert in it."""
    return f'<entry><id>x</id><content type="text/xml">{alert}</content></entry>'


def things(frost: Frost, *bound, **said) -> SensorThingsSource:
    return SensorThingsSource(frost.address, bound or (("42", "KALI-3"),), **said)


def alerts(peer: MapServer, *entries: str) -> CapSource:
    """A feed of alerts that from now on holds these entries."""
    peer.answer = lambda _path: Reply(atom(*entries), "application/atom+xml")
    return CapSource(peer.address + "/alerts")


def kept(feed, at):
    """What a feed gives, kept."""
    batch = feed.poll(at)
    feed.kept()
    return batch
