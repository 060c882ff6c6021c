"""The published tables as a workbook, made of the CSV files of the reference with their headings merged as printed."""

import csv
import io
from decimal import Decimal, InvalidOperation
from pathlib import Path

import xlsxwriter

AS_PUBLISHED = Path(__file__).parents[2] / "golden" / "as_published"
TOP = 2


def published(change=lambda name, rows: rows, *, unit: str = "万元") -> bytes:
    """A sheet a table; `change(file name, rows)` may change what is in it."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        for path in sorted(AS_PUBLISHED.glob("*.csv")):
            with path.open(encoding="utf-8") as lines:
                heads, *rows = csv.reader(lines)
            rows = change(path.stem, rows)
            if rows is not None:
                _sheet(book.add_worksheet(path.stem[:31]), [head.split("/") for head in heads], rows, unit)
    return file.getvalue()


def _sheet(sheet, heads, rows, unit) -> None:
    sheet.write_string(0, 0, "2024年部门预算公开表")
    sheet.write_string(1, 0, "部门名称：焦作市解放区科技和工业信息化局")
    sheet.write_string(1, 5, f"单位：{unit}")
    depth = max(map(len, heads))
    for level in range(depth):
        at = 0
        while at < len(heads):
            path = heads[at]
            end = at
            if level < len(path):
                while (
                    end + 1 < len(heads) and len(path) > level + 1 and heads[end + 1][: level + 1] == path[: level + 1]
                ):
                    end += 1
                bottom = depth - 1 if level == len(path) - 1 else level
                if end > at or bottom > level:
                    sheet.merge_range(TOP + level, at, TOP + bottom, end, path[level])
                else:
                    sheet.write_string(TOP + level, at, path[level])
            at = end + 1
    for number, row in enumerate(rows, TOP + depth):
        for at, text in enumerate(row):
            try:
                sheet.write_number(number, at, Decimal(text)) if "." in text else sheet.write_string(number, at, text)
            except InvalidOperation:
                sheet.write_string(number, at, text)
