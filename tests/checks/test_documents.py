"""Documents from elsewhere, and our own read back: what is wrong is found at its sheet and cell."""

import csv
import io
import re
from pathlib import Path

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command

from budget import readback
from budget.reporting import rules, xlsx
from budget.reporting.rules import Severity
from publication import foreign
from publication.sets.henan_jiaozuo_2024 import HENAN_JIAOZUO_2024
from tests import beginnings
from tests.budget.reporting.read_back import CREATED
from tests.factories import make_edition, make_user
from tests.plain_books import book_of, reference
from tests.publication.as_published import FOLDER, sheets, workbook

from .matters import HUNDREDTH, every_cell, planted

FINDINGS = FOLDER.parent / "as_published_findings.csv"
OF_TEXT = ("第二部分", "第三部分", "表14")  # the text comes later; table 14 did not survive as a table

# whose places end with the very words that the finding speaks of
NAMED = ("code-name", "document-number", "indicator-name-is-value", "indicator-operator")

# kind in expected_findings.csv → rule
RULES = {
    "code-name": "N01",
    "code-two-names": "N02",
    "zero-and-blank": "N05",
    "document-number": "N06",
    "indicator-name-is-value": "G04",
    "indicator-operator": "G06",
    "cost-indicator-missing": "G02",
    "name-brackets": "N07",
    "carry-over-question": "Y04",
    "function-of-annuity": "L09",
}


def examined(content: bytes):
    return foreign.examine(content, "document.xlsx", HENAN_JIAOZUO_2024, 2024)


@pytest.fixture
def published(db):
    make_edition()
    return examined(workbook())


def expected() -> list[dict]:
    with FINDINGS.open(encoding="utf-8") as file:
        return [row for row in csv.DictReader(file) if not row["where"].startswith(OF_TEXT)]


def test_every_expected_finding_about_tables_is_made_at_its_place(published):
    found = {rule: [] for rule in RULES.values()}
    for one in published.report.checked:
        found.setdefault(one.finding.rule.id, []).append(one)
    rows = expected()
    assert len(rows) == 19
    for row in rows:
        mine = [one for one in found[RULES[row["kind"]]] if one.severity == row["severity"]]
        name = row["where"].split(" ", 1)[1].partition(" (")[0] if row["kind"] in NAMED else ""
        about = [one for one in mine if name in one.finding.message.replace("(", "（").replace(")", "）")]
        assert about, row
        tables = {int(number) for number in re.findall(r"表(\d+)", row["where"])}
        sheets_named = {int(place.split(" ")[0]) for one in about for place in published.places(one.finding)}
        assert tables & sheets_named, (row, sheets_named)


def test_there_is_no_other_error(published):
    errors = {(one.rule.id, tuple(published.places(one))) for one in published.errors}
    assert errors == {
        ("N01", ("3 2024年部门支出预算表!E11",)),
        ("N01", ("5 2024年一般公共预算支出预算表!E11",)),
        ("N02", ("3 2024年部门支出预算表!E11", "5 2024年一般公共预算支出预算表!E11")),
    }
    assert published.document.unread == [] and published.document.notices == []
    assert not foreign.is_well(published)


@pytest.mark.django_db
def test_a_changed_figure_is_found_at_its_cell():
    make_edition()
    tables = sheets()
    row = next(row for row in tables[3] if row[4] == "行政运行")
    row[5] = "81.38"
    found = examined(workbook(tables))
    places = {place for one in found.errors if one.rule.id[0] == "X" for place in found.places(one)}
    assert "3 2024年部门支出预算表!F8" in places


@pytest.mark.django_db
def test_what_is_no_amount_is_said_with_its_cell():
    tables = sheets()
    tables[9][1][0] = "O.20"
    found = examined(workbook(tables))
    (unread,) = foreign.unread(found)
    assert unread[0] == "9 2024年一般公共预算“三公”经费预算表!A5" and "O.20" in unread[1]


@pytest.mark.django_db
def test_a_file_without_any_table_says_so():
    book = openpyxl.Workbook()
    book.active.append(["一封信", "您好"])
    content = io.BytesIO()
    book.save(content)
    found = examined(content.getvalue())
    assert found.document.grids == {} and "不是表套中的表" in found.document.notices[0]


