"""What is left out of a table when it is disclosed: the rows of projects that are not public; totals stay.

A single row left out could be found again by subtraction from the total above it. Then it is shown together with the
others of its category, or, where it is the only one of its category, with all the projects below the same total.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace

from budget.reporting.grid import Grid, GridRow

TOGETHER = "{category}项目（{number}个合并列示）"


def disclosed(grid: Grid, withheld: Collection[str], categories: Mapping[str, str]) -> Grid:
    """The grid without the rows of these projects (by uid). The same grid where it shows none of them.

    `categories`: uid → 其他运转类, 特定目标类.
    """
    groups: dict[str, list[list[GridRow]]] = {}
    for row in grid.rows:
        if row.kind == "item":
            below = groups.setdefault(row.key.rpartition("/")[0], [])
            if row.continues and below:
                below[-1].append(row)
            else:
                below.append([row])
    kept: dict[int, list[GridRow]] = {}
    for items in groups.values():
        for item, rows in zip(items, _kept(grid, items, withheld, categories), strict=True):
            kept[id(item[0])] = rows
    if not any(_is_withheld(item[0], withheld) for items in groups.values() for item in items):
        return grid
    found: list[GridRow] = []
    for row in grid.rows:
        if row.kind != "item":
            found.append(row)
        elif not row.continues:
            found += kept[id(row)]
    return replace(grid, rows=tuple(found), _by_key={})


def _is_withheld(row: GridRow, withheld: Collection[str]) -> bool:
    return _uid(row) in withheld


def _uid(row: GridRow) -> str:
    return row.key.rpartition("/")[2]


def _kept(grid: Grid, items: list[list[GridRow]], withheld, categories: Mapping[str, str]) -> list[list[GridRow]]:
    """For each project below one total the rows that are shown in its place."""
    hidden = [at for at, item in enumerate(items) if _is_withheld(item[0], withheld)]
    if len(hidden) != 1:
        return [[] if at in hidden else item for at, item in enumerate(items)]
    (only,) = hidden
    category = categories[_uid(items[only][0])]
    together = [at for at, item in enumerate(items) if categories[_uid(item[0])] == category]
    if len(together) == 1:
        category, together = "", list(range(len(items)))
    if len(together) == 1:
        return [[]]
    shown = _merged(grid, [items[at][0] for at in together], category)
    return [[shown] if at == together[0] else [] if at in together else item for at, item in enumerate(items)]


def _merged(grid: Grid, rows: list[GridRow], category: str) -> GridRow:
    """One row with the sums of several; no words of theirs but their category."""
    cells: list = []
    for at, column in enumerate(grid.columns):
        if column.is_text:
            words = {"category": category, "name": TOGETHER.format(category=category, number=len(rows))}
            same = {row.cells[at] for row in rows}
            cells.append(words.get(column.key, same.pop() if column.key == "unit" and len(same) == 1 else ""))
        else:
            cells.append(sum(row.cells[at] or 0 for row in rows) or None)
    first = rows[0]
    key = f"{first.key.rpartition('/')[0]}/together"
    return GridRow(key, "item", tuple(cells), (None,) * len(first.wheres), first.depth)
