"""The workbook: what is printed comes back, words stay words, and a fault raises before anything is written."""

import io
import re
import shutil
import subprocess
import zipfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.utils.escape import unescape

from budget.reporting import money
from budget.reporting.grid import Grid, GridColumn, GridRow
from budget.reporting.sheet import sheet_of
from budget.reporting.xlsx import book_bytes, sheet_names, write_book, write_table
from budget.reporting.xlsx_page import TEXT_LIMIT

from .read_back import CREATED, TOP, book, one_figure, sheet, words
from .toy import toy_grids

# ---- figures


@pytest.mark.parametrize("unit", ["万元", "元"])
@pytest.mark.parametrize("thousands", [False, True])
def test_every_cell_comes_back_as_printed(unit, thousands):
    grids = toy_grids(unit=unit, thousands=thousands)
    workbook = book(*grids.values())
    assert len(workbook.worksheets) == len(grids)
    for grid, worksheet in zip(grids.values(), workbook.worksheets, strict=True):
        figures = 0
        for cell in sheet_of(grid).cells:
            found = worksheet.cell(TOP + cell.row + 1, cell.column + 1)
            if isinstance(cell.value, int):
                assert found.data_type == "n"
                assert f"{found.value:.2f}" == money.printed(cell.value, unit)
                assert found.number_format == ("#,##0.00" if thousands else "0.00")
                figures += 1
            else:
                assert (found.value or "") == (cell.value or "")
        assert figures or grid.is_empty


@settings(deadline=None)
@given(
    st.integers(1 - money.LIMIT_FEN, money.LIMIT_FEN - 1).filter(bool),
    st.sampled_from(["元", "万元"]),
)
def test_a_figure_of_any_size_is_exact(fen, unit):
    value = sheet(one_figure(fen, unit)).cell(TOP + 2, 2).value
    assert f"{value:.2f}" == money.printed(fen, unit)


def test_the_largest_figures_are_exact():
    for fen in (money.LIMIT_FEN - 1, 1 - money.LIMIT_FEN, 999_999_999_999_990, 1, -1):
        assert f"{sheet(one_figure(fen, '元')).cell(TOP + 2, 2).value:.2f}" == money.printed(fen, "元")


@pytest.mark.parametrize(
    "value",
    [
        float("nan"),
        float("inf"),
        Decimal("NaN"),
        Decimal("1.005"),
        1.5,
        True,
        "12.00",
        money.LIMIT_FEN,
        -money.LIMIT_FEN,
        10**40,
    ],
)
def test_what_is_no_figure_raises_and_nothing_is_written(value, tmp_path):
    path, file = tmp_path / "book.xlsx", io.BytesIO()
    for target in (path, file):
        with pytest.raises((TypeError, ValueError)):
            write_table(one_figure(value), target, created=CREATED)
    assert not path.exists()
    assert file.getvalue() == b""


def test_words_that_are_missing_raise():
    grid = one_figure(100)
    with pytest.raises(TypeError):
        book_bytes([replace(grid, rows=(GridRow("a", "row", (None, 100)),))], created=CREATED)
    with pytest.raises(ValueError, match="应有 2 格"):
        book_bytes([replace(grid, rows=(GridRow("a", "row", ("甲",)),))], created=CREATED)
    with pytest.raises(ValueError, match="无法写出"):
        book_bytes([replace(grid, title="\ud800")], created=CREATED)


def test_a_fault_in_a_section_raises():
    goals = toy_grids()["goals"]
    broken = replace(goals.sections[2], grid=one_figure(1.5))
    with pytest.raises(TypeError):
        book_bytes([replace(goals, sections=(broken,))], created=CREATED)


def test_an_unknown_last_year_is_printed_as_such():
    worksheet = sheet(toy_grids()["compared"])
    assert [cell.value for cell in worksheet[TOP + 5]][3:] == ["上年数缺"] * 3
    assert worksheet.cell(TOP + 3, 6).value == "770.34%"


# ---- words


