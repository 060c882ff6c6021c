"""Paste from Excel and WPS: what would change is shown, then all of it is taken or nothing."""

import time

from budget.models import Item, Line
from tests.factories import fingerprint
from tests.grids.speaking import Grid, cells, total

HEAD = "类别\t项目名称\t功能分类\t部门经济分类\t政府经济分类\t资金性质\t金额（万元）"


def row(economic="30201", amount="1.81", name="办公费", category="公用经费", government=""):
    return f"{category}\t{name}\t2060101\t{economic}\t{government}\t一般公共预算\t{amount}"


def text(*rows: str) -> str:
    return "\r\n".join(rows) + "\r\n"


def test_a_table_with_its_header_and_totals_is_recognised_shown_and_taken(grid):
    pasted = grid.paste(text(HEAD, row(), row("30202", "1,234.50"), "合计\t\t\t\t\t\t1,236.31"))
    assert pasted["header"] and pasted["columns"][0] == "category" and pasted["columns"][-1] == "amount"
    assert [one["reason"] for one in pasted["skipped"]] == ["表头，不粘贴", "合计行，不粘贴"]
    assert pasted["counts"] == {"changed": 0, "added": 2, "cells": 12, "same": 2, "errors": 0, "unfinished": 0}
    assert pasted["rows"][1]["cells"]["amount"] == {"old": "", "new": "1,234.50", "shown": "1,234.50", "errors": []}
    assert not Line.objects.exists()
    told = grid.take(pasted)
    assert total(told) == 1_236_310_000 and Item.objects.count() == 1


def test_a_wrong_cell_is_shown_with_its_reason_and_nothing_is_taken(grid):
    before = fingerprint()
    pasted = grid.paste(text(HEAD, row(), row("30299x", "1O5.20")))
    assert pasted["counts"]["errors"] == 2
    wrong = pasted["rows"][1]["cells"]
    assert "含字母O" in wrong["amount"]["errors"][0] and wrong["economic"]["errors"]
    told = grid.take(pasted, status=422)
    assert set(told["errors"][pasted["rows"][1]["id"]]) == {"amount", "economic"}
    assert fingerprint() == before


def test_a_block_without_header_goes_where_the_cursor_is_and_beyond_the_last_row(grid):
    first, _ = grid.add(cells(), cells(economic="30202"))
    pasted = grid.paste("7\r\n8\r\n9", row=first["id"], column="amount")
    assert not pasted["header"]
    assert [one["new"] for one in pasted["rows"]] == [False, False, True]
    assert pasted["rows"][0]["cells"]["amount"]["old"] == "1.81"
    assert pasted["counts"]["unfinished"] == 1, "a row with an amount and nothing else waits for the rest"
    told = grid.take(pasted)
    assert total(told) == 15_000_000 and told["unfinished"]["rows"] == 1


def test_what_is_already_so_is_no_change(grid):
    grid.add(cells(name="办公费"))
    first = grid.row(name="办公费")
    pasted = grid.paste(row(amount=" 1.81 ", government="50201").replace("\t", "\t", 1), row=first["id"])
    assert pasted["rows"] == [] or pasted["counts"]["cells"] < 7


def test_computed_columns_and_columns_beyond_the_last_are_left_out_and_said(grid):
    [first] = grid.add(cells())
    pasted = grid.paste("2\t3\t4\t5", row=first["id"], column="amount")
    assert [one["reason"] for one in pasted["ignored"]] == ["自动计算，不粘贴", "自动计算，不粘贴", "超出表格的列"]
    assert pasted["counts"]["cells"] == 1
    headed = grid.paste(text("项目名称\t金额\t上年数\t备注", "甲\t1\t2\t3"))
    assert [(one["column"], one["reason"]) for one in headed["ignored"]] == [
        ("上年数", "自动计算，不粘贴"),
        ("备注", "表格中没有这一列"),
    ]


def test_a_header_of_three_levels_with_merged_cells(grid):
    pasted = grid.paste(
        text(
            "2024年基本支出明细表\t\t\t\t\t\t",
            "项目\t\t科目\t\t\t资金\t",
            "类别\t项目名称\t功能分类\t经济分类\t\t资金性质\t金额（万元）",
            "\t\t\t部门预算\t政府预算\t\t",
            row(),
            "\t\t2060101\t30202\t\t一般公共预算\t3",
        )
    )
    assert pasted["columns"] == ["category", "name", "function", "economic", "government", "fund", "amount"]
    assert "按上一行填写" in pasted["notices"][0]
    assert pasted["rows"][1]["cells"]["name"]["new"] == "办公费"
    assert grid.take(pasted)["unfinished"]["rows"] == 0


def test_amounts_in_the_other_unit_are_converted_and_said(grid):
    pasted = grid.paste(text(HEAD.replace("万元", "元"), row(amount="18,100.00")))
    assert pasted["rows"][0]["cells"]["amount"]["new"] == "1.81"
    assert "已换算成万元" in "".join(pasted["notices"])


def test_quoted_cells_with_line_ends_tabs_and_quotes(grid):
    pasted = grid.paste('人员类\t"奖金""一""\t号"\r\n公用经费\t"两\n行"\r\n公用经费\t5" 管')
    names = [one["cells"]["name"] for one in pasted["rows"]]
    assert [one["new"] for one in names] == ['奖金"一"\t号', "两\n行", '5" 管']
    assert "换行" in names[1]["errors"][0]


def test_rows_in_another_order_than_they_stand(grid):
    first, second = grid.add(cells(name="甲", amount="1"), cells(name="甲", economic="30202", amount="2"))
    pasted = grid.paste("2060101\t30202\r\n2060101\t30201", row=first["id"], column="function")
    told = grid.take(pasted)
    assert {one["id"]: one["cells"]["economic"] for one in told["rows"]} == {
        first["id"]: "30202 印刷费",
        second["id"]: "30201 办公费",
    }


def test_a_paste_looked_at_too_long_ago_is_a_conflict(grid):
    [first] = grid.add(cells())
    pasted = grid.paste("7", row=first["id"], column="amount")
    grid.change(first, amount="5")
    assert grid.take(pasted, status=409)["conflicts"][0]["differences"][0]["stored"] == "5.00"


def test_three_hundred_rows_of_ten_columns_are_looked_at_within_a_second(clerk):
    grid = Grid(clerk)
    rows = [
        row(economic, str(at + 1), f"项目{at}") for at in range(75) for economic in ("30201", "30202", "30205", "30206")
    ]
    block = text(f"{HEAD}\t性质\t结转\t备注", *(f"{one}\t行政\t\tx" for one in rows))
    began = time.process_time()
    pasted = grid.paste(block, order=[])
    assert pasted["counts"]["added"] == 300 and pasted["counts"]["errors"] == 0
    assert time.process_time() - began <= 1
    assert len(grid.take(pasted)["rows"]) == 300
