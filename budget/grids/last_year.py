"""What the same line had last year: same item (by project code, else by category and name), same codes, same fund."""

from collections import defaultdict
from dataclasses import dataclass, field

from budget.comparison import newest_of_last_year
from budget.entry.draft import Draft
from budget.models import BASIC_CATEGORIES, Item, Line
from budget.reporting import money

LineCodes = tuple  # function, economic, government, fund (codes), carried over
COLUMNS = (
    "item__category",
    "item__name",
    "item__code",
    "function__code",
    "economic__code",
    "government__code",
    "fund__code",
    "carried_over",
    "amount",
)


@dataclass
class LastYearLines:
    """Last year's lines in 分. `is_known`: whether the system has a budget of that year at all."""

    is_known: bool = False
    by_code: dict[tuple, int] = field(default_factory=lambda: defaultdict(int))
    by_name: dict[tuple, int] = field(default_factory=lambda: defaultdict(int))
    codes: set[str] = field(default_factory=set)

    def fen(self, category: str, name: str, code: str, codes: LineCodes) -> int | None:
        """None where nothing is known of last year; 0 where there was no such line."""
        if not self.is_known:
            return None
        if code and code in self.codes:
            return self.by_code.get((code, *codes), 0)
        return self.by_name.get((category, name, *codes), 0)


def last_year_lines(draft: Draft, project: Item | None) -> LastYearLines:
    """Last year's lines of the unit: its basic spending, or what may be the project's. Two queries."""
    budget = draft.budget
    before = newest_of_last_year(budget.unit, budget.year)
    found = LastYearLines(is_known=bool(before))
    lines = Line.objects.of(*(one for one in before if one.unit_id == budget.unit_id))
    if project is None:
        lines = lines.filter(item__category__in=BASIC_CATEGORIES)
    else:
        same_name = lines.filter(item__category=project.category, item__name=project.name)
        lines = same_name | lines.filter(item__code=project.code) if project.code else same_name
    for category, name, code, *codes, amount in lines.order_by().values_list(*COLUMNS):
        fen = money.fen(amount)
        found.by_name[category, name, *codes] += fen
        if code:
            found.codes.add(code)
            found.by_code[code, *codes] += fen
    return found
