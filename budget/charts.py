"""Quiet bars: what the money is spent on, by function and by project, each a row of a table."""

from collections import defaultdict
from dataclasses import dataclass
from urllib.parse import urlencode

from .models import PROJECT_CATEGORIES
from .models.classifications import UNSPECIFIED_FUNCTION
from .pages import Place
from .reporting import money
from .reporting.book import Book

FULL = 1000  # the length of the longest bar
MOST = 10
TABLES = ("expenditure", "basic_items")  # whose sources the bars are drawn from
CLASS = 3  # digits of a 类


@dataclass(frozen=True)
class Bar:
    label: str
    code: str
    amount: str
    share: str
    length: int
    url: str = ""


def by_function(place: Place, book: Book) -> list[Bar]:
    """Spending by 类, in the order of the classification, in the words of the set."""
    sums: dict[str, int] = defaultdict(int)
    for (code,), amount in book.sums("lines", {"function"}).amounts.items():
        sums["" if code == UNSPECIFIED_FUNCTION else code[:CLASS]] += amount
    names = {code: label.split("、", 1)[-1] for code, label in place.table_set.function_classes}
    found = [
        (names.get(code, code) or "未细化", code, amount, f"{place.url('lines')}?{urlencode({'function': code})}")
        for code, amount in sorted(sums.items(), key=lambda one: (not one[0], one[0]))
    ]
    return _bars(place, found)


def by_project(place: Place, book: Book) -> list[Bar]:
    """The largest projects, and what the others come to."""
    sums = book.sums("items", {"item", "category"})
    at = {name: sums.dimensions.index(name) for name in ("item", "category")}
    rows = [
        (amount, book.member("item", values[at["item"]]), values[at["item"]])
        for values, amount in sums.amounts.items()
        if values[at["category"]] in PROJECT_CATEGORIES
    ]
    rows.sort(key=lambda row: (-row[0], row[1].sort))
    found = [(item.name, "", amount, place.url("project", uid)) for amount, item, uid in rows[:MOST]]
    if rest := rows[MOST:]:
        total = sum([amount for amount, _, _ in rest])
        found.append((f"其余 {len(rest)} 个项目", "", total, place.url("projects")))
    return _bars(place, found)


def _bars(place: Place, found) -> list[Bar]:
    whole, longest = sum(amount for _, _, amount, _ in found), max((one[2] for one in found), default=0)
    return [
        Bar(
            label=label,
            code=code,
            amount=money.printed(amount, place.unit, thousands=True),
            share=money.percent(amount, whole),
            length=max(1, amount * FULL // longest),
            url=url,
        )
        for label, code, amount, url in found
    ]
