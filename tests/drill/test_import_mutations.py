"""T-01: ten thousand damaged workbooks through the whole upload view. MUTATIONS says how many, FROM the first seed."""

import os
import time
from pathlib import Path

import pytest
from django.test import Client

from tests.factories import make_budget, make_user
from tests.importing.pages import Pages
from tests.importing.sending import send_all

KEPT = Path(__file__).parents[2] / "var" / "drill" / "mutations"


@pytest.mark.django_db
def test_ten_thousand_damaged_workbooks():
    budget = make_budget()
    client = Client()
    client.force_login(make_user("clerk", budget.unit))
    first, count = int(os.environ.get("FROM", 0)), int(os.environ.get("MUTATIONS", 10_000))
    start = time.monotonic()
    ended, wrong = send_all(Pages(client, budget), range(first, first + count), KEPT)
    spent = time.monotonic() - start
    print(f"\nT-01: {count} workbooks in {spent:.0f} s: {dict(ended)}; wrong: {len(wrong)}")
    assert wrong == []
