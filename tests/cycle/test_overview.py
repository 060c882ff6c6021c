"""The overview of 300 units × 5 years: as many questions as of one unit, and not much slower than an empty page."""

import time

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from budget.models import Budget, Campaign, Transition
from organisation.models import Unit
from organisation.roles import Role
from tests.cycle.world import make_steps
from tests.factories import TABLE_SET, make_edition, make_unit, make_user

UNITS, YEARS = 300, range(2020, 2025)


@pytest.fixture
def many(db):
    top = make_unit("566")
    Unit.objects.bulk_create(
        Unit(code=f"566{at:03}", name=f"第{at}单位", parent=top, path=f"566/566{at:03}/") for at in range(1, UNITS + 1)
    )
    units = list(Unit.objects.filter(parent=top))
    edition = make_edition()
    for year in YEARS:
        campaign = Campaign.objects.create(year=year, edition=edition, table_set=TABLE_SET)
        make_steps(campaign)
        states = ("draft", "submitted", "passed")
        Budget.objects.bulk_create(
            Budget(
                unit=unit,
                campaign=campaign,
                stage="second",
                unit_name=unit.name,
                state=states[at % 3],
                step=1 if at % 3 == 1 else 0,
                submitted=timezone.now() if at % 3 else None,
            )
            for at, unit in enumerate(units)
        )
    Transition.objects.bulk_create(
        Transition(budget=one, move="submit", to_state=one.state, by_name="x", at=timezone.now())
        for one in Budget.objects.exclude(state="draft")
    )
    client = Client()
    client.force_login(make_user(Role.FINANCE_BUDGET))
    return client


def test_the_overview_asks_as_little_for_three_hundred_units(many):
    with CaptureQueriesContext(connection) as asked:
        page = many.get("/progress/?year=2024&stage=second")
    shown, totals = page.context["page"], page.context
    assert (len(shown), shown.paginator.count) == (30, UNITS)
    assert len(asked) <= 20
    assert (totals["behind"], totals["late"]) == (100, 0)  # over every page
    last = many.get("/progress/?year=2024&stage=second&page=10")
    assert [row.unit.code for row in last.context["page"]][-1] == "566300" and "第 10 / 10 页" in last.text
    found = many.get("/progress/?year=2024&stage=second&q=第299单位")
    assert [row.unit.code for row in found.context["page"]] == ["566299"]
    assert len(many.get("/progress/?year=2024&stage=second&show=unit").context["page"].paginator.object_list) == 100


@pytest.mark.benchmark
def test_the_overview_takes_no_longer_than_three_empty_pages(many, settings):
    """The least computing of several times asked in turns: a clock would tell of the machine."""
    settings.MIDDLEWARE = [one for one in settings.MIDDLEWARE if "zeal" not in one]  # it counts queries in tests only
    took = {"/notices/": [], "/progress/?year=2024&stage=second": []}
    for _ in range(15):
        for address, times in took.items():
            began = time.process_time()
            assert many.get(address).status_code == 200
            times.append(time.process_time() - began)
    empty, overview = map(min, took.values())
    print(f"\n进度 300 个单位：{overview * 1000:.1f} ms，空页 {empty * 1000:.1f} ms，{overview / empty:.2f} 倍")
    assert overview <= 3 * empty
