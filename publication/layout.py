"""The document as plain data for the drawing of pages: the PDF and the Word file are made of this and nothing else."""

import re
from dataclasses import dataclass
from datetime import date

from budget import charts
from budget.reporting import measure, remarks
from budget.reporting.checked import checked
from budget.reporting.grid import Grid
from budget.reporting.sheet import Sheet, sheet_of

from .document import Document
from .narrative.values import DIGITS, numeral

PAGE_POINTS = 756  # across A4 on its side, without its margins, less a point for what rounding takes
INSET, CLOSE = 6, 4  # points beside the words of a cell, both sides; of a table with many columns
MANY = 16  # columns
PAGE_HEIGHT = 4350  # tenths of a point down A4 on its side, without its margins, the title and the lines above a table
UNTITLED = 350  # that the following pages of a table have more
LARGEST, READABLE, SMALLEST = 100, 80, 55  # sizes of type, in tenths of a point
WIDE, NARROW = 35, 23  # tenths of a point above and below the words of a cell
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff]")
LEADING = 30  # between the lines of a cell


@dataclass(frozen=True)
class LaidTable:
    """A table with its place on the page: widths of the words in half-widths of a sign, size in tenths of a point.

    `beside`: points beside the words of a cell, both sides; `inset`: tenths of a point above and below them.
    """

    grid: Grid
    sheet: Sheet
    widths: tuple[int, ...]
    size: int
    beside: int
    inset: int
    ordinal: str

    @property
    def title(self) -> str:
        return self.grid.title

    @property
    def shares(self) -> list[int]:
        """The widths of whole columns, in twentieths of a point where the table is as wide as it needs to be."""
        return [width * self.size + 20 * self.beside for width in self.widths]

    @property
    def entry(self) -> str:
        """As the contents name it."""
        return f"{self.ordinal}、{self.grid.title}"

    @property
    def lines_below(self) -> tuple[str, ...]:
        """The statement of an empty table, and the notes."""
        return tuple(text for text in (remarks.statement(self.grid), *self.grid.notes) if text)

    @property
    def top(self) -> str:
        return f"{self.grid.organisation_label}：{self.grid.organisation}"

    @property
    def unit(self) -> str:
        return f"单位：{self.grid.unit}"


def laid(grid: Grid) -> LaidTable:
    checked(grid)
    sheet = sheet_of(grid)
    fixed = {at: column.width for at, column in enumerate(grid.columns) if column.width}
    widths = measure.column_widths(sheet, grid.printed, fixed)
    beside = CLOSE if len(widths) >= MANY else INSET
    room = (PAGE_POINTS - beside * len(widths)) * 20 // sum(widths)
    size = max(SMALLEST, min(LARGEST, room))
    size, inset = _on_few_pages(measure.row_lines(sheet, grid.printed, widths), size)
    return LaidTable(grid, sheet, tuple(widths), size, beside, inset, numeral(grid.number))


def _on_few_pages(lines: list[int], size: int) -> tuple[int, int]:
    """The largest type and the widest rows that do not leave the last few rows to a page of their own."""
    wanted = max(1, _height(lines, size, WIDE) // PAGE_HEIGHT)
    for smaller in range(size, min(size, READABLE) - 1, -5):
        for inset in range(WIDE, NARROW - 1, -2):
            if _height(lines, smaller, inset) <= wanted * PAGE_HEIGHT + (wanted - 1) * UNTITLED:
                return smaller, inset
    return size, WIDE


def _height(lines: list[int], size: int, inset: int) -> int:
    """Of a table whose rows have so many lines, in tenths of a point."""
    line = size * 3 // 4
    return sum(line + 2 * inset + (count - 1) * (line + LEADING) for count in lines)


def tables_of(document: Document) -> list[LaidTable]:
    return [laid(grid) for grid in document.grids]


def data_of(document: Document, day: date) -> dict:
    """Everything the PDF prints, as JSON can hold it."""
    narrative = document.narrative
    return {
        "title": document.title,
        "organisation": document.book.name,
        "cover": list(narrative.cover),
        "date": chinese_month(day),
        "parts": [
            {
                "label": part.label,
                "title": part.title,
                "blocks": [{"level": block.level, "text": clean(block.text)} for block in part.blocks],
            }
            for part in narrative.parts
        ],
        "charts": [
            {
                "title": chart.title,
                "heads": list(chart.heads),
                "rows": [
                    {
                        "words": ["" if bar.continues else clean(bar.words[0]), *map(clean, bar.words[1:])],
                        "length": bar.length,
                        "whole": bar.whole,
                    }
                    for bar in chart.bars
                ],
            }
            for chart in (charts.drawn(one, document.book.table_set.unit) for one in document.charts)
        ],
        "tables_title": narrative.tables_title,
        "tables": [_table(table) for table in tables_of(document)],
    }


def _table(table: LaidTable) -> dict:
    grid, (first, last) = table.grid, table.sheet.header
    cells = [
        [
            cell.column,
            cell.row,
            cell.colspan,
            cell.rowspan,
            clean(grid.printed(cell.value)),
            cell.look,
            int(cell.strong),
            cell.indent,
        ]
        for cell in table.sheet.cells
    ]
    return {
        "entry": table.entry,
        "title": table.title,
        "number": grid.number,
        "top": table.top,
        "unit": table.unit,
        "widths": table.shares,
        "size": table.size,
        "beside": table.beside,
        "inset": table.inset,
        "form": [cell for cell in cells if cell[1] < first],
        "header": [_moved(cell, first) for cell in cells if first <= cell[1] <= last],
        "body": [_moved(cell, first) for cell in cells if cell[1] > last],
        "below": [clean(text) for text in table.lines_below],
    }


def _moved(cell: list, rows: int) -> list:
    return [cell[0], cell[1] - rows, *cell[2:]]


def chinese_month(day: date) -> str:
    """2024年3月 → 二〇二四年三月."""
    year = "".join(DIGITS[int(digit)] for digit in str(day.year)).replace("零", "〇")
    return f"{year}年{numeral(day.month)}月"


def clean(text: str) -> str:
    """Without signs that no page prints and no XML holds."""
    return UNPRINTABLE.sub("", text)
