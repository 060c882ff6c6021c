"""Every figure opens, and what it is made of comes to it."""

from decimal import Decimal

import pytest

from budget import writing
from budget.books import read_book, select
from budget.drilldown import figure_of
from budget.models import FundSource, IncomeEstimate, Line
from organisation.models import Unit
from tests.factories import make_budget, make_item, make_line
from tests.web.conftest import AT

MADE_OF_FACTS = ("amount", "of_which", "total")


def figures(book):
    """(table, row key in its half, column, 分) of every printed figure that is made of facts."""
    for grid in book.grids():
        for part in (*(section.grid for section in grid.sections), grid):
            for row in part.rows:
                for at, column in enumerate(part.columns):
                    if column.role in MADE_OF_FACTS and isinstance(row.cells[at], int):
                        yield grid.key, row.key[column.half] if isinstance(row.key, tuple) else row.key, column.key


@pytest.fixture
def varied(budget):
    """A second unit with other funds, carried-over money, and income beyond what is spent."""
    other = make_budget("566002")
    item = make_item(other, "业务费", "22")
    make_line(item, 50000, fund="31")
    make_line(item, 3000, fund="31", carried_over=True)
    make_line(item, 7000, carried_over=True)
    make_line(make_item(other, "工资", "1"), 120000, economic="30101", government="50501")
    income = FundSource.objects.get(edition=other.campaign.edition, code="31")
    estimate = IncomeEstimate(budget=other, fund=income, amount=Decimal(80000), basis="按上年完成数测算")
    writing.write(other, [writing.Add(estimate)], by=None, via="command")
    return other


def test_every_figure_is_the_sum_of_what_is_behind_it(varied):
    selection = select(Unit.objects.get(code="566"), 2024, "second")
    book = read_book(selection)
    found = list(figures(book))
    assert len(found) > 300
    wrong = []
    for table, row, column in found:
        figure = figure_of(selection, book, table, row, column)
        if figure.sum != figure.amount or not figure.amount:
            wrong.append((table, row, column, figure.sum, figure.amount))
    assert wrong == []


def test_the_panel_shows_lines_and_their_sum(clerk):
    response = clerk.get(f"{AT}tables/three_public/?row=total&column=total")
    assert response.context["figure"].sum == Decimal("2000.00")
    assert response.text.count('href="/566001/2024/second/lines/?line=') == 1
    assert "30217 公务接待费" in response.text
    fragment = clerk.get(f"{AT}tables/three_public/?row=total&column=total&fragment=1")
    assert "<html" not in fragment.text
    assert fragment.text.strip() in response.text
    assert "上年" not in fragment.text


def test_every_link_of_a_table_opens(clerk):
    """All of them in one table; the law above holds for the rest."""
    text = clerk.get(f"{AT}tables/general_basic_by_economic/").text
    links = [part.split('"')[0].replace("&amp;", "&") for part in text.split('class="fig" href="')[1:]]
    assert len(links) > 20
    for link in links[:8]:
        assert clerk.get(link.replace("#panel", "&fragment=1")).status_code == 200


def test_income_beyond_spending_is_explained(varied, client_of):
    response = client_of("zhuguan").get(
        "/566002/2024/second/tables/revenue_and_expenditure/?row=carried_out&column=expenditure.amount"
    )
    figure = response.context["figure"]
    assert (figure.amount, figure.sum, figure.line_count) == (Decimal(30000), Decimal(30000), 0)
    (carried,) = figure.carried_out
    assert (carried.estimated, carried.spent, carried.basis) == (Decimal(80000), Decimal(50000), "按上年完成数测算")
    assert "收入测算 8.00，已安排支出 5.00" in response.text
    income = client_of("zhuguan").get(
        "/566002/2024/second/tables/revenue_and_expenditure/?row=undertakings&column=income.amount"
    )
    assert income.context["figure"].sum == Decimal(80000)
    assert income.context["figure"].line_count == 1


def test_the_lines_behind_a_figure_as_a_list(clerk):
    response = clerk.get(f"{AT}lines/?table=expenditure&row=total&column=project.targeted")
    assert response.context["table"].total == Decimal(1370000)
    assert "只列出 2024年单位支出预算表：合计 · 项目支出，特定目标类" in response.text
    assert len(response.context["table"].rows) == 4


def test_a_line_leads_to_its_place_on_its_page(clerk, budget, monkeypatch):
    monkeypatch.setattr("budget.lists.PER_PAGE", 10)
    last = Line.objects.of(budget).last()
    response = clerk.get(f"{AT}lines/?line={last.uid}")
    assert response.context["table"].page.number == 4
    assert f'id="line-{last.uid}"' in response.text
    assert clerk.get(f"{AT}lines/?line=nonsense").context["table"].page.number == 1


def test_many_lines_are_cut_in_the_panel_and_summed_whole(clerk, monkeypatch):
    monkeypatch.setattr("budget.views.tables.PANEL_LINES", 5)
    response = clerk.get(f"{AT}tables/expenditure/?row=total&column=total")
    assert "以上为前 5 条" in response.text
    assert "查看全部 40 条" in response.text
    assert response.context["figure"].sum == Decimal(3935200)
