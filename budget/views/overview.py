"""A budget's own page: four figures, what changed since last year, its tables, what is missing."""

from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urlencode

from django.shortcuts import render
from django.views.decorators.http import require_safe

from budget.pages import Place, place_of
from budget.reporting import money
from budget.reporting.book import Book


class Compared(NamedTuple):
    """A cell of a table (table, row, column), and the cell of last year's tables that it is compared with."""

    label: str
    now: tuple[str, str, str]
    before: tuple[str, str, str]


FIGURES = (
    Compared("支出总计", ("expenditure", "total", "total"), ("revenue_and_expenditure", "total", "expenditure.amount")),
    Compared("基本支出", ("expenditure", "total", "basic.total"), ("expenditure", "total", "basic.total")),
    Compared("项目支出", ("expenditure", "total", "project.total"), ("expenditure", "total", "project.total")),
    Compared("“三公”经费", ("three_public", "total", "total"), ("three_public", "total", "total")),
)
OPERATING = Compared(
    "机关（机构）运行经费",
    ("agency_operating", "total", "operating.total"),
    ("agency_operating", "total", "operating.total"),
)


@dataclass(frozen=True)
class Headline:
    """A figure in the person's unit, with last year's where it is known."""

    label: str
    amount: str
    before: str
    change: str
    falls: bool
    url: str


@require_safe
def overview(request, unit, year, stage=None):
    """首页 of a budget."""
    place = place_of(request, unit, year, stage)
    placed = [one for one in (*FIGURES, OPERATING) if place.table_set.placed(one.now[0])]
    book = place.book({one.now[0] for one in placed})
    headlines = {one: _headline(place, book, one) for one in placed}
    return render(
        request,
        "budget/overview.html",
        {
            "place": place,
            "section": "overview",
            "operating": headlines.pop(OPERATING, None),
            "figures": list(headlines.values()),
            "is_current": stage is None,
        },
    )


def _headline(place: Place, book: Book, compared: Compared) -> Headline:
    table, row, column = compared.now
    now = book.grid(table).fen(row, column)
    before = book.previous(compared.before[0]).get(compared.before[1:])
    return Headline(
        label=compared.label,
        amount=money.printed(now, place.unit, thousands=True) or "0.00",
        before=money.UNKNOWN if before is None else money.printed(before, place.unit, thousands=True) or "0.00",
        change="" if before is None else _change(now, before, place.unit),
        falls=before is not None and now < before,
        url=f"{place.url('table', table)}?{urlencode({'row': row, 'column': column})}#panel" if now else "",
    )


def _change(now: int, before: int, unit: str) -> str:
    """In words with the sign in them: 增加 150.79（62.12%）."""
    if now == before:
        return "与上年持平"
    if before == 0:
        return money.NEW
    word, difference = "增加" if now > before else "减少", abs(now - before)
    return f"{word} {money.printed(difference, unit, thousands=True)}（{money.percent(difference, before)}）"
