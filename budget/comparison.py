"""Last year beside this year: a table with 上年数, 增减额 and 增减% by declaration, and what is known of last year.

Last year is the organisation's own budget in the system where there is one (the approved one, else the furthest
stage), as a Grid of the same table; else the figures that were typed with their source.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import lru_cache

from django.db.models import Sum

from organisation.models import Unit

from . import sql
from .books import Selection, read_book
from .models import Budget, Line, stage_name, stage_order
from .reporting import money, registry
from .reporting.book import Book
from .reporting.compute import compute
from .reporting.grid import Grid, GridRow
from .reporting.plan import plan_of
from .reporting.spec import (
    Amount,
    AnyTable,
    Change,
    Discovered,
    Group,
    OfWhich,
    Previous,
    Records,
    SideBySide,
    Table,
    Total,
)

PREVIOUS, CHANGE, RATE = "_previous", "_change", "_rate"
KEPT = 64

Cell = tuple[str, str, str]  # table, row, column
_grids: dict[tuple, Grid] = {}  # of budgets in one version each: what they hold does not change


# ---- the declaration


def main_columns(table: Table) -> tuple[str, ...]:
    """The columns that are compared where nothing else is said, by path: the Total of everything, else the first."""
    leaves = plan_of(table).leaves
    totals = [leaf.key for leaf in leaves if isinstance(leaf.spec, Total) and len(leaf.keys) == 1]
    return tuple((totals or [leaf.key for leaf in leaves if isinstance(leaf.spec, (Amount, Total))])[:1])


def can_be_compared(table: AnyTable) -> bool:
    """Whether the table has money in rows that two years may share."""
    if isinstance(table, SideBySide):
        return can_be_compared(table.left) and can_be_compared(table.right)
    return not isinstance(table.rows, Records) and bool(main_columns(table))


@lru_cache(maxsize=256)
def with_last_year(table: AnyTable, columns: tuple[str, ...] | None = None) -> AnyTable:
    """The same table with last year's figure, the change and its rate after each of these columns (by path)."""
    if isinstance(table, SideBySide):
        return replace(table, left=with_last_year(table.left, columns), right=with_last_year(table.right, columns))
    wanted = frozenset(main_columns(table) if columns is None else columns)
    return replace(table, columns=_compared(table.columns, (), wanted))


def _compared(columns: tuple, above: tuple[str, ...], wanted: frozenset[str]) -> tuple:
    found = []
    for column in columns:
        path = ".".join((*above, column.key))
        if isinstance(column, Group):
            inner = _compared(column.columns, (*above, column.key), wanted)
            column = Group(column.key, column.label, *inner, where=column.where)
        found.append(column)
        if path in wanted and isinstance(column, (Amount, Total, OfWhich)):
            found += [
                Previous(f"{column.key}{PREVIOUS}", "上年数", path),
                Change(f"{column.key}{CHANGE}", "增减额", path),
                Change(f"{column.key}{RATE}", "增减%", path, rate=True),
            ]
    return tuple(found)


# ---- what is known


class _Complete(dict):
    """Figures of a whole table: what is not in it was nothing."""

    def get(self, key, default=None):
        return super().get(key, 0)


@dataclass(frozen=True)
class LastYear:
    """What is known of the year before a book's. `selection`: the budgets of that year, if the system has them.

    `before`: the budgets of the year before that one. `also`: cells that will be asked for too, so that the database is
    asked once.
    """

    book: Book
    selection: Selection | None = None
    before: Selection | None = None
    also: tuple[Cell, ...] = ()
    _known: dict[Cell, int] = field(default_factory=dict, init=False, compare=False, repr=False)

    @property
    def source(self) -> str:
        """Where the figures come from, for the note under the table."""
        if self.selection is None:
            return "上年数取自本预算填列的上年数；没有填列的显示“上年数缺”。"
        return f"上年数取自{self.selection.campaign.year}年{stage_name(self.selection.stage)}预算。"

    def grid(self, key: str) -> Grid | None:
        """Last year's budget in this year's form of the table; None where there is no such budget."""
        if self.selection is None:
            return None
        state = (key, self.book.table_set.key, *((one.uid, one.version) for one in self.selection.budgets))
        if state not in _grids:
            if len(_grids) >= KEPT:
                _grids.clear()
            _grids[state] = read_book(self.selection, table_set=self.book.table_set, tables=[key]).grid(key)
        return _grids[state]

    def figures(self, cells: Mapping[Cell, Cell]) -> dict[Cell, int | None]:
        """Last year's figures (分; None: unknown) of sums of lines, each cell with the one it is typed in."""
        if self.selection is None:
            return {cell: self.book.previous(typed[0]).get(typed[1:]) for cell, typed in cells.items()}
        if any(cell not in self._known for cell in cells):
            wanted = [cell for cell in dict.fromkeys((*cells, *self.also)) if cell not in self._known]
            sums = {
                f"sum_{at}": Sum("amount", filter=sql.to_q(self.book.grid(table).behind(row, column)[1]))
                for at, (table, row, column) in enumerate(wanted)
            }
            found = Line.objects.of(*self.selection.budgets).order_by().aggregate(**sums)
            self._known.update({cell: money.fen(found[f"sum_{at}"] or Decimal(0)) for at, cell in enumerate(wanted)})
        return {cell: self._known[cell] for cell in cells}


def last_year_of(book: Book, selection: Selection) -> LastYear:
    """The newest approved budgets of the year before, else those of the furthest stage; with the year before it."""
    organisation, year = selection.organisation, selection.campaign.year
    then = [
        Selection(organisation, budgets[0].campaign, budgets[0].stage, budgets) if budgets else None
        for budgets in _newest_of_years(organisation, (year - 1, year - 2))
    ]
    return LastYear(book, *then)


