"""A workbook we wrote, read again and held against the Grids it was drawn from, before anybody gets it."""

import io
import logging
from collections.abc import Sequence
from decimal import Decimal

import openpyxl

from .reporting import money
from .reporting.grid import Grid
from .reporting.sheet import sheet_of
from .reporting.xlsx import sheet_names
from .reporting.xlsx_page import Page

logger = logging.getLogger(__name__)
MOST = 5  # differences that the message lists


class Differs(ValueError):
    """The file does not say what the tables say: it is not given out."""


def verified(content: bytes, grids: Sequence[Grid], *, contents: bool = False) -> bytes:
    """The same bytes. Differs (and an entry in the log) where a cell of the file is not that of its Grid."""
    found = differences(content, grids, contents=contents)
    if found:
        logger.error("written workbook differs from its grids: %s", "; ".join(found))
        listed = "；".join(found[:MOST])
        more = f"等 {len(found)} 处" if len(found) > MOST else ""
        raise Differs(f"导出的文件与报表不一致，已停止下载，请告知系统管理员：{listed}{more}。")
    return content


def differences(content: bytes, grids: Sequence[Grid], *, contents: bool = False) -> list[str]:
    """In words, with sheet and cell, everything in the file that is not as in the Grids."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    names = sheet_names(grids, taken=["目录"] if contents else [])
    found = []
    if book.sheetnames != [*(["目录"] if contents else []), *names]:
        found.append(f"工作表是 {'、'.join(book.sheetnames)}")
    for grid, name in zip(grids, names, strict=True):
        if name in book.sheetnames:
            found += _of_sheet(book[name], grid)
    return found


def _of_sheet(worksheet, grid: Grid) -> list[str]:
    found = []
    sheet = sheet_of(grid)
    expected = {(cell.row + Page.top + 1, cell.column + 1): cell.value for cell in sheet.cells}
    expected[1, 1] = grid.title
    for (row, column), value in expected.items():
        cell = worksheet.cell(row, column)
        wanted = money.in_unit(value, grid.unit) if isinstance(value, int) and value else value or None
        if not _is_same(cell.value, wanted):
            found.append(f"{worksheet.title}!{cell.coordinate} 是“{cell.value}”，应为“{wanted}”")
    body = range(Page.top + 1, Page.top + sheet.rows + 1)
    for cells in worksheet.iter_rows(min_row=body.start, max_row=body.stop - 1):
        found += [
            f"{worksheet.title}!{cell.coordinate} 多出“{cell.value}”"
            for cell in cells
            if cell.value is not None and (cell.row, cell.column) not in expected
        ]
    return found


def _is_same(stored, wanted) -> bool:
    if isinstance(wanted, Decimal):
        return isinstance(stored, (int, float)) and Decimal(str(stored)) == wanted
    if isinstance(wanted, str) and isinstance(stored, str):
        return stored.replace("\r\n", "\n") == wanted.replace("\r\n", "\n")
    return stored == wanted
