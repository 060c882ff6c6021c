"""T-25, T-29, T-32: nobody's typing is lost, whoever types beside them and whatever the network does."""

import random

import pytest

from budget.entry.draft import Draft
from budget.grids import saving
from budget.grids.columns import Reader
from budget.models import Item, Line
from tests.factories import make_budget, make_campaign, make_user
from tests.grids.racing import race, type_over_a_bad_network
from tests.grids.speaking import cells


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_checked", [True, False], ids=["versions compared", "versions not compared"])
def test_editors_of_the_same_cells_lose_nothing(monkeypatch, is_checked):
    """With the comparison of versions switched off the same race loses updates: it is what holds them."""
    budget = make_budget(campaign=make_campaign(entry_step=1))
    users = [make_user("clerk", budget.unit) for _ in range(4)]
    if not is_checked:
        monkeypatch.setattr(saving, "_clash", lambda *_: None)
    outcome = race(users, rows=2, rounds=3)
    assert outcome.failed == []
    assert outcome.accepted >= 3
    assert (outcome.lost == 0) is is_checked, str(outcome)


def test_a_bad_network_neither_loses_nor_doubles(grid, clerk, budget):
    typist = type_over_a_bad_network(grid, steps=40, seed=29)
    check_what_was_typed(grid, typist, clerk, budget)
    assert typist.dropped and typist.repeated


def check_what_was_typed(grid, typist, user, budget):
    """Everything is stored as it was typed last, once."""
    rows = grid.rows()
    assert set(rows) == set(typist.typed)
    reader = Reader(Draft(budget, user, grid.unit))
    for row_id, wanted in typist.typed.items():
        assert rows[row_id]["cells"]["amount"] == reader.cleaned("amount", wanted["amount"])
    lines = Line.objects.of(budget).count()
    assert lines == sum(row["state"] == "line" for row in rows.values())
    assert Item.objects.of(budget).filter(lines__isnull=False).distinct().count() == lines


def test_two_tabs_of_one_person_never_overwrite_what_they_have_not_seen(grid):
    chance = random.Random(32)
    [row] = grid.add(cells(amount="1"))
    tabs = [dict(row), dict(row)]
    stored = row
    for _ in range(40):
        at = chance.randrange(2)
        change = {"id": row["id"], "seen": tabs[at]["version"], "cells": {"amount": f"{chance.randint(1, 10**6)}.11"}}
        status, told = grid.try_save(change)
        has_seen = tabs[at]["version"] == stored["version"]
        assert status == (200 if has_seen else 409)
        stored = told["rows"][0] if status == 200 else told["conflicts"][0]["stored"]
        tabs[at] = stored