# ---- our own


@pytest.fixture(scope="module")
def own():
    return book_of(reference(), HENAN_JIAOZUO_2024)


def test_our_own_workbook_is_read_into_the_same_figures(own, db):
    make_edition()
    found = examined(xlsx.book_bytes(own.grids(), created=CREATED, contents=True))
    assert found.document.unread == []
    for grid in own.grids():
        there = found.document.grids[grid.key]
        for part, read in (
            (grid, there),
            *zip(
                [one.grid for one in grid.sections if one.grid.key == "money"],
                [one.grid for one in there.sections],
                strict=True,
            ),
        ):
            mine = [[value for value in row.cells if isinstance(value, int) and value] for row in part.rows]
            theirs = [[value for value in row.cells if isinstance(value, int) and value] for row in read.rows]
            assert sorted(filter(None, mine)) == sorted(filter(None, theirs)), grid.key
    assert [one.rule.id for one in found.errors] == []


def test_every_change_of_a_cell_in_a_document_is_found(own, db):
    make_edition()
    found = examined(xlsx.book_bytes(own.grids(), created=CREATED))
    matter = found.report.matter
    tables = list(found.document.grids)
    cells = list(every_cell(matter, tables))
    assert len(cells) > 300
    held = [one for one in rules.catalogue().values() if one.id[0] in "XA"]
    unseen = [
        cell
        for cell in cells[::9]
        if not any(
            each.severity is Severity.ERROR
            for one in rules.run(planted(matter, cell, HUNDREDTH), held)
            for each in one.findings
        )
    ]
    assert unseen == []


def test_a_written_workbook_is_held_against_its_grids(own):
    grids = own.grids()
    content = xlsx.book_bytes(grids, created=CREATED, contents=True)
    assert readback.verified(content, grids, contents=True) is content
    for change in ("figure", "words", "more"):
        tampered = readback_fault(content, change)
        with pytest.raises(readback.Differs, match="已停止下载"):
            readback.verified(tampered, grids, contents=True)


def readback_fault(content: bytes, change: str) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book.worksheets[3]
    if change == "figure":
        cell = next(cell for row in sheet.iter_rows() for cell in row if isinstance(cell.value, (int, float)))
        cell.value += 1
    elif change == "words":
        sheet["A1"] = "另一张表"
    else:
        blank = next(cell for row in sheet.iter_rows(min_row=6) for cell in row if cell.value is None)
        blank.value = 1
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.django_db
def test_a_difference_stops_the_download_and_the_command(client, monkeypatch, caplog, tmp_path):
    beginnings.demonstration()
    good = xlsx.book_bytes
    monkeypatch.setattr(xlsx, "book_bytes", lambda grids, **more: readback_fault_of_one(good(grids, **more)))
    from organisation.models import User

    client.force_login(User.objects.get(username="jingban"))
    answer = client.get("/566001/2024/second/tables/expenditure/?format=xlsx")
    assert answer.status_code == 500 and "已停止下载" in answer.content.decode()
    assert "Content-Disposition" not in answer.headers
    assert "differs from its grids" in caplog.text
    out = tmp_path / "book.xlsx"
    with pytest.raises(Exception, match="已停止下载"):
        call_command("export_book", department="566", year=2024, form="xlsx", out=Path(out), stdout=io.StringIO())
    assert not out.exists()


def readback_fault_of_one(content: bytes) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(content))
    book.worksheets[0]["A1"] = "另一张表"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


# ---- the page


@pytest.mark.django_db
def test_the_page_checks_an_uploaded_file(client):
    make_edition()
    client.force_login(make_user())
    assert client.get("/check-document/").status_code == 200
    asked = {"table_set": "henan_jiaozuo_2024", "year": "2024"}
    page = client.post("/check-document/", {**asked, "file": SimpleUploadedFile("as_published.xlsx", workbook())})
    text = page.content.decode()
    assert "错误 3 处" in text and "3 2024年部门支出预算表!E11" in text
    refused = client.post("/check-document/", {**asked, "file": SimpleUploadedFile("a.pdf", b"%PDF-1.4 no")})
    assert "PDF" in refused.content.decode() and refused.status_code == 200
