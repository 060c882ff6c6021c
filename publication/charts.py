"""The charts of what is disclosed: those of the budget, with the projects as they are published."""

from collections.abc import Iterable

from budget import charts, series
from budget.charts import Chart
from budget.reporting.book import Book
from budget.reporting.grid import Grid
from budget.series import Series


def charts_of(
    book: Book, grids: Iterable[Grid], classes: dict[str, str], known: tuple[Series, ...]
) -> tuple[Chart, ...]:
    """Those that have something to show and whose tables the set has. `classes`: code of a 类 → its name."""
    found = [charts.by_function(book, classes), charts.by_part(book), charts.by_economic(book)]
    found += [_projects(grid) for grid in grids if grid.key == "projects"]
    found += [*series.charts_of(known), charts.by_execution(book)]
    return tuple(chart for chart in found if chart.slices)


def _projects(grid: Grid) -> Chart:
    """As they are disclosed: those that are left out come with the rest."""
    name, total = grid.column_at("name"), grid.column_at("total")
    rows = [(row.cells[name], row.cells[total] or 0, "") for row in grid.rows if row.kind == "item"]
    return charts.by_project(rows, grid.fen("total", "total"))
