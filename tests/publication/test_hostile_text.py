"""Hostile text in every field of a budget stays text: in every file and on every page (T-13, T-41)."""

import csv
import io
import json

import docx
import openpyxl
import pytest
from django.conf import settings
from playwright.sync_api import expect

from budget.books import select
from organisation.models import Unit
from publication.document import document_of
from publication.export import document_bytes, export
from tests.publication import hostile
from tests.publication.test_document_files import CREATED, pages_of, squeezed
from tests.publication.versions import put
from tests.web.conftest import budget, client_of
from tests.web.test_query_counts import PAGES

pytestmark = pytest.mark.one_database

__all__ = ["budget", "client_of"]


@pytest.fixture
def written(budget):
    return hostile.fill(budget, hostile.strings())


def selection():
    return select(Unit.objects.get(code="566001"), 2024)


def words_of(grids):
    """Every text of the tables."""
    return {cell for grid in grids for row in grid.printed_rows() for cell in row if cell and cell.endswith("条")}


@pytest.mark.django_db
def test_hostile_text_stays_text_in_every_file(written, tmp_path):
    assert len(written) > 150
    document = document_of(selection())
    shown = words_of(document.grids)
    assert len(shown) > 40
    for form in ("xlsx", "json", "csv"):
        export(selection(), form, tmp_path / form, created=CREATED)
    assert hostile.formulas_of_workbook(tmp_path / "xlsx") == []
    workbook = openpyxl.load_workbook(io.BytesIO((tmp_path / "xlsx").read_bytes()))
    cells = {str(cell.value) for sheet in workbook for row in sheet.iter_rows() for cell in row if cell.value}
    assert shown <= cells
    rows = [
        row
        for path in (tmp_path / "csv").iterdir()
        for row in csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline=""))
    ]
    assert [cell for row in rows for cell in row if not hostile.is_guarded(cell)] == []
    assert shown <= {told for row in rows for cell in row for told in (cell, cell.removeprefix("'"))}
    tables = json.loads((tmp_path / "json").read_text("utf-8"))["tables"]
    assert shown <= {str(text) for text in texts_in(tables)}


def texts_in(value):
    if isinstance(value, dict):
        for one in value.values():
            yield from texts_in(one)
    elif isinstance(value, list):
        for one in value:
            yield from texts_in(one)
    else:
        yield value


@pytest.mark.django_db
def test_hostile_text_stays_text_in_the_document(written, tmp_path):
    document = document_of(selection())
    shown = words_of(document.grids)
    word = docx.Document(io.BytesIO(document_bytes(document, "docx", created=CREATED)))
    told = squeezed("".join(paragraph.text for paragraph in word.paragraphs))
    told += squeezed("".join(cell.text for table in word.tables for row in table.rows for cell in row.cells))
    assert [text for text in shown if squeezed(text) not in told] == []
    assert squeezed(document.narrative.plain())[:500] in told
    (tmp_path / "book.pdf").write_bytes(document_bytes(document, "pdf", created=CREATED))
    printed = squeezed("".join(pages_of(tmp_path / "book.pdf")))
    numbers = {text.rpartition("第")[2] for text in shown}
    assert len({number for number in numbers if f"第{number}" in printed}) > len(numbers) * 0.6  # cells wrap


@pytest.mark.django_db
def test_hostile_text_stays_text_on_every_page(written, budget, client_of):
    project = budget.items.projects().first().uid
    put("566001")
    pages, seen = 0, 0
    for username, address in PAGES.values():
        response = client_of(username).get(address.replace("{project}", str(project)))
        assert response.status_code in (200, 302), address
        if response.get("Content-Type", "").startswith("text/html"):
            page = b"".join(response).decode()
            assert f"<{hostile.TAG}" not in page, address
            assert "<script>alert" not in page and "<img src=x" not in page, address
            pages += 1
            seen += f"&lt;{hostile.TAG}" in page
    assert pages > 30 and seen > 8


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_hostile_text_does_nothing_in_a_browser(browser, live_server, written, budget, client_of):
    """Without the Content-Security-Policy, which would hide what the pages' own scripts let through."""
    session = client_of("jingban").cookies[settings.SESSION_COOKIE_NAME].value
    context = browser.new_context(bypass_csp=True)
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    page = context.new_page()
    happened = []
    page.on("dialog", lambda dialog: (happened.append(dialog.message), dialog.dismiss()))
    page.on("pageerror", lambda error: happened.append(str(error)))
    project = budget.items.projects().first().uid
    for path in ("", "basic/", f"projects/{project}/edit/", "performance/", "facts/", "checks/", "items/", "document/"):
        page.goto(f"{live_server.url}/566001/2024/second/{path}")
        page.wait_for_load_state("networkidle")
        if path == "basic/":
            cell = page.locator("[role=gridcell]", has_text="条").first
            expect(cell).to_be_visible()
            cell.click()
            page.keyboard.press("F2")
            page.keyboard.press("Escape")
        assert page.locator(f"{hostile.TAG}, img[src=x], [onclick], [onerror]").count() == 0, path
    assert happened == []
    context.close()
