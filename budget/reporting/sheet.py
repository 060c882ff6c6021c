"""Where every cell of a printed table stands: the header, the body, and the sections of a form above it.

Pure geometry, for renderers that draw on a sheet. A form (a grid with sections) is drawn on common places: the label
of a section down the first, its columns over the rest, the widest of them taking what is left over.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from .grid import Grid, GridRow, Merge, Value

STRONG = ("total", "department", "unit")
LOOKS = {"text": "text", "rate": "rate"}
CODE = re.compile(r"[0-9A-Z]+")

Place = tuple[int, int]  # the first place of a column on the sheet, and how many it takes


class Cell(NamedTuple):
    """A cell with its extent. `look`: header, label (of a form, or of rows), text, code, figure, rate, form_figure."""

    row: int
    column: int
    rowspan: int
    colspan: int
    value: Value
    look: str
    strong: bool = False
    indent: int = 0


_made = partial(tuple.__new__, Cell)  # Cell(…) of a tuple, at a third of its cost: a book has a million of them


@dataclass(frozen=True)
class Sheet:
    """The cells of a grid; `header` are the first and the last row of the main table's header."""

    cells: tuple[Cell, ...]
    columns: int
    rows: int
    header: tuple[int, int]


def sheet_of(grid: Grid) -> Sheet:
    """The layout of a grid, its sections stacked above it. Rows and columns count from 0."""
    columns = max(len(grid.columns), *(1 + _places_needed(one.grid) for one in grid.sections), 1)
    cells: list[Cell] = []
    top = 0
    for section in grid.sections:
        places = _places(section.grid, 1, columns - 1)
        draw = _downwards if _is_single(section.grid) else _part
        drawn, rows = draw(section.grid, top, places)
        cells += [Cell(top, 0, rows, 1, section.label, "label"), *drawn]
        top += rows
    drawn, rows = _table(grid, top, _places(grid, 0, columns))
    return Sheet((*cells, *drawn), columns, top + rows, (top, top + grid.header_depth - 1))


def kind_of(row: GridRow, half: int) -> str:
    """The level of a row in a half; where it has one for both, a part (其中) on the left is an ordinary row right."""
    if isinstance(row.kind, tuple):
        return row.kind[half]
    return "row" if half and row.kind == "of_which" and row.key[0] else row.kind


def code_columns(grid: Grid) -> frozenset[int]:
    """The text columns that hold nothing but codes (合计 beside them does not count)."""
    found = set()
    of_half: dict[int, list[GridRow]] = {}
    for at, column in enumerate(grid.columns):
        if not column.is_text:
            continue
        if column.half not in of_half:
            of_half[column.half] = [row for row in grid.rows if kind_of(row, column.half) != "total"]
        words = {row.cells[at] for row in of_half[column.half]} - {""}
        if words and all(map(CODE.fullmatch, words)):
            found.add(at)
    return frozenset(found)


def body_merges(grid: Grid) -> list[Merge]:
    """The body cells printed as one: the merging columns, and a row's own cells down the rows that go on with it."""
    if not any(row.continues for row in grid.rows):
        return grid.merges()
    own = _own_columns(grid)
    merges = [merge for merge in grid.merges() if merge.column >= own]
    first = 0
    for index in range(1, len(grid.rows) + 1):
        if index == len(grid.rows) or not grid.rows[index].continues:
            if index - first > 1:
                merges += [Merge(first, column, index - first) for column in range(own)]
            first = index
    return merges


def _own_columns(grid: Grid) -> int:
    """How many columns, from the left, stay blank in every row that goes on with another."""
    going_on = [row for row in grid.rows if row.continues]
    filled = (at for at in range(len(grid.columns)) if any(row.cells[at] not in ("", None) for row in going_on))
    return next(filled, len(grid.columns))


# ---- parts


def _table(grid: Grid, top: int, places: Sequence[Place]) -> tuple[list[Cell], int]:
    """Header and body from row `top`; and how many rows they take."""
    cells = [
        Cell(top + cell.row, *_extent(places, cell.column, cell.colspan, cell.rowspan), cell.text, "header")
        for cell in grid.header_cells()
    ]
    depth = grid.header_depth
    return [*cells, *_body(grid, top + depth, places)], depth + len(grid.rows)


