"""Warnings of servers: earthquakes, and alerts in CAP."""

from dataclasses import replace
from datetime import datetime
from ipaddress import ip_address
from urllib.parse import urljoin

from gis.errors import UserError
from gis.exchange.cap import Alert
from gis.exchange.cap_feed import Link, Listing, listing
from gis.exchange.cap_hazards import Listening, message
from gis.exchange.online.asking import Told
from gis.exchange.online.calling import Caller, stops
from gis.exchange.online.fetching import NotFetched
from gis.exchange.online.service import host_of
from gis.exchange.online.sources import CapSource, QuakeSource
from gis.model.hazard import HazardMessage
from gis.sensors.feeds import document
from gis.sensors.feeds.feed import Batch, Reject
from gis.sensors.feeds.quakes import Wanted, quakes
from gis.sensors.feeds.station import Sheet
from gis.texts import _

LINKS, TRIES = 40, 3  # fetched in one round; how often one that fails is tried


class Quakes:
    """A list of earthquakes, asked for whole where it has changed."""

    def __init__(self, source: QuakeSource, name: str, caller: Caller) -> None:
        self._source, self._name, self._caller = source, name, caller

    def ask(self, at: datetime) -> Told:
        answer = self._caller.ask(self._source.address, news=True)
        if answer.status == 304:
            return Told(Batch(), fresh_s=answer.fresh_s)
        sheet, source = Sheet(self._name, at), self._source
        try:
            said = document.read(answer.content, host_of(source.address)[1])
            quakes(said, Wanted(source.least_magnitude, source.within, source.kept_h), sheet)
        except UserError as error:
            whole = Reject(self._name, 0, answer.content, str(error))
            return Told(Batch(rejected=(whole,)), failed=error)
        return Told(_named(sheet.batch(), self._name), fresh_s=answer.fresh_s)

    def kept(self) -> None: ...

    def reread(self) -> None:
        self._caller.forget()


class Alerts:
    """A feed of alerts; those it only leads to are fetched, some in a round, each once."""

    def __init__(self, source: CapSource, name: str, caller: Caller) -> None:
        self._source, self._name, self._caller = source, name, caller
        self._listening = Listening(source.language, source.within)
        self._done: set[Link] = set()
        self._given: set[Link] = set()
        self._tried: dict[Link, int] = {}
        self._waiting: tuple[Link, ...] = ()

    def ask(self, at: datetime) -> Told:
        sheet = Sheet(self._name, at)
        answer = self._caller.ask(self._source.address, news=True)
        if answer.status != 304:
            try:
                self._take(listing(answer.content), sheet)
            except UserError as error:
                whole = Reject(self._name, 0, answer.content, str(error))
                return Told(Batch(rejected=(whole,)), failed=error)
        more = len(self._left()) > LINKS
        failed = self._fetch(sheet)
        return Told(_named(sheet.batch(), self._name), more and failed is None, failed, answer.fresh_s)

    def kept(self) -> None:
        self._done |= self._given
        self._given.clear()

    def reread(self) -> None:
        self._caller.forget()
        self._given.clear()

    def _take(self, found: Listing, sheet: Sheet) -> None:
        self._waiting = found.links
        there = set(found.links)
        self._done &= there
        self._tried = {link: tries for link, tries in self._tried.items() if link in there}
        for alert in found.alerts:
            self._hear(alert, sheet)

    def _left(self) -> list[Link]:
        gone = self._done | self._given
        return [link for link in self._waiting if link not in gone]

    def _fetch(self, sheet: Sheet) -> NotFetched | None:
        """Fetch what the feed leads to; stops at a server that is not there."""
        failed = None
        for link in self._left()[:LINKS]:
            try:
                for alert in listing(self._caller.ask(self._address(link)).content).alerts:
                    self._hear(alert, sheet)
            except (NotFetched, UserError) as error:
                if isinstance(error, NotFetched) and self._try_again(link):
                    failed = error
                    if stops(error):
                        break
                    continue
                self._set_aside(link, str(error), sheet)
            self._given.add(link)
        return failed

    def _try_again(self, link: Link) -> bool:
        self._tried[link] = self._tried.get(link, 0) + 1
        return self._tried[link] < TRIES

    def _set_aside(self, link: Link, reason: str, sheet: Sheet) -> None:
        sheet.rejected.append(Reject(self._name, len(sheet.rejected) + 1, link.address.encode(), reason))

    def _address(self, link: Link) -> str:
        """A feed may lead anywhere but into the network that this computer stands in: raises UserError."""
        try:
            address = urljoin(self._source.address, link.address)
            host = host_of(address)[1]
        except ValueError as error:
            raise UserError(_("The feed leads to something that is no address.")) from error
        if host != host_of(self._source.address)[1] and _is_inside(host):
            raise UserError(_("The feed leads to an address inside this network. It was not asked."))
        return address

    def _hear(self, alert: Alert, sheet: Sheet) -> None:
        try:
            said = message(alert, self._listening, sheet.until)
        except ValueError as error:
            raw = f"{alert.sender} {alert.identifier}".encode()
            sheet.rejected.append(Reject(self._name, len(sheet.rejected) + 1, raw, str(error)))
            return
        if said is not None:
            sheet.hazards.append(said)


def _is_inside(host: str) -> bool:
    try:
        return not ip_address(host).is_global
    except ValueError:
        return host.casefold().rstrip(".").endswith("localhost")


def _named(batch: Batch, source: str) -> Batch:
    """With the feed that each warning came by."""

    def name(said: HazardMessage) -> HazardMessage:
        return replace(said, alerts=tuple(replace(each, source=source) for each in said.alerts))

    return replace(batch, hazards=tuple(map(name, batch.hazards)))
