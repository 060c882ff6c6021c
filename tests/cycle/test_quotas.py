"""控制数 where one works: under the grid, on the forms, the project's page and the overview, and in the checks."""

import re
from decimal import Decimal

import pytest
from django.test import Client

from budget import checking, obstacles
from budget.books import select
from budget.models import Campaign
from tests.cycle.test_controls import control
from tests.cycle.world import fresh, make_filled
from tests.factories import make_item, make_line, make_user
from tests.grids.speaking import Grid, cells

AT = "/566001/2024/second/"


@pytest.fixture
def budget(db):
    """A draft of 1,000 元 in one line, where going above a control number is told and passes."""
    budget = make_filled(amount=1000)
    Campaign.objects.update(control_mode="warn")
    return fresh(budget)


def test_the_grid_tells_what_is_left_and_again_after_each_save(budget):
    control(budget, 20_000)
    grid = Grid(make_user("clerk", budget.unit))
    (quota,) = grid.state()["quotas"]
    assert quota == {
        "label": "支出合计",
        "limit": "2000000",
        "used": "100000",
        "remaining": "1900000",
        "exceeded": False,
    }
    told = grid.save({"id": "a" * 32, "seen": "", "cells": cells(economic="30202", amount="2")})
    (quota,) = told["quotas"]
    assert (quota["used"], quota["remaining"], quota["exceeded"]) == ("2100000", "-100000", True)
    (warning,) = told["warnings"]
    assert warning.startswith("超过控制数：支出合计控制数 2.00 万元，已安排 2.10 万元")
    row = told["rows"][0]
    told = grid.save({"id": row["id"], "seen": row["version"], "cells": {"amount": "1"}})
    assert told["warnings"] == [] and told["quotas"][0]["exceeded"] is False


def test_what_is_stopped_is_said_in_the_grid_and_not_written(budget):
    Campaign.objects.update(control_mode="stop")
    control(budget, 20_000)
    grid = Grid(make_user("clerk", budget.unit))
    told = grid.save({"id": "a" * 32, "seen": "", "cells": cells(economic="30202", amount="2")}, status=422)
    assert "超过控制数：支出合计控制数 2.00 万元" in told["reason"]
    assert grid.state()["quotas"][0]["used"] == "100000"


def test_every_page_of_the_budget_shows_them_and_the_word_where_they_are_exceeded(budget):
    project = make_item(budget, "信息化项目", "3")
    make_line(project, 600)
    control(budget, 1500)
    control(budget, 500, kind="project")
    control(budget, 5000, unit=budget.unit.parent)
    client = Client()
    client.force_login(make_user("clerk", budget.unit))
    at = f"{AT}projects/{project.uid}/"
    for address in (AT, f"{AT}basic/form/", at, f"{at}edit/", f"{AT}cycle/"):
        page = re.search(r'aria-label="控制数".*?</table>', client.get(address).text, re.DOTALL)
        assert page is not None, address
        text = re.sub(r"<[^>]+>", " ", page[0])
        assert "超出  -100.00" in re.sub(r"\s(?=\s)", " ", text) or text.count("超出") == 2, (address, text)
        assert "（部门）支出合计" in text, address


def test_a_department_sees_its_own_number(budget):
    make_filled("566002", amount=4500)
    control(budget, 5000, unit=budget.unit.parent)
    client = Client()
    client.force_login(make_user("department", budget.unit.parent))
    assert [quota.used for quota in client.get("/566/2024/second/").context["quotas"]] == [Decimal(5500)]


def found(budget, unit: str = "566001"):
    campaign = Campaign.objects.get(pk=budget.campaign_id)
    checked = checking.check(select(budget.unit if unit == "566001" else budget.unit.parent, campaign.year, "second"))
    return [one for one in checked.checked if one.finding.rule.id == "C01"]


def test_the_checks_say_it_as_the_mode_has_it_and_count_what_the_writer_counts(budget):
    control(budget, 900)
    control(budget, 2000, unit=budget.unit.parent)
    make_line(budget.items.get(), 5000, economic="30202", carried_over=True)
    (one,) = found(budget)
    assert one.severity == "warning" and "支出合计：已安排 0.10 万元" in one.finding.message
    Campaign.objects.update(control_mode="stop")
    assert [one.severity for one in found(budget)] == ["error"]
    told = [one.text for one in obstacles.obstacles(fresh(budget)) if "控制数" in one.text]
    assert len(told) == 1  # once, not again as an error of the checks
    Campaign.objects.update(control_mode="ignore")
    assert found(budget) == []


def test_the_checks_of_a_department_hold_all_its_units_to_its_number(budget):
    make_filled("566002", amount=1500)
    limit = control(budget, 2500, unit=budget.unit.parent)
    assert found(budget, "566") == []
    limit.amount = Decimal("2499.99")
    limit.save()
    assert len(found(budget, "566")) == 1
