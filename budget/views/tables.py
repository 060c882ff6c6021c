"""The tables of the set: all of them, each of them, and what a figure is made of."""

from urllib.parse import urlencode

from django.shortcuts import render
from django.views.decorators.http import require_safe

from budget import comparison
from budget.disclosure import help
from budget.downloads import grids_response
from budget.pages import Place, place_of
from budget.reporting import html, money, registry, remarks
from budget.reporting.grid import Grid
from budget.reporting.sheet import kind_of
from organisation.rights import can

from .lists import file_name

PANEL_LINES = 100
LAST_YEAR = "last-year"


@require_safe
def tables(request, unit, year, stage=None):
    """报表: every table of the set with what it comes to; as a file, the whole book.

    A book in which money stands in no row or column is not given out: 409, and the page says where.
    """
    place = place_of(request, unit, year, stage)
    book = place.book()
    form, is_whole = request.GET.get("format"), not any(grid.misfits for grid in book.grids())
    if form and is_whole:
        return grids_response(book.grids(), form, file_name(place, "部门预算表"), contents=True)
    rows = [
        {"link": link, "amount": _words(total_of(grid), place.unit), "misfits": len(remarks.misfits(grid))}
        for link, grid in zip(place.tables, book.grids(), strict=True)
    ]
    context = {"place": place, "section": "tables", "rows": rows, "is_whole": is_whole}
    return render(request, "budget/tables.html", context, status=409 if form else 200)


@require_safe
def table(request, unit, year, key, stage=None):
    """A table; with row and column the panel of that figure beside it, with fragment the panel alone.

    With compare=last-year last year's figure and the change stand beside the main column, in files too.
    """
    place = place_of(request, unit, year, stage)
    book = place.table_book(key)
    can_compare = comparison.can_be_compared(registry.table_in(place.table_set, key))
    is_compared = can_compare and request.GET.get("compare") == LAST_YEAR
    if is_compared and "fragment" not in request.GET:
        grid = comparison.compared_grid(book, key, comparison.last_year_of(book, place.selection))
    else:
        grid = book.grid(key)
    number = f"{grid.number:02}_{grid.title}"
    if form := request.GET.get("format"):
        return grids_response([grid], form, file_name(place, f"{number}_与上年比较" if is_compared else number))
    address = place.url("table", key)
    kept = {"compare": LAST_YEAR} if is_compared else {}
    context = {
        "place": place,
        "section": "tables",
        "key": key,
        "address": f"{address}?{urlencode(kept)}" if kept else address,
        "canonical": address,
        "can_compare": can_compare,
        "is_compared": is_compared,
        "grid": grid,
        "is_current": stage is None,
    }
    if "row" in request.GET or "column" in request.GET:
        row, column = request.GET.get("row", ""), request.GET.get("column", "")
        figure = place.figure(key, row, column, book)
        context |= {
            "figure": figure,
            "remark_url": _remark_url(request.user, place, f"{key}/{row}/{column}"),
            "lines": figure.first_lines(PANEL_LINES),
            "all_lines": f"{place.url('lines')}?{urlencode({'table': key, 'row': row, 'column': column})}",
        }
        if "fragment" in request.GET:
            return render(request, "budget/panel.html", context)

    def link(row: str, column: str) -> str:
        return f"{address}?{urlencode({**kept, 'row': row, 'column': column})}#panel"

    context["table"] = html.table_of(grid.in_unit(place.unit), link=link, explain=help.explained)
    context["previous"], context["next"] = _neighbours(place, key)
    return render(request, "budget/table.html", context)


def _remark_url(user, place: Place, cell: str) -> str:
    """Where a remark is pinned on the figure, "" for who does not remark; of one unit's budget only."""
    if place.has_several_units or not can(user, "comment", place.budgets[0]):
        return ""
    return f"{place.url('comments')}?{urlencode({'cell': cell, 'unit': place.budgets[0].unit.code})}"


def _neighbours(place: Place, key: str):
    links = place.tables
    at = next(at for at, link in enumerate(links) if link.key == key)
    return (links[at - 1] if at else None), (links[at + 1] if at + 1 < len(links) else None)


def _words(total_fen: int | None, unit: str) -> str:
    if total_fen is None:
        return "—"
    return money.printed(total_fen, unit, thousands=True) or "无数据"


def total_of(grid: Grid) -> int | None:
    """What the table comes to (分): its total row in its first money column. None for one that is not about money."""
    for part in (grid, *(section.grid for section in grid.sections)):
        column = next((at for at, column in enumerate(part.columns) if column.is_money), None)
        if column is None:
            continue
        kinds = ("total", "single", "department", "unit")
        rows = [row for row in part.rows if kind_of(row, part.columns[column].half) in kinds]
        if rows:
            value = rows[-1 if part.half_labels else 0].cells[column]  # side by side the grand total is at the foot
            return value if isinstance(value, int) else 0
    return None
