"""A workbook written and read again, for the tests of the sheets."""

import io
from datetime import datetime

from openpyxl import load_workbook

from budget.reporting.grid import Grid, GridColumn, GridRow
from budget.reporting.xlsx import book_bytes

CREATED = datetime(2024, 3, 15, 9, 30)
TOP = 2  # rows above the table: the title; organisation and unit


def book(*grids):
    """The workbook of the grids, written and read again."""
    return load_workbook(io.BytesIO(book_bytes(grids, created=CREATED)))


def sheet(grid):
    return book(grid).active


def one_figure(value, unit="万元", role="amount"):
    columns = (GridColumn("name", ("名称",), "text"), GridColumn("amount", ("金额",), role))
    return Grid("one", columns, (GridRow("a", "row", ("甲", value)),), title="表", unit=unit)


def merged(worksheet):
    """The merged cells as (row, column, rows, columns), counted from 0."""
    return {
        (one.min_row - 1, one.min_col - 1, one.max_row - one.min_row + 1, one.max_col - one.min_col + 1)
        for one in worksheet.merged_cells.ranges
    }


def words(worksheet):
    return [cell.value for row in worksheet.iter_rows() for cell in row if isinstance(cell.value, str)]
