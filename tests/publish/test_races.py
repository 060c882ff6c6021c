"""T-26: of two who publish at once exactly one does; what is changed meanwhile is in it whole or not at all."""

import json

import pytest
from django.db import connection

from budget.models import Budget
from publication import publishing
from publication.frozen import Frozen
from publication.models import Publication, SecrecyReview
from records import history
from tests.cycle import test_races
from tests.cycle.test_races import race
from tests.cycle.world import make_filled
from tests.publish.world import Office, approve, content_of, quick, reword

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 2
WORDS = "全部收入{income}，"


@pytest.fixture(autouse=True)
def _refusals_are_awaited(monkeypatch):
    quick(monkeypatch)
    monkeypatch.setattr(test_races, "AWAITED", (publishing.Refused,))


def office_of(number: int) -> Office:
    """An approved budget of its own, reviewed."""
    budget = make_filled(f"{600 + number}001")
    approve(budget)
    office = Office(budget.unit.code)
    office.review()
    return office


def publish_twice(number: int) -> list:
    office = office_of(number)
    asked = office.asked()
    selection, by = office.selection, [office.publisher, office.publisher]
    results = race(*(lambda user=user: publishing.publish(selection, by=user, **asked) for user in by), seed=number)
    (row,) = Publication.objects.filter(unit=office.unit)
    assert row.number == 1 and publishing.faults(row) == []
    assert history.broken(f"publication:{office.code}:2024") is None
    return sorted(results, key=str)


def publish_and_change(number: int) -> str:
    """One publishes what was reviewed while another changes its words: it is published as reviewed, or not at all."""
    office = office_of(number)
    asked, selection, publisher = office.asked(), office.selection, office.publisher
    results = race(
        lambda: publishing.publish(selection, by=publisher, **asked),
        lambda: reword(selection.campaign, f"{WORDS}第{number}次"),
        seed=number,
    )
    assert results[1] == "won" and results[0] in ("won", "lost"), results
    there = list(Publication.objects.filter(unit=office.unit))
    assert len(there) == (results[0] == "won")
    for row in there:
        assert row.content_digest == asked["seen"] == SecrecyReview.objects.get(unit=office.unit).fingerprint
        assert f"第{number}次" not in row.content and publishing.faults(row) == []
        data = json.loads(content_of(row.files.get()))
        told = "".join(block.text for part in Frozen.from_json(row.content).parts for block in part.blocks)
        assert f"第{number}次" not in json.dumps(data, ensure_ascii=False) + told
    return results[0]


def publish_and_edit(number: int) -> str:
    """An approved budget is not edited, whoever publishes meanwhile."""
    office = office_of(number)
    asked, selection, publisher = office.asked(), office.selection, office.publisher

    def edit():
        with connection.cursor() as cursor:
            lines = "(SELECT l.id FROM budget_line l JOIN budget_item i ON i.id = l.item_id WHERE i.budget_id = %s)"
            cursor.execute(f"UPDATE budget_line SET amount_fen = 3 WHERE id IN {lines}", [selection.budgets[0].pk])

    results = race(lambda: publishing.publish(selection, by=publisher, **asked), edit, seed=number)
    assert results[0] == "won" and "锁定" in results[1], results
    assert Budget.objects.get(pk=selection.budgets[0].pk).version == selection.budgets[0].version
    return results[0]


def test_exactly_one_is_published():
    for number in range(1, ROUNDS + 1):
        assert publish_twice(number) == ["lost", "won"]


def test_what_is_published_is_what_was_reviewed():
    assert {publish_and_change(number) for number in range(1, ROUNDS + 1)} <= {"won", "lost"}


def test_no_edit_lands_in_what_is_published():
    for number in range(1, ROUNDS + 1):
        publish_and_edit(number)


def test_without_the_number_both_would_be_published(monkeypatch):
    """The negative control: it is the lock and the number that one of them stumbles over."""
    office = office_of(9)
    asked, selection = office.asked(), office.selection
    people = [office.publisher, office.publisher]
    monkeypatch.setattr(publishing, "last_number", lambda selection: 0)
    rows = publishing.Publication.objects

    class Unnumbered:
        def __getattr__(self, name):
            return getattr(rows, name)

        def create(self, *, number, explanation, **fields):
            last = Publication.objects.filter(unit=fields["unit"]).count()
            return rows.create(number=last + 1, explanation="另一个" if last else "", **fields)

    monkeypatch.setattr(publishing.Publication, "objects", Unnumbered())
    results = race(*(lambda user=user: publishing.publish(selection, by=user, **asked) for user in people))
    assert results == ["won", "won"]
