"""What a typed line means to the desk."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import Point, box

from gis.geo.gazetteer import Gazetteer, Named
from gis.geo.wards import Wards
from gis.intake.context import IntakeContext, Kind, live_places
from gis.intake.logline import adding, nearby, read
from gis.intake.suggest import suggestions
from gis.model.incident import Incident, Severity
from gis.model.sensor import Quantity, Sensor

HERE = (115.21, -8.65)
PLACES = [
    ("Kampung Sari 14", 115.21),
    ("Kampung Sari 2", 115.22),
    ("Kampung Baru", 115.20),
    ("Market underpass", 115.24),
    ("Jalan Melati", 115.23),
    ("Jalan Melati", 115.25),
]


def an_incident(number, lon=115.2105, **more):
    at = datetime(2026, 3, 14, 5, tzinfo=UTC)
    fields = {
        "code": "fl",
        "text": "",
        "severity": Severity.SEVERE,
        "reported_at": at,
        "place": Point(lon, -8.65),
    }
    return Incident(number=number, **(fields | more))


OPEN = an_incident("I-0036")
ELSEWHERE = an_incident("I-0007", 115.3)
CLOSED = an_incident("I-0008", closed_at=datetime(2026, 3, 14, 6, tzinfo=UTC))
NEIGHBOUR = an_incident("B-0036", 115.2)
KALI = Sensor(key="KALI-3", name="Kali 3", quantity=Quantity.LEVEL, unit="m", place=Point(115.26, -8.65))


@pytest.fixture(scope="module")
def desk() -> IntakeContext:
    incidents = (OPEN, ELSEWHERE, CLOSED, NEIGHBOUR)
    names = Named([name for name, _ in PLACES], ["street"] * 6, [lon for _, lon in PLACES], [-8.65] * 6)
    return IntakeContext(
        places=Gazetteer(names),
        live=live_places([KALI], incidents),
        incidents=incidents,
        wards=Wards(["Ward D3"], [box(115.2, -8.7, 115.215, -8.6)]),
        city=(115.10, -8.80, 115.35, -8.50),
        last_click=(115.2, -8.6),
        commands={"inside": "What is inside an area", "report": "Situation report"},
    )


def test_the_call_of_the_night(desk):
    draft = read("fl2 @Kampung Sari 14 water knee high, 12 in clinic", desk)
    assert (draft.kind, draft.code.code, draft.severity) == (Kind.INCIDENT, "fl", Severity.SEVERE)
    assert (draft.where, draft.text) == ("Kampung Sari 14", "water knee high, 12 in clinic")
    assert (draft.point, draft.sure, draft.ward) == (Point(HERE), True, "Ward D3")
    assert draft.remarks == ()


@pytest.mark.parametrize(
    "line",
    [
        "fl2 @Kampung Sari 14\tknee high",
        "fl2\tKampung Sari 14\tknee high",
        "fl2\t@Kampung Sari 14\tknee high",
        "fl2 Kampung Sari 14\tknee high",
        "fl2@Kampung Sari 14@knee high",
        "FL2 @kampung sari 14, knee high",
        "ｆｌ２　＠Kampung Sari 14　knee high",
        "  fl2  @  Kampung  Sari  14   knee   high ",
        "fl2 knee @Kampung Sari 14 high",
        "fl٢ @Kampung Sari 14 knee\nhigh",
    ],
)
def test_tab_at_sign_width_and_spaces_all_part_the_same_line(desk, line):
    draft = read(line, desk)
    assert (draft.code.code, draft.severity) == ("fl", Severity.SEVERE)
    assert (draft.where, draft.text) == ("Kampung Sari 14", "knee high")
    assert draft.raw == line


def test_without_a_digit_the_code_says_how_bad_it_is(desk):
    assert read("fl", desk).severity is Severity.MODERATE
    assert read("rs @@", desk).severity is Severity.EXTREME


def test_a_digit_that_is_no_severity_is_remarked_and_nothing_is_refused(desk):
    draft = read("fl7 @market", desk)
    assert (draft.kind, draft.severity) == (Kind.INCIDENT, Severity.MODERATE)
    assert "7 is no severity" in draft.remarks[0]


@pytest.mark.parametrize("line", ["hello world", "zz2 @market deep", "@market deep", "the bridge is out"])
def test_what_has_no_code_is_a_note_with_every_word(desk, line):
    draft = read(line, desk)
    assert (draft.kind, draft.text, draft.code) == (Kind.NOTE, line, None)


def test_a_mistyped_code_is_pointed_out(desk):
    assert "zz2 is no code" in read("zz2 @market deep water", desk).remarks[0]
    assert read("the bridge is out", desk).remarks == ()


def test_an_incident_may_have_no_place_yet(desk):
    draft = read("fl2 knee high", desk)
    assert (draft.kind, draft.where, draft.text, draft.spot) == (Kind.INCIDENT, "", "knee high", None)
    assert read("fl2\t\tknee high", desk).text == "knee high"


def test_a_place_that_is_not_known_keeps_its_words(desk):
    draft = read("fl2 @behind the old mosque\tknee high", desk)
    assert (draft.where, draft.text, draft.spot) == ("behind the old mosque", "knee high", None)
    assert read("fl2 @behind the old mosque", desk).text == "behind the old mosque"


def test_words_between_a_name_and_a_tab_stay_with_the_place(desk):
    draft = read("fl2 @Kampung Sari 14 behind the school\tknee high", desk)
    assert (draft.where, draft.text) == ("Kampung Sari 14 behind the school", "knee high")
    assert (draft.point, draft.sure) == (Point(HERE), False)


def test_the_last_click_is_a_place(desk):
    draft = read("fl2 @@ knee high", desk)
    assert (draft.point, draft.text, draft.where) == (Point(115.2, -8.6), "knee high", "50L LR 0191 4890")
    assert "m from Kampung Baru" not in draft.beside  # five kilometres are not beside
    assert read("fl2\t@@\tknee high", desk).point == draft.point


def test_without_a_click_the_line_says_so(desk):
    draft = read("fl2 @@ knee high", replace(desk, last_click=None))
    assert (draft.spot, draft.text) == (None, "knee high")
    assert draft.remarks == ("No place has been clicked on the map yet.",)


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("lr030434", "knee high"),
        ("LR 0303 4337", "12 people"),
        ("50L LR 03047 43389", "knee high"),
        ("-8.651 115.21", "12 in clinic"),
        ("8.651S 115.21E", "s of the bridge"),
        ("8 39 1 S 115 12 36 E", "12 people"),
        ("9626+22", "knee high"),
        ("geo:-8.651,115.21", "knee high"),
        ("https://www.google.com/maps/@-8.651,115.21,15z", "call me @ home"),
    ],
)
def test_a_coordinate_is_a_place_and_the_words_behind_it_are_text(desk, typed, text):
    draft = read(f"fl2 @{typed} {text}", desk)
    assert (draft.where, draft.text, draft.sure) == (typed, text, True)
    assert draft.point.distance(Point(HERE)) < 0.002
    assert draft.beside.endswith("m from Kampung Sari 14")


def test_a_coordinate_of_a_named_place_is_called_by_its_name(desk):
    assert read("fl2 @8.65S 115.21E knee high", desk).where == "Kampung Sari 14"


def test_two_numbers_of_a_sentence_are_no_coordinate(desk):
    draft = read("fl2 @12 34 children on a roof", desk)
    assert (draft.spot, draft.text) == (None, "12 34 children on a roof")


def test_a_coordinate_with_two_readings_is_not_decided_silently(desk):
    draft = read("fl2 @36.5 12.1 deep", desk)
    assert (draft.spot, draft.where, draft.text) == (None, "36.5 12.1", "deep")
    assert [(s.lat, s.lon) for s in draft.spots] == [(36.5, 12.1), (12.1, 36.5)]
    assert "two ways" in draft.remarks[0]


def test_a_minus_that_was_left_out_is_taken_but_not_sure(desk):
    draft = read("fl2 @8.65 115.21", desk)
    assert (draft.point, draft.sure) == (Point(HERE), False)
    assert "minus" in draft.spot.note


def test_a_place_outside_the_city_is_taken_and_remarked(desk):
    draft = read("fl2 @6.2S 106.8E", desk)
    assert draft.point == Point(106.8, -6.2)
    assert draft.remarks == ("This place is outside the city.",)


def test_a_sensor_is_a_place_by_name_and_by_key(desk):
    assert read("fl2 @kali 3 over the bank", desk).point == Point(115.26, -8.65)
    assert read("fl2 @KALI-3", desk).where == "Kali 3"


@pytest.mark.parametrize("typed", ["i36", "I-0036", "i7"])
def test_an_open_incident_is_a_place(desk, typed):
    draft = read(f"rb @{typed} also blocked", desk)
    assert draft.where == ("I-0007" if typed == "i7" else "I-0036")
    assert draft.text == "also blocked"


def test_a_closed_incident_is_no_place(desk):
    assert read("rb @i8", desk).spot is None


def test_the_only_name_it_can_become_is_taken_but_not_sure(desk):
    draft = read("fl2 @mark", desk)
    assert (draft.where, draft.sure) == ("Market underpass", False)


def test_of_several_names_none_is_taken(desk):
    draft = read("fl2 @kam sa", desk)
    assert (draft.where, draft.spot) == ("kam sa", None)
    assert [spot.words for spot in draft.spots] == ["Kampung Sari 2", "Kampung Sari 14"]


def test_of_namesakes_the_first_is_taken_but_not_sure(desk):
    draft = read("fl2 @jalan melati tree down", desk)
    assert (draft.where, draft.text, draft.sure, len(draft.spots)) == ("Jalan Melati", "tree down", False, 2)


def test_a_second_at_sign_in_the_words_is_only_a_word(desk):
    assert read("fl2 @Kampung Sari 14 two people @ clinic", desk).text == "two people @ clinic"


@pytest.mark.parametrize("typed", ["i36", "I36", "i-36", "I-0036", "ｉ３６"])
def test_a_number_adds_to_that_incident(desk, typed):
    draft = read(f"{typed} two injured @ school", desk)
    assert (draft.kind, draft.incident, draft.text) == (Kind.ADDITION, OPEN, "two injured @ school")


def test_another_desks_number_is_told_apart(desk):
    assert read("b36 two injured", desk).incident is NEIGHBOUR
    assert read("i36 two injured", desk).incident is OPEN
    assert read("c36 two injured", desk).kind is Kind.NOTE


@pytest.mark.parametrize("line", ["i36 >", "i36>", "i36", "i36 ＞"])
def test_an_incident_is_opened(desk, line):
    draft = read(line, desk)
    assert (draft.kind, draft.incident) == (Kind.OPENING, OPEN)


def test_a_number_nobody_has_becomes_a_note(desk):
    draft = read("i99 two injured", desk)
    assert (draft.kind, draft.text) == (Kind.NOTE, "i99 two injured")
    assert draft.remarks == ("There is no incident 99.",)


def test_slash_and_question_mark(desk):
    assert read("/inside kali 3", desk).command == "inside kali 3"
    assert read("／ inside", desk).kind is Kind.COMMAND
    assert read("?", desk).kind is Kind.CODES
    assert read("", desk).kind is read(" \t", desk).kind is Kind.EMPTY


def test_what_is_near_may_be_the_same_thing(desk):
    draft = read("fl2 @Kampung Sari 14 water", desk)
    ((found, metres),) = nearby(draft, desk.incidents)
    assert found is OPEN
    assert metres == pytest.approx(55, abs=1)
    assert nearby(read("fl2 water", desk), desk.incidents) == []


def test_adding_to_what_is_near_keeps_the_words(desk):
    more = adding(read("fl2 @Kampung Sari 14 water rising", desk), OPEN)
    assert (more.kind, more.incident, more.text) == (Kind.ADDITION, OPEN, "water rising")
    assert adding(read("fl2 @Kampung Sari 14", desk), OPEN).text == "fl2 @Kampung Sari 14"


@pytest.mark.parametrize(
    ("line", "made"),
    [
        ("fl2 @kam ba", "fl2 @Kampung Baru\t"),
        ("fl2\tkam ba", "fl2\tKampung Baru\t"),
        ("fl2 @kmpng br", "fl2 @Kampung Baru\t"),
        ("fl2 @kali", "fl2 @Kali 3\t"),
        ("fl2 @lr030434", "fl2 @lr030434\t"),
        ("fl2 @36.5 12.1", "fl2 @36.50000 N 12.10000 E\t"),
        ("f", "fl"),
        ("?wild", "wf"),
        ("/ins", "/inside "),
    ],
)
def test_the_first_offer_finishes_the_line(desk, line, made):
    assert suggestions(line, desk)[0].line == made


def test_each_offer_leads_where_it_says(desk):
    for offer in suggestions("fl2 @jalan", desk):
        draft = read(offer.line, desk)
        assert draft.sure, offer
    assert {read(o.line, desk).point.x for o in suggestions("fl2 @jalan mel", desk)} == {115.23, 115.25}


def test_namesakes_can_still_be_told_apart_when_the_words_are_there(desk):
    first, second = suggestions("fl2 @jalan melati tree down", desk)
    assert first.detail != second.detail
    draft = read(second.line, desk)
    assert (draft.where, draft.text, draft.sure) == ("Jalan Melati", "tree down", True)
    assert draft.point == Point(115.25, -8.65)


@pytest.mark.parametrize(
    "line",
    ["", "fl2", "fl2 ", "fl2 @", "fl2 @Kampung Baru\tkam", "fl2 @Kampung Baru kam", "i36 kam"],
)
def test_nothing_is_offered_for_the_callers_own_words(desk, line):
    assert suggestions(line, desk) == []


LINES = st.text(alphabet="fl2 @\tKampungSari14i36/?>,.-8+5NSEWlr\n＠　२", max_size=60) | st.text(max_size=120)


@given(LINES)
def test_no_line_is_too_strange_and_none_is_lost(line):
    bare = IntakeContext(incidents=(OPEN,), live=live_places([], [OPEN]), city=(115.1, -8.8, 115.35, -8.5))
    draft = read(line, bare)
    suggestions(line, bare)
    nearby(draft, bare.incidents)
    assert draft.raw == line
    assert (draft.kind is Kind.EMPTY) == (not line.strip())


@given(
    st.lists(st.sampled_from(["water", "rising", "@", "\t", "here", "q@r", " "]), max_size=9).map(" ".join)
)
def test_every_word_of_an_incident_is_in_its_place_or_its_text(words):
    draft = read(f"fl2 {words}", IntakeContext())
    assert draft.kind is Kind.INCIDENT
    told = f"{draft.where} {draft.text}".replace("@", " ").split()
    assert sorted(told) == sorted(words.replace("@", " ").split())