def _part(grid: Grid, top: int, places: Sequence[Place]) -> tuple[list[Cell], int]:
    """A section: a single column needs no heading but the section's own label; without a row one stays blank."""
    cells, rows = (_body(grid, top, places), len(grid.rows)) if len(grid.columns) == 1 else _table(grid, top, places)
    if not grid.rows:
        cells += [Cell(top + rows, start, 1, span, "", "text") for start, span in places]
        rows += 1
    return cells, rows


def _downwards(grid: Grid, top: int, places: Sequence[Place]) -> tuple[list[Cell], int]:
    """A section of one row, its columns as lines: the header on its side, the value in the last place."""
    cells = []
    for cell in grid.header_cells():
        extent = _extent(places, cell.row, cell.rowspan, cell.colspan)
        cells.append(Cell(top + cell.column, *extent, cell.text, "label"))
    for at, (column, value) in enumerate(zip(grid.columns, grid.rows[0].cells, strict=True)):
        start, span = places[-1]
        cells.append(Cell(top + at, start, 1, span, value, "form_figure" if column.is_money else "text"))
    return cells, len(grid.columns)


def _body(grid: Grid, top: int, places: Sequence[Place]) -> list[Cell]:
    spans: dict[int, dict[int, int]] = defaultdict(dict)  # row → column → the rows it takes, 0 where it is covered
    for first, at, rows in body_merges(grid):
        spans[first][at] = rows
        for covered in range(first + 1, first + rows):
            spans[covered][at] = 0
    columns = _columns(grid, places)
    is_double = any(column[-1] for column in columns)
    known: dict[tuple, list[tuple]] = {}  # by level: its columns, as cells of such a row have them
    cells = []
    for index, row in enumerate(grid.rows):
        at, level = top + index, (kind_of(row, 0), kind_of(row, 1) if is_double else "")
        if level not in known:
            known[level] = [_of_level(column, level[column[-1]]) for column in columns]
        told = zip(known[level], row.cells, strict=True)
        if index not in spans:
            cells += [
                _made((at, start, 1, span, value, look, strong, indent))
                for (start, span, look, strong, indent), value in told
            ]
            continue
        taken = spans[index]
        cells += [
            _made((at, start, rows, span, value, look, strong, indent))
            for column, ((start, span, look, strong, indent), value) in enumerate(told)
            if (rows := taken.get(column, 1))
        ]
    return cells


def _columns(grid: Grid, places: Sequence[Place]) -> list[tuple[int, int, str, int]]:
    """Of each column its place on the sheet, the look of its cells, and its half."""
    codes = code_columns(grid)
    return [
        (*place, "label" if column.merge else "code" if at in codes else LOOKS.get(column.role, "figure"), column.half)
        for at, (column, place) in enumerate(zip(grid.columns, places, strict=False))
    ]


def _of_level(column: tuple[int, int, str, int], kind: str) -> tuple[int, int, str, bool, int]:
    """The place and the look of a column's cells in rows of that level, whether they are strong, and their indent."""
    start, span, look, _ = column
    return start, span, look, kind in STRONG, 2 if kind == "of_which" and look == "text" else 0


def _extent(places: Sequence[Place], column: int, columns: int, rows: int) -> tuple[int, int, int]:
    """Where columns `column` and following stand: their first place, the rows they take, and the places they take."""
    start, _ = places[column]
    last, span = places[column + columns - 1]
    return start, rows, last + span - start


# ---- places


def _is_single(grid: Grid) -> bool:
    return len(grid.rows) == 1 and grid.rows[0].kind == "single"


def _places_needed(grid: Grid) -> int:
    return grid.header_depth + 1 if _is_single(grid) else len(grid.columns)


def _places(grid: Grid, first: int, places: int) -> list[Place]:
    """Each column of the grid (each level of a form's lines) in its places; the widest takes what is left over."""
    count = _places_needed(grid) if first else len(grid.columns)
    spare = places - count
    widest = count - 1
    if spare and not (first and _is_single(grid)):
        lengths = [
            max((len(row.cells[at] or "") for row in grid.rows), default=0) if column.is_text else 0
            for at, column in enumerate(grid.columns)
        ]
        widest = max(range(count), key=lambda at: (lengths[at], at))
    found = []
    for at in range(count):
        span = 1 + (spare if at == widest else 0)
        found.append((first, span))
        first += span
    return found
