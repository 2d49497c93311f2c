"""What can be done about alarms from the keyboard."""

from desktop.act import Act
from gis.texts import _


def alarm_acts() -> tuple[Act, ...]:
    """What is done about alarms."""
    alarm = _("&Alarm")
    return (
        Act("next_alarm", alarm, _("Next unacknowledged alarm"), ("F4",), _("Select it and show it.")),
        Act("acknowledge", alarm, _("Acknowledge"), ("F8",), _("Put your name to the selected alarm.")),
        Act(
            "acknowledge_note",
            alarm,
            _("Acknowledge with a note…"),
            ("Ctrl+F8",),
            _("Put a name and a note to the selected alarm."),
        ),
        Act(
            "guidance",
            alarm,
            _("What to do…"),
            ("Ctrl+Alt+T",),
            _("What the alarm or incident on show means, what to do, whom to call; tick off what is done."),
        ),
        *_quiet_acts(),
        *_looking_acts(),
    )


def _looking_acts() -> tuple[Act, ...]:
    """What tells of alarms and their limits."""
    alarm = _("&Alarm")
    return (
        Act(
            "limits",
            alarm,
            _("Limits…"),
            ("Ctrl+Shift+R",),
            _("What rings and when: of the chosen instrument or alarm, or of all."),
        ),
        Act(
            "alarm_load",
            alarm,
            _("Alarm load"),
            ("Ctrl+Shift+F8",),
            _("What the alarms ask of the desk, beside what people can deal with."),
        ),
        Act(
            "rehearse",
            alarm,
            _("Rehearse the limits…"),
            ("Ctrl+Alt+R",),
            _("Which alarms the limits would have rung in an event, beside what truly happened."),
        ),
    )


def hearing_acts() -> tuple[Act, ...]:
    """How alarms are heard and told together, and who is not heard."""
    alarm = _("&Alarm")
    news = _("Show the alarms that came while you were in the list, and go to the worst.")
    groups = _("Alarms by area and cause; by itself in a flood of alarms.")
    return (
        Act("new_alarms", alarm, _("Let new alarms in"), ("Ctrl+F4",), news),
        Act("group_alarms", alarm, _("Groups or one by one"), ("Ctrl+Shift+F4",), groups),
        Act(
            "silence_sound",
            alarm,
            _("Silence for 2 minutes"),
            ("F5",),
            _("What is new is heard; again: sound."),
        ),
        Act("sound", alarm, _("Sound on or off"), ("Ctrl+H, O",), _("At this desk, until turned back.")),
        Act("louder", alarm, _("Louder"), ("Ctrl+H, L",), _("Alarms are heard louder.")),
        Act("quieter", alarm, _("Quieter"), ("Ctrl+H, Q",), _("Alarms are heard less loud.")),
        Act("test_sound", alarm, _("Test sound"), ("Ctrl+H, T",), _("Let every rhythm be heard once.")),
        Act("say_alarm", alarm, _("Say the worst alarm"), ("Ctrl+H, A",), _("In spoken words, now.")),
        Act("voice", alarm, _("Speak of alarms"), ("Ctrl+H, V",), _("When one comes; again: no more.")),
        Act(
            "silence",
            alarm,
            _("Who is silent"),
            ("Ctrl+Alt+S",),
            _("Wards, shelters, teams and gauges that were not heard from in time, most urgent first."),
        ),
    )


def _quiet_acts() -> tuple[Act, ...]:
    """What keeps alarms from ringing, and lets them go."""
    alarm = _("&Alarm")
    return (
        Act(
            "shelve",
            alarm,
            _("Shelve, or let ring again…"),
            ("Shift+F8",),
            _("Keep the selected alarm from ringing for a while; let what is kept quiet ring again."),
        ),
        Act(
            "out_of_service",
            alarm,
            _("Out of service, or back…"),
            ("Ctrl+Alt+Q",),
            _("Keep all alarms of the selected alarm's instrument from ringing."),
        ),
        Act("reset", alarm, _("Reset"), ("Ctrl+Alt+U",), _("Let a latched alarm go that has returned.")),
        Act(
            "kept_quiet",
            alarm,
            _("What is kept quiet"),
            ("Shift+F4",),
            _("Turn between the alarms and what is kept from ringing."),
        ),
    )
