"""Lists: narrowed, sorted, summed, and their files exactly what they list."""

import csv
import io
import re
from decimal import Decimal

import openpyxl
import pytest

from budget.models import Campaign, Item, Line
from budget.tables import exactly
from tests.factories import make_budget, make_item, make_line
from tests.web.conftest import AT

LISTS = ("lines", "items", "projects", "indicators")


def rows_of(content):
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("name", LISTS)
def test_the_three_files_of_a_list_agree(clerk, name):
    page = clerk.get(f"{AT}{name}/")
    text = clerk.get(f"{AT}{name}/?format=csv")
    assert text.headers["Content-Type"] == "text/csv; charset=utf-8"
    rows = rows_of(text.content)
    headings = [one.header for one in page.context["table"].columns if not one.column.exclude_from_export]
    assert headings == rows[0]
    assert len(rows) - 1 == len(page.context["table"].rows)
    data = clerk.get(f"{AT}{name}/?format=json").json()
    assert [data["columns"], *data["rows"]] == rows
    sheet = openpyxl.load_workbook(io.BytesIO(clerk.get(f"{AT}{name}/?format=xlsx").content)).active
    found = [["" if value is None else value for value in row] for row in sheet.iter_rows(values_only=True)]
    for read, written in zip(found, rows, strict=True):
        for value, text in zip(read, written, strict=True):
            assert Decimal(str(value)) == Decimal(text) if isinstance(value, (int, float)) else value == text


def test_the_money_of_the_lists_is_the_budgets(clerk):
    totals = {name: clerk.get(f"{AT}{name}/").context["table"].total for name in ("lines", "items", "projects")}
    assert totals == {"lines": Decimal(3935200), "items": Decimal(2005200), "projects": Decimal(1930000)}
    rows = rows_of(clerk.get(f"{AT}lines/?format=csv").content)
    assert sum(Decimal(row[-1]) for row in rows[1:]) == Decimal("393.52")


NARROWED = {
    "q=302": lambda line: line.economic.code.startswith("302"),
    "q=行政运行": lambda line: line.function.name == "行政运行",
    "q=2060101+302": lambda line: line.function.code == "2060101" and line.economic.code.startswith("302"),
    "category=3": lambda line: line.item.category == "3",
    "category=3&q=奖励": lambda line: line.item.category == "3" and "奖励" in line.item.name + line.function.name,
    "fund=11111": lambda line: line.fund.code == "11111",
    "carried_over=0": lambda line: not line.carried_over,
    "carried_over=1": lambda line: line.carried_over,
    "category=nonsense": lambda line: True,
}


@pytest.mark.parametrize("query", NARROWED)
def test_lines_are_narrowed(clerk, budget, query):
    expected = {line.pk: line.amount for line in Line.objects.of(budget).with_dimensions() if NARROWED[query](line)}
    response = clerk.get(f"{AT}lines/?{query}")
    table = response.context["table"]
    assert {row.record.pk for row in table.rows} == set(expected)
    assert (table.total or 0) == sum(expected.values())
    assert len(rows_of(clerk.get(f"{AT}lines/?{query}&format=csv").content)) == len(expected) + 1
    assert ("没有符合条件的行" in response.text) == (not expected)


def test_a_list_is_sorted_and_so_is_its_file(clerk):
    rows = rows_of(clerk.get(f"{AT}lines/?sort=-amount&format=csv").content)
    amounts = [Decimal(row[-1]) for row in rows[1:]]
    assert amounts == sorted(amounts, reverse=True)
    assert 'aria-sort="descending"' in clerk.get(f"{AT}lines/?sort=-amount").text
    assert clerk.get(f"{AT}lines/?sort=nonsense&page=99").status_code == 200


def test_pages_keep_what_was_asked(clerk, monkeypatch):
    monkeypatch.setattr("budget.lists.PER_PAGE", 10)
    response = clerk.get(f"{AT}lines/?sort=-amount&category=1")
    amounts = [line.amount for line in Line.objects.filter(item__category="1")]
    assert f"共 {len(amounts)} 条，第 1 / 3 页" in response.text
    assert "sort=-amount&amp;category=1&amp;page=2" in response.text
    assert response.context["table"].total == sum(amounts)


def test_words_never_become_formulas(client_of):
    other = make_budget("566002")
    name = '=HYPERLINK("http://example.com")'
    make_line(make_item(other, name, "3"), 100)
    client = client_of("zhuguan")
    at = "/566002/2024/second/"
    assert rows_of(client.get(f"{at}lines/?format=csv").content)[1][0] == f"'{name}"
    workbook = openpyxl.load_workbook(io.BytesIO(client.get(f"{at}lines/?format=xlsx").content))
    cell = next(cell for row in workbook.active.iter_rows() for cell in row if cell.value == name)
    assert cell.data_type == "s"
    assert client.get(f"{at}lines/?format=json").json()["rows"][0][0] == name
    assert "=HYPERLINK(&quot;" in client.get(f"{at}lines/").text


def test_a_department_lists_its_units(client_of):
    Campaign.objects.update(entry_step=Campaign.Step.FEN)
    other = make_budget("566002")
    make_line(make_item(other, "差旅费"), Decimal("1234.56"))
    client = client_of("zhuguan")
    response = client.get("/566/2024/second/lines/?unit=566002")
    assert len(response.context["table"].rows) == 1
    assert response.context["table"].columns["unit_name"].header == "单位"
    assert rows_of(client.get("/566/2024/second/lines/?unit=566002&format=csv").content)[1][-1] == "0.123456"
    assert len(client.get("/566/2024/second/lines/").context["table"].rows) == 41


def test_amounts_of_files_are_exact():
    assert str(exactly(Decimal("3935200.00"), "万元")) == "393.52"
    assert str(exactly(Decimal("10000000.00"), "万元")) == "1000.00"
    assert str(exactly(Decimal("1234.56"), "万元")) == "0.123456"
    assert str(exactly(Decimal("1234.50"), "元")) == "1234.50"


def test_the_dossier_of_a_project(clerk, budget):
    item = Item.objects.get(budget=budget, code="410802240000000015718")
    response = clerk.get(f"{AT}projects/{item.uid}/")
    for words in (item.name, item.code, "其他运转类", "≥1000本", "2060199", "3.00"):
        assert words in response.text
    assert f'href="{AT}projects/{item.uid}/"' in clerk.get(f"{AT}projects/").text
    assert f'href="{AT}projects/{item.uid}/"' in clerk.get(f"{AT}indicators/").text


def test_indicators_are_narrowed(clerk):
    page = clerk.get(f"{AT}indicators/")
    assert len(page.context["table"].rows) == 56
    remark = re.search(r'href="([^"]+comments/[^"]+departmentindicator[^"]+)"', page.text)[1]
    assert clerk.get(remark.replace("&amp;", "&")).context["on"]["subject"] == "performance.departmentindicator"
    assert len(clerk.get(f"{AT}indicators/?scope=department").context["table"].rows) == 27
    assert len(clerk.get(f"{AT}indicators/?scope=project&level_1=满意度指标").context["table"].rows) == 7
    assert len(clerk.get(f"{AT}indicators/?q=三公").context["table"].rows) == 1


def test_an_item_leads_to_its_lines(clerk, budget):
    item = Item.objects.basic().filter(budget=budget, name__startswith="办公费").first()
    assert f'href="{AT}lines/?item={item.uid}"' in clerk.get(f"{AT}items/").text
    response = clerk.get(f"{AT}lines/?item={item.uid}")
    assert len(response.context["table"].rows) == item.lines.count()
    assert f"只列出 公用经费：{item.name}" in response.text
