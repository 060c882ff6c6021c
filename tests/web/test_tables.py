"""The pages of the tables show the Grids, and their files are the Grids."""

import io
import json
import zipfile
from decimal import Decimal
from html.parser import HTMLParser

import openpyxl
import pytest

from budget.books import read_book, select
from budget.models import Campaign
from budget.reporting import csv_text, json_form
from tests.factories import make_budget, make_item, make_line
from tests.web.conftest import AT


@pytest.fixture
def book(budget):
    return read_book(select(budget.unit, 2024, "second"))


class Cells(HTMLParser):
    """The words of every body cell of tables of class grid."""

    def __init__(self, text):
        super().__init__()
        self.found, self.body, self.cell = [], False, None
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        if tag == "tbody":
            self.body = True
        elif tag in ("td", "th") and self.body:
            self.cell = ""

    def handle_endtag(self, tag):
        if tag == "tbody":
            self.body = False
        elif tag in ("td", "th") and self.cell is not None:
            self.found.append(self.cell)
            self.cell = None

    def handle_data(self, data):
        if self.cell is not None:
            self.cell += data


def test_every_table_shows_every_figure_of_its_grid(book, clerk):
    for grid in book.grids():
        text = clerk.get(f"{AT}tables/{grid.key}/").text
        shown = Cells(text).found
        for part in (*(section.grid for section in grid.sections), grid):
            for row in part.rows:
                for value in row.cells:
                    if isinstance(value, int):
                        assert part.printed(value, thousands=True) in shown, (grid.key, row.key)
        assert grid.title in text
        assert f"表{grid.number}" in text
        if grid.is_empty and grid.statement:
            assert grid.statement in text


def test_the_index_says_what_each_table_comes_to(clerk):
    rows = {row["link"].key: row["amount"] for row in clerk.get(f"{AT}tables/").context["rows"]}
    assert len(rows) == 15
    assert rows["revenue_and_expenditure"] == rows["expenditure"] == rows["fiscal_appropriation"] == "393.52"
    assert rows["projects"] == rows["project_performance"] == "193.00"
    assert rows["government_fund_expenditure"] == "无数据"


def test_files_of_a_table_are_its_grid(book, clerk):
    for grid in book.grids():
        address = f"{AT}tables/{grid.key}/"
        xlsx = clerk.get(f"{address}?format=xlsx")
        assert xlsx.headers["Content-Type"] == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        assert "attachment" in xlsx.headers["Content-Disposition"]
        sheet = openpyxl.load_workbook(io.BytesIO(xlsx.content)).worksheets[0]
        cells = [cell.value for row in sheet.iter_rows() for cell in row if isinstance(cell.value, (int, float))]
        figures = [
            Decimal(part.printed(value))
            for part in (*(section.grid for section in grid.sections), grid)
            for row in part.rows
            for value in row.cells
            if isinstance(value, int)
        ]
        assert sorted(Decimal(str(value)) for value in cells) == sorted(figures), grid.key
        assert clerk.get(f"{address}?format=json").json() == json_form.book_json([grid])
        csv = clerk.get(f"{address}?format=csv")
        if grid.sections:
            assert csv.headers["Content-Type"] == "application/zip"
            with zipfile.ZipFile(io.BytesIO(csv.content)) as archive:
                assert {name: archive.read(name) for name in archive.namelist()} == dict(csv_text.csv_files([grid]))
        else:
            assert csv.headers["Content-Type"] == "text/csv; charset=utf-8"
            assert csv.content == csv_text.csv_bytes(grid)


def test_files_of_the_book(book, clerk):
    xlsx = clerk.get(f"{AT}tables/?format=xlsx")
    assert len(openpyxl.load_workbook(io.BytesIO(xlsx.content)).sheetnames) == 16  # the contents before them
    assert clerk.get(f"{AT}tables/?format=json").json() == json.loads(json_form.json_text(book.grids()))


def test_neighbours_and_place_in_navigation(clerk):
    context = clerk.get(f"{AT}tables/expenditure/").context
    assert (context["previous"].key, context["next"].key) == ("revenue", "fiscal_appropriation")
    assert clerk.get(f"{AT}tables/revenue_and_expenditure/").context["previous"] is None
    assert clerk.get(f"{AT}tables/project_performance/").context["next"] is None


def test_money_in_no_column_is_shown_in_a_band(client_of):
    other = make_budget("566002")
    make_line(make_item(other), 100, economic="31204", government="50799")  # 基本支出 has no column for 312
    client = client_of("zhuguan")
    assert "未归列" in client.get("/566002/2024/second/tables/expenditure/").text
    assert "未归列 1 笔" in client.get("/566002/2024/second/tables/").text


def test_a_budget_without_a_line_has_pages_and_files(client_of):
    make_budget("566002")
    client = client_of("zhuguan")
    at = "/566002/2024/second/"
    assert "还没有预算明细" in client.get(f"{at}lines/").text
    for page in ("", "tables/", "tables/expenditure/", "items/", "projects/", "indicators/"):
        assert client.get(f"{at}{page}").status_code == 200
    for form in ("xlsx", "json"):
        assert client.get(f"{at}tables/?format={form}").status_code == 200
    for form in ("xlsx", "csv", "json"):
        assert client.get(f"{at}lines/?format={form}").status_code == 200


def test_pages_do_not_know_the_set(clerk):
    Campaign.objects.update(table_set="mof_minimum")
    response = clerk.get(AT)
    assert [one.amount for one in response.context["figures"]] == ["393.52", "200.52", "193.00", "0.20"]
    assert response.context["operating"] is None
    for link in response.context["place"].tables:
        assert clerk.get(link.url).status_code == 200
    assert clerk.get(f"{AT}tables/").status_code == clerk.get(f"{AT}indicators/").status_code == 200
    assert clerk.get(f"{AT}tables/department_performance/").status_code == 404
