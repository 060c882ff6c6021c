"""T-07: imports killed with SIGKILL at random moments. KILLS says how many."""

import os

import pytest
from django.db import connection

from tests.factories import make_budget, make_user
from tests.importing.crashes import WITHIN, campaign, confirm_in_pieces


@pytest.mark.django_db(transaction=True)
def test_no_killed_import_leaves_half_of_itself():
    count = int(os.environ.get("KILLS", 200))
    budget = make_budget()
    places, outcomes = campaign(budget, make_user("clerk", budget.unit), count)
    print(f"\nT-07 ({connection.vendor}): {count} kills, {dict(places)}; found {dict(outcomes)}")
    assert set(outcomes) <= {"all", "none"}
    assert places[WITHIN] * 2 >= count
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA integrity_check")
            assert cursor.fetchone() == ("ok",)


@pytest.mark.django_db(transaction=True)
def test_an_import_in_pieces_would_leave_halves():
    """The negative control."""
    count = max(20, int(os.environ.get("KILLS", 200)) // 10)
    budget = make_budget()
    places, outcomes = campaign(budget, make_user("clerk", budget.unit), count, confirm_in_pieces)
    print(f"\nT-07 control ({connection.vendor}): {count} kills, {dict(places)}; found {dict(outcomes)}")
    assert outcomes["half"]
