"""CSV: the table's data, one header row, figures as printed, words that no spreadsheet takes for a formula."""

import csv
import io
from dataclasses import replace

import pytest

from budget.reporting.csv_text import csv_bytes, csv_files, write_folder
from budget.reporting.grid import Grid, GridColumn, GridRow

from .toy import toy_grids


def read(content):
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def table(text, amount=-1_234_567):
    columns = (
        GridColumn("name", ("名称",), "text"),
        GridColumn("amount", ("金额",), "amount"),
        GridColumn("rate", ("增减率",), "rate"),
    )
    return Grid("one", columns, (GridRow("a", "row", (text, amount, "-4.48%")),), number=7, unit="元")


@pytest.mark.parametrize("key", list(toy_grids()))
def test_the_rows_are_the_printed_rows(key):
    grid = toy_grids()[key]
    header, *rows = read(csv_bytes(grid))
    assert header == ["/".join(column.path) for column in grid.columns]
    expected = [list(row) for row in grid.printed_rows()]
    assert [[cell.removeprefix("'") for cell in row] for row in rows] == expected


def test_the_header_is_a_path():
    header = read(csv_bytes(toy_grids()["expenditure"]))[0]
    assert header[:2] == ["科目编码/类", "科目编码/款"]
    assert header[7] == "基本支出/人员经费/小计"


def test_lines_end_as_the_standard_says():
    content = csv_bytes(table('两行\n“文字”, "引号"'))
    assert content.endswith(b"\r\n")
    assert content.count(b"\r\n") == 2
    assert read(content)[1][0] == '两行\n“文字”, "引号"'


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠"])
def test_words_that_look_like_a_formula_are_quoted(start):
    text = f"{start}cmd|' /C calc'!A0"
    assert read(csv_bytes(table(text)))[1][0] == f"'{text}"
    named = replace(table("甲"), columns=(GridColumn("name", (text,), "text"), *table("甲").columns[1:]))
    assert read(csv_bytes(named))[0][0] == f"'{text}"


def test_ordinary_words_and_negative_figures_are_untouched():
    assert read(csv_bytes(table("≥95% =良好")))[1] == ["≥95% =良好", "-12345.67", "-4.48%"]
    assert read(csv_bytes(replace(table("甲"), thousands=True)))[1][1] == "-12,345.67"


def test_a_book_is_a_folder_with_a_file_for_each_table_and_section(tmp_path):
    grids = toy_grids()
    names = [path.name for path in write_folder(grids.values(), tmp_path)]
    assert names[0] == "01_revenue_and_expenditure.csv"
    form = [name for name in names if name.startswith("14_")]
    assert form == ["14_goals.aims.csv", "14_goals.tasks.csv", "14_goals.money.csv", "14_goals.csv"]
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(names)
    assert read((tmp_path / "14_goals.money.csv").read_bytes())[1][0] == "136.94"


def test_a_fault_leaves_the_folder_empty(tmp_path):
    grids = list(toy_grids().values())
    for bad in (table("甲", amount=1.5), table(None), grids[0], replace(table("甲"), key="../../etc/passwd")):
        with pytest.raises((TypeError, ValueError)):
            write_folder([*grids, bad], tmp_path)
        assert list(tmp_path.iterdir()) == []


def test_a_file_has_the_number_and_the_key_in_its_name():
    assert [name for name, _ in csv_files([table("甲")])] == ["07_one.csv"]
