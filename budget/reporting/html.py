"""A Grid as plain data for the one template that marks it up, `templates/reporting/table.html`.

Every class and span is decided here and everything is text: the template escapes it and decides nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass

from . import money, remarks
from .checked import checked
from .grid import Grid, GridColumn, GridRow, Value
from .sheet import body_merges, code_columns, kind_of

LEVELS = {"total": "row-total", "department": "row-unit", "unit": "row-unit", "of_which": "row-ofwhich"}
MADE_OF_FACTS = ("amount", "of_which", "total")

Link = Callable[[str, str], str | None]
Explain = Callable[[str, GridColumn], tuple[str, str] | None]


@dataclass(frozen=True)
class HtmlHeader:
    """A header cell: `scope` is col or colgroup, `css` its level `lvl-0`… from the top, `column` its first column.

    `title`: what the column means, at the element `described` of the page.
    """

    text: str
    rowspan: int
    colspan: int
    scope: str
    css: str
    column: int
    title: str = ""
    described: str = ""


@dataclass(frozen=True)
class HtmlHelp:
    """What a column means and where its figures come from, under the element id `anchor`."""

    anchor: str
    label: str
    means: str
    source: str


@dataclass(frozen=True)
class HtmlCell:
    """A body cell. `key`: the row's key (in its half) and the column's; `href`, `label`: of a figure that opens."""

    text: str
    css: str
    rowspan: int
    key: tuple[str, str]
    heads_row: bool = False
    href: str | None = None
    label: str = ""


@dataclass(frozen=True)
class HtmlRow:
    css: str
    cells: tuple[HtmlCell, ...]


@dataclass(frozen=True)
class HtmlTable:
    """What the template prints; `sections` are tables of their own, above it."""

    key: str
    title: str
    organisation: str
    unit: str
    header: tuple[tuple[HtmlHeader, ...], ...]
    rows: tuple[HtmlRow, ...]
    sections: tuple["HtmlTable", ...]
    statement: str
    misfit_heading: str
    misfits: tuple[str, ...]
    notes: tuple[str, ...]
    help: tuple[HtmlHelp, ...] = ()  # of all its columns, those of its sections too


def table_of(
    grid: Grid, *, link: Link | None = None, thousands: bool = True, explain: Explain | None = None
) -> HtmlTable:
    """The table in the grid's unit. `link(row key, column key)` is the address behind a figure, or None.

    `explain(table key, column)` is what is said of a column: (meaning, source), or None.
    Side by side the row key is that of the figure's half. `thousands` separates them on screen whatever the set prints.
    """
    return _table(checked(grid), grid.title, link, thousands, explain)


def _table(
    grid: Grid, title: str, link: Link | None, thousands: bool, explain: Explain | None, part: bool = False
) -> HtmlTable:
    sections = tuple(_table(one.grid, one.label, link, thousands, explain, part=True) for one in grid.sections)
    help_by_column = _help(grid, explain) if explain else {}
    return HtmlTable(
        key=grid.key,
        title=title,
        organisation=f"{grid.organisation_label}：{grid.organisation}" if grid.organisation else "",
        unit=f"单位：{grid.unit}" if any(column.is_money for column in grid.columns) else "",
        header=tuple(_header(row, grid, help_by_column) for row in grid.header_rows()),
        rows=tuple(_rows(grid, link, thousands)),
        sections=sections,
        statement="" if part else remarks.statement(grid),
        misfit_heading="" if part else remarks.misfit_heading(grid),
        misfits=() if part else tuple(remarks.misfit_lines(grid)),
        notes=grid.notes,
        help=(*(one for section in sections for one in section.help), *help_by_column.values()),
    )


def _help(grid: Grid, explain: Explain) -> dict[int, HtmlHelp]:
    """Column → its help."""
    found = {}
    for at, column in enumerate(grid.columns):
        said = explain(grid.key, column)
        if said:
            anchor = f"help-{grid.key}-{column.key.replace('.', '-')}"
            found[at] = HtmlHelp(anchor, " · ".join(column.path), *said)
    return found


def _header(cells, grid: Grid, help_by_column: dict[int, HtmlHelp]) -> tuple[HtmlHeader, ...]:
    def said(cell) -> dict[str, str]:
        one = help_by_column.get(cell.column)
        is_leaf = cell.colspan == 1 and cell.text == grid.columns[cell.column].path[-1]
        return {"title": one.means, "described": one.anchor} if one and is_leaf else {}

    return tuple(
        HtmlHeader(
            text=cell.text,
            rowspan=cell.rowspan,
            colspan=cell.colspan,
            scope="colgroup" if cell.colspan > 1 else "col",
            css=f"lvl-{cell.row}",
            column=cell.column,
            **said(cell),
        )
        for cell in cells
    )


def _rows(grid: Grid, link: Link | None, thousands: bool):
    spans = {(merge.row, merge.column): merge.rows for merge in body_merges(grid)}
    covered = {(row, at) for (first, at), rows in spans.items() for row in range(first + 1, first + rows)}
    codes = code_columns(grid)
    for index, row in enumerate(grid.rows):
        names = _names(grid, row)
        levels = [LEVELS.get(kind_of(row, half), "") for half in _halves(row)]
        common = levels[0] if len(set(levels)) == 1 else ""
        cells = []
        for at, column in enumerate(grid.columns):
            if (index, at) in covered:
                continue
            value, key = row.cells[at], (_row_key(row, column.half), column.key)
            text = grid.printed(value, thousands=thousands)
            # halves of different levels: each cell bears its own
            level = "" if common else LEVELS.get(kind_of(row, column.half), "")
            href = link(*key) if link and _can_be_opened(row, column, value) else None
            name = f"{grid.printed(row.cells[names[column.half]])}，" if column.half in names else ""
            cells.append(
                HtmlCell(
                    text=text,
                    css=" ".join(filter(None, (_css(column, value, at in codes), level))),
                    rowspan=spans.get((index, at), 1),
                    key=key,
                    heads_row=bool(names) and at == min(names.values()),
                    href=href,
                    label=f"{name}{'，'.join(column.path)}：{text}{grid.unit}，查看明细" if href else "",
                )
            )
        yield HtmlRow(common, tuple(cells))


def _css(column: GridColumn, value: Value, is_code: bool) -> str:
    if column.is_text:
        return "code" if is_code else ""
    if value == money.UNKNOWN:
        return "num none"
    negative = value < 0 if isinstance(value, int) else (value or "").startswith("-")
    return "num neg" if negative else "num"


def _can_be_opened(row: GridRow, column: GridColumn, value: Value) -> bool:
    """Whether a figure is made of facts, not of other figures."""
    return bool(value) and column.role in MADE_OF_FACTS and row.wheres[column.half] is not None


def _halves(row: GridRow) -> tuple[int, ...]:
    """The halves of the table that this row has something in."""
    return tuple(half for half, key in enumerate(row.key) if key) if isinstance(row.key, tuple) else (0,)


def _row_key(row: GridRow, half: int) -> str:
    return row.key[half] if isinstance(row.key, tuple) else row.key


def _names(grid: Grid, row: GridRow) -> dict[int, int]:
    """For each half the column of the words that name the row: its last ones before the first figure."""
    names: dict[int, int] = {}
    past = set()
    for at, column in enumerate(grid.columns):
        if not column.is_text:
            past.add(column.half)
        elif row.cells[at] and not column.merge and column.half not in past:
            names[column.half] = at
    return names
