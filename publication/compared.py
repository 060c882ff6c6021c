"""Two published versions side by side: what is different in each table and in the text, from what was kept of them."""

import difflib
from collections import Counter
from typing import NamedTuple

from budget.reporting import remarks
from budget.reporting.grid import Grid

from .frozen import Frozen


class Difference(NamedTuple):
    """A cell as it was printed and as it is now; "" where it was not there."""

    row: str
    column: str
    before: str
    after: str
    is_figure: bool


class TableDifferences(NamedTuple):
    title: str
    differences: tuple[Difference, ...]


class TextDifference(NamedTuple):
    """A paragraph that was taken out or put in."""

    is_new: bool
    text: str


class _Cell(NamedTuple):
    row: str
    column: str
    printed: str
    is_figure: bool


def tables_compared(before: Frozen, after: Frozen) -> list[TableDifferences]:
    """The tables in which something is different, in the order of the newer version."""
    old, new = ({grid.key: grid for grid in one.grids} for one in (before, after))
    found = []
    for key in dict.fromkeys((*new, *old)):
        grid = new.get(key) or old[key]
        differences = tuple(_differences(_cells(old.get(key)), _cells(new.get(key))))
        if differences:
            found.append(TableDifferences(f"表{grid.number}　{grid.title}", differences))
    return found


def text_compared(before: Frozen, after: Frozen) -> list[TextDifference]:
    """The paragraphs that are not in both versions, in their order."""
    old, new = ([block.text for part in one.parts for block in part.blocks] for one in (before, after))
    lines = difflib.ndiff(old, new)
    return [TextDifference(line[0] == "+", line[2:]) for line in lines if line[0] in "+-"]


def _differences(old: dict, new: dict):
    for place in dict.fromkeys((*new, *old)):
        was, now = old.get(place), new.get(place)
        before, after = (one.printed if one else "" for one in (was, now))
        if before != after:
            one = now or was
            yield Difference(one.row, one.column, before, after, one.is_figure)


def _cells(grid: Grid | None) -> dict[tuple, _Cell]:
    """Every cell by half, row and column; parts of a table by their labels too."""
    if grid is None:
        return {}
    found = _own_cells(grid, "")
    for section in grid.sections:
        found |= _own_cells(section.grid, section.label)
    said = "；".join((remarks.statement(grid), *grid.notes))
    found["notes"] = _Cell("表下说明", "", said, is_figure=False)
    return found


def _own_cells(grid: Grid, label: str) -> dict[tuple, _Cell]:
    found: dict[tuple, _Cell] = {}
    seen: Counter = Counter()
    for row in grid.rows:
        keys = row.key if isinstance(row.key, tuple) else (row.key,)
        for half, key in enumerate(keys):
            if not key:
                continue
            seen[half, key] += 1
            columns = [(at, one) for at, one in enumerate(grid.columns) if one.half == half]
            words = [row.cells[at] for at, one in columns if one.is_text and row.cells[at]]
            name = "　".join(filter(None, (label, *dict.fromkeys(words[:3]))))
            for at, column in columns:
                place = (label, half, key, seen[half, key], column.key)
                heading = "－".join(dict.fromkeys(column.path))
                found[place] = _Cell(name, heading, grid.printed(row.cells[at], thousands=True), column.is_money)
    return found
