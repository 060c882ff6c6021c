"""与上年比较: by declaration, from last year's budget in the system or from what was typed."""

import csv
import io
from decimal import Decimal

import pytest

from budget.comparison import can_be_compared, main_columns, with_last_year
from budget.models import Budget, Item
from budget.reporting import registry
from tests.factories import make_budget, make_item, make_line
from tests.web.conftest import AT

COMPARE = "?compare=last-year"


@pytest.fixture
def before(budget):
    """Last year: 办公费 10 元 in 2060101, a project 400 元 with the name of this year's, and one that is no more."""
    last = make_budget("566001", year=2023, stage="second")
    make_line(make_item(last), 100_000)
    name = Item.objects.projects().filter(budget=budget, name="科技经费").get().name
    make_line(make_item(last, name, "22"), 20_000, function="2060499", economic="30299")
    make_line(make_item(last, "已结束的项目", "3"), 30_000, function="2130106", economic="30299")
    return last


def rows_of(client, table, query=""):
    content = client.get(f"{AT}tables/{table}/{COMPARE}&format=csv{query}").content
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def grid_of(client, table):
    return client.get(f"{AT}tables/{table}/{COMPARE}").context["grid"]


def test_columns_stand_beside_the_main_one_by_declaration(budget):
    table = registry.table_in(registry.sets()["henan_jiaozuo_2024"], "expenditure")
    assert main_columns(table) == ("total",)
    keys = [column.key for column in with_last_year(table).columns]
    assert keys[3:7] == ["total", "total_previous", "total_change", "total_rate"]
    inner = with_last_year(table, ("basic.total",))
    assert [column.key for column in inner.columns[4].columns][:2] == ["total", "total_previous"]


def test_tables_of_goals_are_not_compared(clerk):
    tables = registry.sets()["henan_jiaozuo_2024"]
    compared = {one.table: can_be_compared(registry.table_in(tables, one.table)) for one in tables.tables}
    assert [key for key, yes in compared.items() if not yes] == ["department_performance"]
    assert "与上年比较" not in clerk.get(f"{AT}tables/department_performance/").text
    assert "与上年比较" in clerk.get(f"{AT}tables/expenditure/").text
    assert clerk.get(f"{AT}tables/department_performance/{COMPARE}").status_code == 200


@pytest.mark.one_database
def test_every_table_of_money_compares_with_last_years_budget(before, clerk):
    for placed in registry.sets()["henan_jiaozuo_2024"].tables:
        plain = clerk.get(f"{AT}tables/{placed.table}/").context["grid"]
        response = clerk.get(f"{AT}tables/{placed.table}/{COMPARE}")
        grid = response.context["grid"]
        for row in plain.rows:  # what is printed without the comparison is printed with it
            for column, value in zip(plain.columns, row.cells, strict=True):
                assert grid.row(row.key).cells[grid.column_at(column.key)] == value
        if response.context["can_compare"]:
            assert "上年数取自2023年二上预算。" in response.text
            assert "上年数缺" not in response.text
            for form in ("xlsx", "csv", "json"):
                assert clerk.get(f"{AT}tables/{placed.table}/{COMPARE}&format={form}").status_code == 200


def test_the_figures_are_last_years_and_their_difference(before, clerk):
    grid = grid_of(clerk, "expenditure")
    row = grid.row("total")
    cells = {column.key: value for column, value in zip(grid.columns, row.cells, strict=True)}
    now = 393_520_000
    assert (cells["total"], cells["total_previous"], cells["total_change"]) == (now, 15_000_000, now - 15_000_000)
    assert cells["total_rate"] == "2523.47%"
    new = grid.row("566001/2080505")
    assert new.cells[grid.column_at("total_rate")] == "新增"


def test_rows_that_only_last_year_had_are_shown_where_they_stood(before, clerk):
    grid = grid_of(clerk, "expenditure")
    gone = grid.row("566001/2130106")
    at = grid.column_at
    assert (gone.cells[at("total")], gone.cells[at("total_previous")]) == (None, 3_000_000)
    assert (gone.cells[at("total_change")], gone.cells[at("total_rate")]) == (-3_000_000, "-100.00%")
    keys = [row.key for row in grid.rows]
    assert keys.index("566001/2130106") == keys.index("566001/2060499") + 1
    assert any(row[-5:] and "-100.00%" in row for row in rows_of(clerk, "expenditure"))
    shown = [row for row in grid.rows if row.depth == gone.depth]
    assert sum(row.cells[at("total_previous")] or 0 for row in shown) == 15_000_000


def test_items_are_the_same_by_their_words(before, clerk):
    grid = grid_of(clerk, "projects")
    found = {row.cells[grid.column_at("name")]: row for row in grid.rows}
    previous = grid.column_at("total_previous")
    assert found["科技经费"].cells[previous] == 2_000_000
    assert found["已结束的项目"].cells[previous] == 3_000_000


def test_side_by_side_each_half_has_its_own_last_year(before, clerk):
    grid = grid_of(clerk, "revenue_and_expenditure")
    row = grid.row("total")
    for half in ("income", "expenditure"):
        assert row.cells[grid.column_at(f"{half}.amount_previous")] == 15_000_000


def test_without_a_budget_of_last_year_the_typed_figures_count(clerk):
    grid = grid_of(clerk, "revenue_and_expenditure")
    assert grid.row("total").cells[grid.column_at("income.amount_previous")] == 242_730_000
    text = clerk.get(f"{AT}tables/expenditure/{COMPARE}").text
    assert "上年数缺" in text and "没有填列的显示" in text


def test_the_approved_budget_counts_before_a_later_draft(before, budget, clerk):
    for stage, state in (("approved", Budget.State.APPROVED), ("adjusted-1", Budget.State.DRAFT)):
        other = make_budget("566001", year=2023, stage=stage)
        make_line(make_item(other), 50_000)
        if state == Budget.State.APPROVED:
            Budget.objects.filter(pk=other.pk).update(state=state, document_number="文1", document_date="2023-02-01")
    response = clerk.get(f"{AT}tables/expenditure/{COMPARE}")
    assert "上年数取自2023年批复预算。" in response.text
    grid = response.context["grid"]
    assert grid.amount("total", "total_previous") == Decimal(50_000)


def test_home_compares_with_the_same_budget(before, clerk):
    figures = {one.label: one for one in clerk.get(AT).context["figures"]}
    assert [figures[label].was for label in ("支出总计", "基本支出", "项目支出")] == ["15.00", "10.00", "5.00"]
    assert "上年数取自2023年二上预算。" in clerk.get(AT).text


def test_a_panel_opens_beside_the_compared_table(before, clerk):
    response = clerk.get(f"{AT}tables/expenditure/{COMPARE}&row=total&column=total")
    assert response.context["figure"].amount == Decimal(3_935_200)
    assert f'href="{AT}tables/expenditure/{COMPARE}"' in response.text  # closing keeps the comparison


def test_last_year_of_another_unit_is_not_ours(strange, clerk, client_of):
    last = make_budget("777001", year=2023)
    make_line(make_item(last), 100_000)
    response = clerk.get(f"{AT}tables/expenditure/{COMPARE}")
    assert "没有填列的显示" in response.text
    found = client_of("yusuan").get(f"/777001/2024/second/tables/expenditure/{COMPARE}")
    assert found.context["grid"].amount("total", "total_previous") == Decimal(100_000)
