"""T-26 for publishing: two hundred interleavings of each race. ROUNDS says how many."""

import os
from collections import Counter

import pytest

from publication import publishing
from tests.cycle import test_races
from tests.publish.test_races import publish_and_change, publish_and_edit, publish_twice
from tests.publish.world import quick

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = int(os.environ.get("ROUNDS", 200))


@pytest.fixture(autouse=True)
def _refusals_are_awaited(monkeypatch):
    quick(monkeypatch)
    monkeypatch.setattr(test_races, "AWAITED", (publishing.Refused,))


def test_exactly_one_is_published_every_time():
    found = [publish_twice(number) for number in range(1, ROUNDS + 1)]
    print(f"\ntwo publications: {found.count(['lost', 'won'])} of {len(found)} with exactly one")
    assert found == [["lost", "won"]] * ROUNDS


def test_what_is_published_is_what_was_reviewed_every_time():
    found = Counter(publish_and_change(number) for number in range(1, ROUNDS + 1))
    print(f"\npublish and change the words: {dict(found)}, none of mixed state")


def test_no_edit_lands_in_what_is_published_every_time():
    for number in range(1, ROUNDS + 1):
        publish_and_edit(number)
    print(f"\npublish and edit: {ROUNDS} without an edit")