def newest_of_last_year(organisation: Unit, year: int) -> tuple[Budget, ...]:
    """The budgets of the year before `year` that count: the newest approved, else those of the furthest stage."""
    return _newest_of_years(organisation, (year - 1,))[0]


def _newest_of_years(organisation: Unit, years: Sequence[int]) -> list[tuple[Budget, ...]]:
    """The same of several years, asked for at once."""
    found: dict[int, list[Budget]] = {year: [] for year in years}
    there = Budget.objects.filter(campaign__year__in=years, unit__path__startswith=organisation.path)
    for budget in there.select_related("unit", "campaign__edition").order_by("revision"):
        found[budget.campaign.year].append(budget)
    return [_newest(found[year]) for year in years]


def _newest(found: Sequence[Budget]) -> tuple[Budget, ...]:
    """Of an organisation's budgets of a year those that count."""
    if not found:
        return ()
    approved = [budget.stage for budget in found if budget.state == Budget.State.APPROVED]
    stage = max(approved or [budget.stage for budget in found], key=stage_order)
    newest = {budget.unit_id: budget for budget in found if budget.stage == stage}
    return tuple(sorted(newest.values(), key=lambda budget: budget.unit.path))


# ---- the grid


def compared_grid(book: Book, key: str, last: LastYear) -> Grid:
    """The Grid of a table with last year's columns; rows that only last year had stand where they stood."""
    table = registry.table_in(book.table_set, key)
    derived = with_last_year(table)
    before = last.grid(key)
    halves = (derived.left, derived.right) if isinstance(derived, SideBySide) else (derived,)
    known = {}
    for half in halves:
        prefix = f"{half.key}." if isinstance(derived, SideBySide) else ""
        if before is None:
            known[half.key] = _typed(book.previous(key), prefix)
        else:
            now = book.grid(key)
            known[half.key] = _figures(now, before, half, prefix)
    placed = book.table_set.placed(key)
    grid = compute(derived, replace(book, last_year=known), placed)
    if before is not None and isinstance(derived, Table) and isinstance(derived.rows, Discovered):
        grid = replace(grid, rows=_with_gone_rows(grid, before), _by_key={})
    return replace(grid, notes=(*grid.notes, last.source), _by_key={})


def _typed(figures: Mapping[tuple, int], prefix: str) -> dict[tuple, int]:
    """The typed figures as the table (or the half with that prefix) names its columns."""
    return {
        (row, column.removeprefix(prefix)): amount
        for (row, column), amount in figures.items()
        if column.startswith(prefix)
    }


def _figures(now: Grid, before: Grid, half: Table, prefix: str) -> _Complete:
    """Last year's figures of the main columns under the keys of this year's rows."""
    columns = [leaf.spec.of for leaf in plan_of(half).leaves if isinstance(leaf.spec, Previous)]
    place = next((column.half for column in before.columns if column.key.startswith(prefix)), 0)
    same = _same_rows(now, before, place)
    return _Complete(
        {(key, column): before.fen(same[key], f"{prefix}{column}") for key in same for column in dict.fromkeys(columns)}
    )


def _key(row: GridRow, half: int) -> str:
    return row.key[half] if isinstance(row.key, tuple) else row.key


def _same_rows(now: Grid, before: Grid, half: int = 0) -> dict[str, str]:
    """This year's row key → last year's of the same row: by key, items (whose keys change yearly) by their words."""
    keys = {_key(row, half) for row in before.rows}
    named = {_named(before, row): _key(row, half) for row in before.rows if not row.continues}
    found = {}
    for row in now.rows:
        key = _key(row, half)
        if key and not row.continues:
            other = key if key in keys else named.get(_named(now, row)) if row.kind == "item" else None
            if other is not None:
                found[key] = other
    return found


def _named(grid: Grid, row: GridRow) -> tuple:
    return (row.kind, *(value for column, value in zip(grid.columns, row.cells, strict=True) if column.is_text))


def _with_gone_rows(grid: Grid, before: Grid) -> tuple[GridRow, ...]:
    """The rows with those that only last year had, each after the row that it followed then."""
    same = {other: key for key, other in _same_rows(grid, before).items()}
    after: dict[str | None, list[GridRow]] = {}
    here: str | None = None
    for row in before.rows:
        if row.key in same:
            here = same[row.key]
        elif not row.continues:
            after.setdefault(here, []).append(_gone(grid, before, row))
    rows = list(after.get(None, ()))
    for row in grid.rows:
        rows += [row, *after.get(row.key, ())]
    return tuple(rows)


def _gone(grid: Grid, before: Grid, row: GridRow) -> GridRow:
    """A row of last year in this year's columns: words, last year's figure, and its fall to nothing."""
    words = {column.key: value for column, value in zip(before.columns, row.cells, strict=True) if column.is_text}
    cells: list = []
    for column in grid.columns:
        stem = column.key
        for ending in (PREVIOUS, CHANGE, RATE):
            stem = stem.removesuffix(ending)
        if column.is_text:
            cells.append(words.get(column.key, ""))
        elif column.role in ("previous", "change", "rate"):
            amount = before.fen(row.key, stem)
            was = {"previous": amount or None, "change": -amount or None, "rate": money.rate(0, amount)}
            cells.append(was[column.role])
        else:
            cells.append(None)
    return GridRow(row.key, row.kind, tuple(cells), (None,) * len(row.wheres), row.depth)
