"""What watches over the city: instruments and their feeds, limits, alarms, silence and warnings."""

from dataclasses import dataclass

from desktop.alarmload import AlarmLoads
from desktop.expecting import Expecting
from desktop.feeds import Feeds
from desktop.ground import Ground
from desktop.guiding import Guiding
from desktop.hazards import Hazards
from desktop.instruments import Instruments
from desktop.limits import Limits
from desktop.listening import Listening
from desktop.quieting import Quieting
from desktop.rehearsals import Rehearsals
from desktop.silence import Silences
from desktop.work import Panels, Work


@dataclass(frozen=True, slots=True)
class AlarmSystem:
    """Its parts, each by itself."""

    instruments: Instruments
    feeds: Feeds
    limits: Limits
    rehearsals: Rehearsals
    alarmload: AlarmLoads
    quieting: Quieting
    listening: Listening
    silences: Silences
    expecting: Expecting
    guiding: Guiding
    hazards: Hazards

    def begin(self) -> None:
        """What goes on by itself goes on from now."""
        self.instruments.begin()
        self.listening.begin()
        self.feeds.begin()
        self.hazards.begin()

    def rest(self) -> None:
        """Nothing is asked, heard or noted any more; the desk is closing."""
        self.listening.rest()
        self.feeds.rest()


def make_alarm_system(ground: Ground, panels: Panels, work: Work) -> AlarmSystem:
    """All of it, not yet at work."""
    model, notices = ground.model, ground.notices
    return AlarmSystem(
        instruments=Instruments(model, ground.jobs, ground.bridge, panels, notices),
        feeds=Feeds(model, ground.jobs, panels, notices),
        limits=Limits(work, ground.appearance, notices),
        rehearsals=Rehearsals(work, ground.jobs, ground.running),
        alarmload=AlarmLoads(work),
        quieting=Quieting(work, notices),
        listening=Listening(model.store, ground.jobs, notices),
        silences=Silences(work, ground.where, ground.jobs, notices),
        expecting=Expecting(work, ground.where, ground.jobs, notices),
        guiding=Guiding(work, notices),
        hazards=Hazards(work, ground.appearance, notices, lambda: ground.where.home),
    )
