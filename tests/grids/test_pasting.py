"""Paste from Excel and WPS: what would change is shown, then all of it is taken or nothing."""

import pytest

from budget.models import Item, Line
from tests.factories import fingerprint
from tests.grids.speaking import Grid, cells, total
from tests.timing import least_seconds

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


def test_the_five_columns_a_clerk_has_make_whole_lines(grid):
    head = "类别\t项目名称\t功能分类\t部门经济分类\t金额"
    pasted = grid.paste(text(head, "公用经费\t办公费\t2060101\t30201\t1.81", "公用经费\t办公费\t2060101\t30202\t2"))
    assert (pasted["counts"]["unfinished"], pasted["lacking"]) == (0, [])
    assert "2行的资金性质没有写，填为一般公共预算，请核对。" in pasted["notices"]
    assert "2行的政府经济分类没有写，按部门经济分类填入，请核对。" in pasted["notices"]
    told = grid.take(pasted)
    assert total(told) == 3_810_000
    assert {row["cells"]["fund"] for row in told["rows"]} == {"一般公共预算"}
    lacking = grid.paste(text(head, "公用经费\t水电费\t2060101\t\t1"))
    assert (lacking["counts"]["unfinished"], lacking["lacking"]) == (1, ["部门经济分类（1行）"])


def test_the_total_under_a_pasted_table_is_held_against_what_is_pasted(grid):
    rows = [HEAD.replace("万元", "元"), row(amount="18,100"), row("30202", "20000"), "小计\t\t\t\t\t\t18100"]
    even = grid.paste(text(*rows, "合计\t\t\t\t\t\t38,100.00"))
    assert "粘贴的金额合计3.81万元，与合计行一致。" in even["notices"] and even["doubts"] == []
    off = grid.paste(text(*rows, "合计\t\t\t\t\t\t38,200.00"))
    assert off["doubts"] == ["粘贴的金额合计3.81万元，合计行是3.82，相差-0.01，请核对是否漏行或重行。"]
    assert off["counts"]["errors"] == 0, "the person decides"
    assert "粘贴的金额合计3.81万元。" in grid.paste(text(*rows))["notices"]
    assert not [one for one in grid.paste(text(HEAD, row(amount="1O")))["notices"] if "合计" in one]


def test_an_item_whose_name_ends_like_a_total_is_no_total(grid):
    pasted = grid.paste(text(HEAD, row(name="差旅费、培训费合计"), "公用经费合计\t\t\t\t\t\t1.81"))
    assert [one["text"] for one in pasted["skipped"][1:]] == ["公用经费合计　1.81"]
    assert pasted["counts"]["added"] == 1
    grid.take(pasted)
    assert Item.objects.get().name == "差旅费、培训费合计"


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


def test_a_block_goes_into_the_columns_that_are_shown(grid):
    [first] = grid.add(cells())
    shown = ["category", "name", "function", "economic", "government", "fund", "amount"]  # 性质, 结转 are put away
    body = {
        "unit": "万元",
        "text": "办公\t2060103",
        "at": {"row": first["id"], "column": "name"},
        "order": [first["id"]],
    }
    pasted = grid._post("paste/", body | {"columns": shown}, 200)
    assert pasted["columns"] == ["name", "function"]
    assert grid._post("paste/", body, 200)["columns"] == ["name", "nature"]
    grid._post("paste/", body | {"columns": "name"}, 400)


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


def many(count: int) -> str:
    """So many rows of ten columns."""
    codes = ("30201", "30202", "30205", "30206")
    rows = [row(codes[at % 4], str(at // 4 + 1), f"项目{at // 4}") for at in range(count)]
    return text(f"{HEAD}\t性质\t结转\t备注", *(f"{one}\t行政\t\tx" for one in rows))


def test_three_hundred_rows_of_ten_columns_are_looked_at_and_taken(clerk):
    grid = Grid(clerk)
    pasted = grid.paste(many(300), order=[])
    assert pasted["counts"]["added"] == 300 and pasted["counts"]["errors"] == 0
    assert len(grid.take(pasted)["rows"]) == 300


@pytest.mark.benchmark
def test_looking_at_three_hundred_rows_takes_no_longer_than_ten_times_at_thirty(clerk, settings):
    settings.MIDDLEWARE = [one for one in settings.MIDDLEWARE if "zeal" not in one]  # it counts queries in tests only
    grid = Grid(clerk)
    few, all_of_them = many(30), many(300)
    thirty, three_hundred = least_seconds(lambda: grid.paste(few, order=[]), lambda: grid.paste(all_of_them, order=[]))
    print(f"\n粘贴 300 行：{three_hundred * 1000:.0f} ms，30 行的 {three_hundred / thirty:.2f} 倍")
    assert three_hundred <= 10 * thirty
