"""The figures a budget is known by, each with last year's where it is known."""

from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urlencode

from .comparison import Cell, LastYear
from .pages import Place
from .reporting import money
from .reporting.book import Book
from .reporting.spec import TableSet


class Compared(NamedTuple):
    """A cell of a table, and the cell of last year's tables that it is compared with.

    `topic`: under which the reason for its change is written.
    """

    label: str
    now: Cell
    before: Cell
    topic: str = ""


def _same(label: str, *cell: str, topic: str = "") -> Compared:
    return Compared(label, cell, cell, topic)


FIGURES = (
    Compared(
        "支出总计",
        ("expenditure", "total", "total"),
        ("revenue_and_expenditure", "total", "expenditure.amount"),
        "total",
    ),
    _same("基本支出", "expenditure", "total", "basic.total"),
    _same("项目支出", "expenditure", "total", "project.total"),
    _same("“三公”经费", "three_public", "total", "total"),
)
OPERATING = _same("机关（机构）运行经费", "agency_operating", "total", "operating.total", topic="operating")
# whose change is explained in the text
EXPLAINED = (
    FIGURES[0],
    OPERATING,
    _same("因公出国（境）费", "three_public", "total", "abroad", topic="abroad"),
    _same("公务用车购置费", "three_public", "total", "vehicles.purchase", topic="vehicle_purchase"),
    _same("公务用车运行费", "three_public", "total", "vehicles.running", topic="vehicle_running"),
    _same("公务接待费", "three_public", "total", "reception", topic="reception"),
)
EVERY = tuple(dict.fromkeys((*FIGURES, *EXPLAINED)))


@dataclass(frozen=True)
class Headline:
    """A figure (分) with last year's (None: not known), as the person reads them."""

    label: str
    now: int
    before: int | None
    unit: str
    url: str
    topic: str = ""

    @property
    def amount(self) -> str:
        return money.printed(self.now, self.unit, thousands=True) or "0.00"

    @property
    def was(self) -> str:
        return money.UNKNOWN if self.before is None else money.printed(self.before, self.unit, thousands=True) or "0.00"

    @property
    def change(self) -> str:
        """In words with the sign in them: 增加 150.79（62.12%）."""
        if self.before is None:
            return ""
        if self.now == self.before:
            return "与上年持平"
        if self.before == 0:
            return money.NEW
        word, difference = "增加" if self.now > self.before else "减少", abs(self.now - self.before)
        rate = money.percent(difference, self.before)
        return f"{word} {money.printed(difference, self.unit, thousands=True)}（{rate}）"

    @property
    def falls(self) -> bool:
        return self.before is not None and self.now < self.before

    @property
    def has_changed(self) -> bool:
        return self.before is not None and self.now != self.before


def tables_of(table_set: TableSet) -> set[str]:
    """The tables that the figures of a set are read from."""
    return {one.now[0] for one in EVERY if table_set.placed(one.now[0])}


def headlines(place: Place, book: Book, last: LastYear) -> dict[Compared, Headline]:
    """Every figure whose table the set has; last year's are asked for once."""
    placed = [one for one in EVERY if place.table_set.placed(one.now[0])]
    before = last.figures({one.now: one.before for one in placed})
    found = {}
    for one in placed:
        table, row, column = one.now
        now = book.grid(table).fen(row, column)
        url = f"{place.url('table', table)}?{urlencode({'row': row, 'column': column})}#panel" if now else ""
        found[one] = Headline(one.label, now, before[one.now], place.unit, url, one.topic)
    return found
