"""T-26: two hundred interleavings of each race, exactly one winner in each."""

import pytest

from tests.cycle.test_races import RACES, edit_and_submit, one_round, open_twice

INTERLEAVINGS = 200


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", RACES)
def test_exactly_one_wins_every_time(name):
    found = [one_round(name, number) for number in range(1, INTERLEAVINGS + 1)]
    print(f"\n{name}: {found.count(['lost', 'won'])} of {len(found)} with exactly one winner")
    assert found == [["lost", "won"]] * INTERLEAVINGS


@pytest.mark.django_db(transaction=True)
def test_a_stage_is_opened_once_every_time():
    found = [open_twice(number) for number in range(1, INTERLEAVINGS + 1)]
    print(f"\nthe next stage opened twice: {found.count(['lost', 'won'])} of {len(found)} with exactly one winner")
    assert found == [["lost", "won"]] * INTERLEAVINGS


@pytest.mark.django_db(transaction=True)
def test_no_edit_lands_after_submission():
    for number in range(1, INTERLEAVINGS + 1):
        edit_and_submit(number)
    print(f"\nedit and submit: {INTERLEAVINGS} without an edit after the lock")
