"""What a figure of a table is made of: the lines behind it, and what is carried out of the year."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.db.models import Count, QuerySet, Sum

from . import sql
from .books import Selection
from .models import FundSource, IncomeEstimate, Line
from .reporting import money
from .reporting.book import Book
from .reporting.grid import Grid, GridRow
from .reporting.where import Predicate


@dataclass(frozen=True)
class CarriedOut:
    """年终结转结余 of a fund in a unit (元): what is estimated to come in, less what is spent of it."""

    unit: str
    fund: FundSource
    carried_over: bool
    estimated: Decimal
    amount: Decimal
    basis: str

    @property
    def spent(self) -> Decimal:
        return self.estimated - self.amount


@dataclass(frozen=True)
class Figure:
    """A figure of a table and everything it is the sum of."""

    grid: Grid
    row: GridRow
    column: str
    lines: QuerySet
    carried_out: tuple[CarriedOut, ...]

    @property
    def amount(self) -> Decimal:
        """As the table has it (元)."""
        return self.grid.amount(self.row.key, self.column)

    def first_lines(self, most: int) -> list[Line]:
        """The first lines with all they are printed with. Where these are all, nothing more needs to be asked."""
        found = list(self.lines.with_dimensions()[: most + 1])
        if len(found) <= most:
            self.__dict__["_lines"] = len(found), sum((line.amount for line in found), Decimal(0))
        return found[:most]

    @cached_property
    def _lines(self) -> tuple[int, Decimal]:
        """How many lines, and their sum (元)."""
        found = self.lines.order_by().aggregate(count=Count("pk"), sum=Sum("amount"))
        return found["count"], found["sum"] or Decimal(0)

    @property
    def line_count(self) -> int:
        return self._lines[0]

    @property
    def sum(self) -> Decimal:
        """As its parts come to (元)."""
        return self._lines[1] + sum((one.amount for one in self.carried_out), Decimal(0))

    @property
    def label(self) -> str:
        """The words that name its row and its column."""
        spec = self.grid.columns[self.grid.column_at(self.column)]
        names = [
            value
            for column, value in zip(self.grid.columns, self.row.cells, strict=True)
            if column.is_text and column.half == spec.half and value
        ]
        return " · ".join([*names[-1:], "，".join(spec.path)])


def figure_of(selection: Selection, book: Book, key: str, row: str, column: str) -> Figure:
    """The figure at a row and a column of a table of the book, or of one of its sections. KeyError if there is none.

    `row`: the key of the row; where two tables stand side by side, its key in the column's half.
    """
    grid, found = _place_of(book.grid(key), row, column)
    source, where = grid.behind(found.key, column)
    return Figure(
        grid=grid,
        row=found,
        column=column,
        lines=Line.objects.of(*selection.budgets).filter(sql.to_q(where)),
        carried_out=tuple(_carried_out(selection, book, where)) if source == "receipts" else (),
    )


def _place_of(grid: Grid, row: str, column: str) -> tuple[Grid, GridRow]:
    for one in (grid, *(section.grid for section in grid.sections)):
        spec = next((spec for spec in one.columns if spec.key == column and spec.where is not None), None)
        try:
            found = one.row(row, spec.half) if spec else None
        except KeyError:
            continue
        if found and found.wheres[spec.half] is not None:
            return one, found
    raise KeyError(f"表 {grid.key} 的 {row}，{column} 不是由明细汇总的")


def _carried_out(selection: Selection, book: Book, where: Predicate):
    facts = book.facts("receipts")
    holds = where.compiled(facts.dimensions)
    at = {name: facts.dimensions.index(name) for name in ("unit", "fund", "carried_over", "spent")}
    found = [fact for fact in facts.rows if not fact[at["spent"]] and holds(fact)]
    if not found:
        return
    rows = IncomeEstimate.objects.filter(budget__in=selection.budgets).select_related("budget__unit", "fund")
    estimates = {(row.budget.unit.code, row.fund.code, row.carried_over): row for row in rows}
    for fact in found:
        estimate = estimates[fact[at["unit"]], fact[at["fund"]], fact[at["carried_over"]]]
        yield CarriedOut(
            unit=estimate.budget.unit_name,
            fund=estimate.fund,
            carried_over=estimate.carried_over,
            estimated=estimate.amount,
            amount=money.yuan(fact[-1]),
            basis=estimate.basis,
        )
