"""Last year's execution where it is published: in the book, on the public page, in what is frozen."""

import json
import re
import subprocess
from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO

import docx
import pytest
from django.test import Client

from budget import writing
from budget.books import select
from budget.models import Execution
from organisation.models import Unit
from publication.document import document_of
from publication.export import document_bytes
from publication.frozen import Frozen, fingerprint, frozen_of
from publication.layout import data_of
from publication.public.edition import Edition
from publication.public.pages import page_of
from tests import beginnings
from tests.factories import make_budget
from tests.publication.versions import put

pytestmark = pytest.mark.django_db

CREATED = datetime(2024, 3, 15, 9, 0, tzinfo=UTC)
TITLE = "上年预算执行，单位：万元"
ROWS = [
    ["支出合计", "315.73", "294.32", "93.22%"],
    ["基本支出", "195.73", "193.12", "98.67%"],
    ["项目支出", "120.00", "101.20", "84.33%"],
    ["公务接待费", "0.70", "0.22", "31.43%"],
]


@pytest.fixture
def budget(db):
    return beginnings.demonstration(with_people=False)


@pytest.fixture
def executed(budget):
    amounts = {"basic": ("1957300", "1931245.67"), "project": ("1200000", "1012000"), "reception": ("7000", "2200")}
    rows = [
        Execution(budget=budget, kind=kind, adjusted=Decimal(adjusted), paid=Decimal(paid))
        for kind, (adjusted, paid) in amounts.items()
    ]
    writing.write(budget, [writing.Add(row) for row in rows], by=None, via="command")
    return budget


def document(code="566"):
    return document_of(select(Unit.objects.get(code=code), 2024))


def frozen(code="566"):
    return frozen_of(select(Unit.objects.get(code=code), 2024))


def test_the_word_file_has_every_row(executed):
    word = docx.Document(BytesIO(document_bytes(document(), "docx", created=CREATED)))
    assert TITLE in [paragraph.text for paragraph in word.paragraphs]
    table = next(one for one in word.tables if one.cell(0, 1).text == "调整预算数")
    cells = [[cell.text for cell in row.cells] for row in table.rows]
    assert cells[0] == ["项目", "调整预算数", "执行数", "执行率", ""]
    assert [row[:4] for row in cells[1:]] == ROWS
    assert cells[4][4] == "█" * 5 + "░" * 13


def test_the_pdf_has_every_row(executed, tmp_path):
    path = tmp_path / "book.pdf"
    path.write_bytes(document_bytes(document(), "pdf", created=CREATED))
    text = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True).stdout
    after = text.replace("\u2060", "").partition(TITLE)[2]
    assert [re.split(r"\s+", line.strip()) for line in after.splitlines() if line.strip()][1:5] == ROWS


def test_the_public_page_has_the_chart_of_what_was_published(executed):
    put()
    row = Execution.objects.get(kind="basic")
    change = writing.Edit(Execution, row.uid, row.version, {"paid": Decimal(1)})
    writing.write(executed, [change], by=None, via="command")
    html = Client().get("/public/566/2024/").text.partition(f"<caption>{TITLE}</caption>")[2].partition("</table>")[0]
    rows = re.findall(r"<tr.*?</tr>", html.partition("<tbody>")[2], re.S)
    assert [re.findall(r'(?:row"|num")>([^<]*)<', row) for row in rows] == ROWS
    assert all('class="whole"' in row for row in rows)


def test_it_is_part_of_what_is_frozen_and_changes_it(executed):
    one = frozen()
    again = Frozen.from_json(one.to_json())
    assert again == one and again.to_json() == one.to_json()
    chart = next(chart for chart in again.charts if chart.key == "execution")
    assert chart.parts == ("调整预算数", "执行数", "执行率") and chart.slices[0].values == (315_730_000, 294_324_567)
    Execution.objects.filter(kind="reception").update(paid=1)
    assert fingerprint(frozen()) != fingerprint(one)


def test_where_nothing_is_filled_in_nothing_is_published_of_it(budget):
    one = frozen()
    assert "execution" not in {chart.key for chart in one.charts}
    assert not any("parts" in chart for chart in json.loads(one.to_json())["charts"])
    assert TITLE not in [chart["title"] for chart in data_of(document(), CREATED.date())["charts"]]
    put()
    assert "上年预算执行" not in Client().get("/public/566/2024/").text


def test_what_was_published_before_there_was_any_of_it_opens_as_it_was(budget):
    kept = frozen().to_json()
    assert not any("parts" in chart for chart in json.loads(kept)["charts"])
    old = Frozen.from_json(kept)
    assert old.to_json() == kept
    page = page_of(Edition(old), "")
    assert [chart.title for chart in page.context["charts"]] == [
        "近年支出",
        "近年“三公”经费",
        "按部门预算支出经济分类的支出",
    ]


def test_a_department_whose_units_have_not_all_filled_it_in_says_so(executed):
    make_budget("566002")
    titles = [chart.title for chart in document().charts]
    assert "上年预算执行（2 个单位中的 1 个）" in titles
