"""Workbooks with one mistake planted in a random cell: of every kind, in any column, on any sheet (T-05)."""

import io
import random
from collections.abc import Callable
from datetime import date

import openpyxl
from openpyxl.utils import get_column_letter

COLUMNS = [
    "类别",
    "项目名称",
    "项目编码",
    "功能分类",
    "部门经济分类",
    "政府经济分类",
    "资金性质",
    "金额",
    "性质",
    "上年结转",
]
AT = {name: place for place, name in enumerate(COLUMNS)}


def _put(column: str, value, number_format: str = "") -> Callable:
    def put(cell):
        cell.value = value
        if number_format:
            cell.number_format = number_format

    put.column = column
    return put


def _error(column: str, shown: str) -> Callable:
    def put(cell):
        cell.value = shown
        cell.data_type = "e"

    put.column = column
    return put


MISTAKES = [
    *(
        _put("金额", wrong)
        for wrong in ("1O5.20", "5万", "(3)", "1e3", "1,23", "NaN", "1_000", "一百", "3.123", "100%", "٣", "+5")
    ),
    *(_put("金额", wrong) for wrong in (123.62999, -1, 0, True, date(2024, 1, 2), None, 10**16, "=1+1")),
    _put("金额", 0.5, "0.0%"),
    _put("金额", 1500, "#,##0,"),
    *(_error(column, shown) for column in COLUMNS for shown in ("#REF!", "#N/A")),
    *(_put(column, "9") for column in ("功能分类", "部门经济分类", "政府经济分类")),
    *(_put(column, "99999") for column in ("部门经济分类", "政府经济分类")),
    *(_put("功能分类", wrong) for wrong in ("9999999", "20601", "206", 2060101.5, "20601O1", "②060101")),
    *(_put("部门经济分类", wrong) for wrong in ("301", "3O101", True)),
    *(_put("类别", wrong) for wrong in ("其他", None, 7, "人员", "合计")),
    *(_put("项目名称", wrong) for wrong in (None, "甲\n乙", "甲" * 200, "甲\u200b乙")),
    *(_put("项目编码", wrong) for wrong in ("12", "4108022400000000157１8x", "x" * 21)),
    *(_put("资金性质", wrong) for wrong in ("没有", None, "1")),
    *(_put("性质", wrong) for wrong in ("企业", 3)),
    *(_put("上年结转", wrong) for wrong in ("也许", 2)),
]


def planted(seed: int) -> tuple[bytes, str, str]:
    """(workbook, the address of its one mistake, what was planted) of that seed."""
    pick = random.Random(seed)
    order = pick.sample(COLUMNS, len(COLUMNS))
    left, header = pick.randrange(4), pick.randrange(2, 8)
    book = openpyxl.Workbook()
    names = pick.sample(["封面", "表1 收支", "说明", "明细", "数据'表", "Sheet2", "二上（草案）"], pick.randint(1, 5))
    sheets = [book.active, *(book.create_sheet() for _ in names[1:])]
    for sheet, name in zip(sheets, names, strict=True):
        sheet.title = name
        sheet.cell(1, 2, "说明文字")
    sheet = pick.choice(sheets)
    for place, name in enumerate(order, 1):
        sheet.cell(header, left + place, name)
    rows, number = [], header
    for at in range(pick.randint(3, 25)):
        number += pick.choice([1, 1, 1, 2, 5])
        rows.append(number)
        for place, name in enumerate(order, 1):
            sheet.cell(number, left + place, _right(name, at))
    mistake = pick.choice(MISTAKES)
    place = sheet.cell(pick.choice(rows), left + order.index(mistake.column) + 1)
    mistake(place)
    file = io.BytesIO()
    book.save(file)
    address = f"{sheet.title}!{get_column_letter(place.column)}{place.row}"
    return file.getvalue(), address, f"{mistake.column}={place.value!r}"


def _right(column: str, at: int):
    values = ["公用经费", f"项目{at}", None, "2060101", "30201", "50201", "一般公共预算", 1 + at, "行政", None]
    return values[AT[column]]
