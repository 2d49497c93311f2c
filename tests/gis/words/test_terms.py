"""How an incident is told in one line."""

from gis.words.terms import where_and_what


def test_the_place_is_told_before_what_happened():
    assert where_and_what("Kampung Sari 14", "clinic flooded") == "Kampung Sari 14: clinic flooded"


def test_a_text_that_names_its_place_is_not_told_it_twice():
    text = "Six on the roof in  jalan Pelangi"
    assert where_and_what("Jalan Pelangi", text) == text


def test_half_an_incident_is_told_as_far_as_it_is_known():
    assert where_and_what("", "smoke") == "smoke"
    assert where_and_what("Pasar", "") == "Pasar"
    assert where_and_what("", "") == ""