HOSTILE = [
    *(f"{sign}1+1" for sign in "=+-@＝＋－＠"),
    "=cmd|' /C calc'!A0",
    '="a""b"',
    "{=1+1}",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\0=1",
    "_x0041_",
    "https://example.org",
    "internal:A1",
    "1234",
    "'quoted'",
    "<b>&amp;",
    " 前后有空格 ",
    "两行\n文字",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_words_never_become_formulas(text):
    merge = GridColumn("merge", (text, "列"), "text", ("a", "b"), merge=True)
    name = GridColumn("name", (text, text), "text", ("a", "c"))
    amount = GridColumn("amount", ("金额",), "amount", ("d",))
    rows = tuple(GridRow(str(at), "row", (text, text, 100)) for at in range(2))
    part = Grid("part", (name,), (GridRow("a", "row", (text,)),))
    form = toy_grids()["goals"]
    section = replace(form.sections[0], label=text, grid=part)
    table = Grid("t", (merge, name, amount), rows, title=text, organisation=text, notes=(text,), sections=(section,))
    empty = replace(table, rows=(), statement=text)
    content = book_bytes([table, empty], created=CREATED, contents=True)
    found = [word for worksheet in load_workbook(io.BytesIO(content)).worksheets for word in words(worksheet)]
    if "_x" in text:  # openpyxl undoes this escape by itself
        assert found.count(text) >= 8
    else:
        assert [unescape(word) for word in found].count(text) >= 8
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        for part in parts.namelist():
            if part.startswith("xl/worksheets/sheet"):
                assert b"<f" not in parts.read(part).replace(b"<formula", b"")


def test_text_too_long_for_a_cell_raises_and_is_never_cut():
    grid = one_figure(100)
    fits = replace(grid, rows=(GridRow("a", "row", ("字" * TEXT_LIMIT, 100)),))
    assert len(sheet(fits).cell(TOP + 2, 1).value) == TEXT_LIMIT
    with pytest.raises(ValueError, match="写不下"):
        book_bytes([replace(grid, rows=(GridRow("a", "row", ("𠀀" * (TEXT_LIMIT // 2 + 1), 100)),))], created=CREATED)


def test_codes_stay_words():
    worksheet = sheet(toy_grids()["expenditure"])
    assert [cell.value for cell in worksheet[TOP + 3 + 3][:3]] == ["206", "01", "01"]


# ---- the book


def test_sheets_stand_in_order_under_number_and_title():
    names = book(*toy_grids().values()).sheetnames
    assert names[:2] == ["1 2024年部门收支预算表", "3 2024年部门支出预算表"]


def test_sheet_names_are_such_as_excel_allows():
    grid = one_figure(100)
    titles = ["a/b[c]:*?\\'d'", "长" * 40, "长" * 40, "长" * 40, "", "History", "𠀀" * 20, "A", "a", "\x07"]
    names = sheet_names([replace(grid, title=title) for title in titles], taken=["目录"])
    assert names[0] == "abcd"
    assert len({name.casefold() for name in names}) == len(names)
    for name in names:
        assert 0 < len(name.encode("utf-16-le")) <= 62
        assert not re.search(r"[\[\]:*?/\\']", name)
        assert name.casefold() != "history"
    book_bytes([replace(grid, title=title) for title in titles], created=CREATED, contents=True)


def test_contents_lead_to_every_sheet():
    grids = list(toy_grids().values())
    workbook = load_workbook(io.BytesIO(book_bytes(grids, created=CREATED, contents=True)))
    assert workbook.sheetnames[0] == "目录"
    links = [workbook["目录"].cell(row, 2) for row in range(2, 2 + len(grids))]
    assert [cell.hyperlink.location for cell in links] == [f"'{name}'!A1" for name in workbook.sheetnames[1:]]
    assert [cell.value for cell in links] == [grid.title for grid in grids]


def test_the_same_grids_give_the_same_bytes():
    first = book_bytes(toy_grids().values(), created=CREATED)
    assert first == book_bytes(toy_grids().values(), created=CREATED)
    east = timezone(timedelta(hours=8))
    assert first == book_bytes(toy_grids().values(), created=datetime(2024, 3, 15, 17, 30, tzinfo=east))
    assert first == book_bytes(toy_grids().values(), created=CREATED.replace(tzinfo=UTC))
    assert load_workbook(io.BytesIO(first)).properties.created == CREATED


def test_a_book_of_nothing_raises():
    with pytest.raises(ValueError, match="没有表"):
        book_bytes([], created=CREATED)


def test_it_is_written_to_a_path_or_a_file(tmp_path):
    grid = toy_grids()["three_public"]
    file = io.BytesIO()
    write_book([grid], file, created=CREATED)
    write_table(grid, tmp_path / "table.xlsx", created=CREATED)
    assert (tmp_path / "table.xlsx").read_bytes() == file.getvalue()


# ---- other programs


def test_every_part_is_well_formed():
    with zipfile.ZipFile(io.BytesIO(book_bytes(toy_grids().values(), created=CREATED, contents=True))) as parts:
        assert parts.testzip() is None
        for name in parts.namelist():
            ElementTree.fromstring(parts.read(name))


@pytest.mark.skipif(not (shutil.which("soffice") and shutil.which("pdftotext")), reason="no LibreOffice")
def test_libreoffice_prints_every_figure_a_page_a_table(tmp_path):
    grids = list(toy_grids(thousands=True).values())
    write_book(grids, tmp_path / "book.xlsx", created=CREATED)
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    subprocess.run(
        ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", tmp_path, tmp_path / "book.xlsx"],
        check=True,
        capture_output=True,
        timeout=120,
    )
    text = subprocess.run(
        ["pdftotext", "-layout", tmp_path / "book.pdf", "-"], check=True, capture_output=True, text=True, timeout=60
    ).stdout
    pages = text.split("\f")[:-1]
    assert len(pages) == len(grids)
    for grid, page in zip(grids, pages, strict=True):
        for row in grid.rows:
            for value in row.cells:
                if isinstance(value, int):
                    assert grid.printed(value) in page
        assert "###" not in page
