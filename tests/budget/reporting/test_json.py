"""JSON as other programs rely on it: keys, header paths, figures as printed."""

import json
from dataclasses import replace

import pytest

from budget.reporting.grid import Grid, GridColumn, GridRow
from budget.reporting.json_form import book_json, json_text, table_json

from .toy import toy_grids
from .toy_data import LINES


def test_the_book_is_plain_data_and_text():
    grids = toy_grids()
    text = json_text(grids.values())
    assert "焦作市解放区" in text and text.endswith("\n")
    data = json.loads(text)
    assert data == book_json(grids.values())
    assert data["schema"] == 1
    assert [table["key"] for table in data["tables"]] == list(grids)


@pytest.mark.parametrize("key", list(toy_grids()))
def test_a_table_has_its_printed_rows_and_keys(key):
    grid = toy_grids()[key]
    data = table_json(grid)
    assert (data["number"], data["title"], data["unit"]) == (grid.number, grid.title, "万元")
    assert (data["year"], data["organisation"]) == (2024, "焦作市解放区科技和工业信息化局")
    assert data["columns"] == ["/".join(column.path) for column in grid.columns]
    assert data["rows"] == [list(row) for row in grid.printed_rows()]
    assert len(data["keys"]) == len(data["rows"])
    assert all(isinstance(cell, str) for row in data["rows"] for cell in row)


def test_side_by_side_the_keys_are_pairs():
    data = table_json(toy_grids()["revenue_and_expenditure"])
    assert data["columns"] == ["收入/项目", "收入/金额", "支出/项目", "支出/金额"]
    assert data["keys"][0] == ["general", "201"]
    assert data["keys"][3] == ["", "210"]
    assert data["rows"][0] == ["一、一般公共预算", "136.94", "一、一般公共服务", ""]


def test_a_row_is_found_by_its_key():
    data = table_json(toy_grids()["expenditure"])
    row = dict(zip(data["keys"], data["rows"], strict=True))["566001/2060101"]
    assert row[data["columns"].index("基本支出/人员经费/小计")] == "42.17"


def test_merged_words_are_in_every_row():
    rows = table_json(toy_grids()["goals"])["rows"]
    assert [row[0] for row in rows[:3]] == ["投入管理指标"] * 3


def test_a_form_has_its_sections():
    sections = table_json(toy_grids()["goals"])["sections"]
    assert [(one["key"], one["label"]) for one in sections] == [
        ("aims", "年度履职目标"),
        ("tasks", "年度主要任务"),
        ("money", "预算情况"),
    ]
    assert set(sections[0]) == {"key", "label", "columns", "rows", "keys"}
    money = sections[2]
    assert dict(zip(money["columns"], money["rows"][0], strict=True))["1、资金来源/(1)政府预算资金"] == "136.94"
    assert table_json(toy_grids()["expenditure"])["sections"] == []


def test_notes_and_statements_are_there():
    grids = toy_grids()
    assert table_json(grids["three_public"])["notes"] == list(grids["three_public"].notes)
    assert table_json(grids["funds"])["statement"] == "我部门2024年没有使用政府性基金预算拨款安排的支出。"
    assert table_json(replace(grids["expenditure"], statement="无"))["statement"] == ""


def test_what_falls_in_no_column_is_there_in_yuan():
    lines = (*LINES, ("566001", "help", "11", "2060101", "31201", "50101", "11", False, 123_456))
    (misfit,) = table_json(toy_grids(lines)["expenditure"])["misfits"]
    assert (misfit["reason"], misfit["amount"]) == ("column", "1234.56")
    assert misfit["fact"]["economic"] == "31201"
    assert table_json(toy_grids()["expenditure"])["misfits"] == []


@pytest.mark.parametrize("value", [float("nan"), 1.5, True, 10**15])
def test_what_is_no_figure_raises(value):
    grid = Grid("one", (GridColumn("amount", ("金额",), "amount"),), (GridRow("a", "row", (value,)),))
    with pytest.raises((TypeError, ValueError)):
        json_text([grid])
