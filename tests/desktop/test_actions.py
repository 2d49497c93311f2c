"""One key, one act."""

from collections import Counter

from desktop.actions import acts


def test_no_two_acts_have_one_key():
    keys = Counter(key for act in acts() for key in act.keys)
    assert [key for key, count in keys.items() if count > 1] == []


def test_no_key_is_the_beginning_of_another():
    keys = {key for act in acts() for key in act.keys}
    assert [key for key in keys if any(other.startswith(f"{key}, ") for other in keys)] == []
