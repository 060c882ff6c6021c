"""The figures a budget is known by over years: this one and those before it, as far as they are known."""

from dataclasses import replace
from typing import NamedTuple

from . import sql
from .charts import Chart, over_years
from .comparison import LastYear
from .headlines import EVERY, FIGURES, Compared
from .reporting.book import Book

YEARS = 3
TOTALS = tuple(one for one in FIGURES if one.now[0] == "expenditure")
THREE_PUBLIC = tuple(one for one in EVERY if one.now[0] == "three_public")


class Series(NamedTuple):
    """A figure over years, the newest last: (year, 分), None where it is not known. `key`: its cell."""

    key: str
    label: str
    values: tuple[tuple[int, int | None], ...]


def key_of(one: Compared) -> str:
    return "/".join(one.now)


def series_of(book: Book, last: LastYear) -> tuple[Series, ...]:
    """Every figure whose table the set has, of this year and the two before it."""
    placed = [one for one in EVERY if book.table_set.placed(one.now[0])]
    cells = {one.now: one.before for one in placed}
    known: list[dict] = [{one.now: book.grid(one.now[0]).fen(*one.now[1:]) for one in placed}]
    before: LastYear | None = last
    while len(known) < YEARS and before is not None:
        known.append(before.figures(cells))
        before = _before(book, before) if len(known) < YEARS else None
    known += [{}] * (YEARS - len(known))
    return tuple(
        Series(key_of(one), one.label, tuple((book.year - at, known[at].get(one.now)) for at in reversed(range(YEARS))))
        for one in placed
    )


def _before(book: Book, last: LastYear) -> LastYear | None:
    """What is known of the year before that; None where last year's budget is not in the system."""
    if last.selection is None:
        return None
    if last.before is not None:
        return LastYear(book, last.before)
    known: dict[str, dict[tuple, int]] = {}
    for table, row, column, amount in sql.typed([budget.pk for budget in last.selection.budgets]).last_year:
        figures = known.setdefault(table, {})
        figures[row, column] = figures.get((row, column), 0) + amount
    return LastYear(replace(book, last_year=known))


def charts_of(series: tuple[Series, ...]) -> list[Chart]:
    """Totals and 三公 over the years."""
    values = {one.key: dict(one.values) for one in series}
    return [
        over_years(key, title, ((one.label, values[key_of(one)]) for one in figures if key_of(one) in values))
        for key, title, figures in (
            ("totals", "近年支出", TOTALS),
            ("three_public", "近年“三公”经费", THREE_PUBLIC),
        )
    ]
