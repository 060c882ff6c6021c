"""The first run: a unit without a budget; help for every column; demonstration data that says so."""

import pytest

from budget.disclosure.help import explained
from budget.models import Budget
from budget.reporting import registry
from records.models import ChangeRecord
from tests.factories import make_campaign, make_unit, make_user
from tests.plain_books import book_of, reference
from tests.web.conftest import AT


@pytest.fixture
def newcomer(client, db):
    make_campaign()
    client.force_login(make_user("clerk", make_unit("566009")))
    return client


def test_a_unit_without_a_budget_begins_one(newcomer):
    assert newcomer.get("/")["Location"] == "/566009/"
    page = newcomer.get("/566009/")
    steps = page.context["steps"]
    assert len(steps) == 5 and steps[0].is_post and [step.url for step in steps[1:]] == [""] * 4
    answer = newcomer.post(steps[0].url)
    assert answer["Location"] == "/566009/2024/first/"
    budget = Budget.objects.get(unit__code="566009")
    assert (budget.stage, budget.state, budget.is_demo) == ("first", "draft", False)
    assert ChangeRecord.objects.get(chain=budget.chain).by.username
    home = newcomer.get(answer["Location"])
    assert [step.is_next for step in home.context["next"].steps] == [False, False, True, False, False]
    assert "演示数据，不是" not in home.text
    assert newcomer.post(steps[0].url)["Location"] == "/566009/"  # pressed twice: there is one
    assert Budget.objects.filter(unit__code="566009").count() == 1


def test_only_who_edits_may_begin(client, db):
    make_campaign()
    unit = make_unit("566009")
    client.force_login(make_user("reviewer", unit))
    assert client.post("/566009/2024/first/start/").status_code == 403
    assert client.get("/566009/").status_code == 404
    client.force_login(make_user("clerk", make_unit("777001")))
    assert client.post("/566009/2024/first/start/").status_code == 404
    assert client.post("/777001/2024/approved/start/").status_code == 422
    assert not Budget.objects.exists()


@pytest.mark.parametrize("name", ["henan_jiaozuo_2024"])
def test_every_column_of_the_tables_is_explained(name):
    book = book_of(reference(), registry.sets()[name])
    parts = []
    for placed in book.table_set.tables:
        grid = book.grid(placed.table)
        parts += [grid, *(section.grid for section in grid.sections)]
    assert len({placed.table for placed in book.table_set.tables}) == 15
    lacking = [
        f"{part.key}.{column.key}" for part in parts for column in part.columns if not explained(part.key, column)
    ]
    assert lacking == []
    said = [explained(part.key, column) for part in parts for column in part.columns]
    assert all(one.means.endswith("。") and one.source.endswith("。") for one in said)


def test_a_table_shows_the_help_of_its_columns(clerk):
    page = clerk.get(f"{AT}tables/expenditure/").text
    assert 'aria-describedby="help-expenditure-basic-personnel-wages"' in page
    assert '<div id="help-expenditure-basic-personnel-wages">' in page
    compared = clerk.get(f"{AT}tables/expenditure/?compare=last-year").text
    assert "本年比上年增减的金额" in compared
    assert '<div id="help-tasks-content">' in clerk.get(f"{AT}tables/department_performance/").text


def test_demonstration_data_says_so_on_every_page(clerk):
    for path in ("", "tables/expenditure/", "basic/", "lines/"):
        assert "演示数据，不是任何单位的正式预算" in clerk.get(f"{AT}{path}").text
