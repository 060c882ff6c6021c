"""The totals of the grid: declared as predicates, so that the browser adds up the same sums from the same words."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from budget.models import Category, FundSource, Item
from budget.reporting.where import ANYTHING, Predicate, Where

DIMENSIONS = ("category", "item", "function", "economic", "government", "fund", "carried_over")


@dataclass(frozen=True)
class Total:
    """A sum of the grid: over the facts for which `where` holds. `group`: where it is shown."""

    key: str
    label: str
    group: str
    where: Predicate


def declared(items: Iterable[Item], funds: Iterable[FundSource], *, of_project: bool, carried: bool) -> list[Total]:
    """The totals of rows that stand on these items and funds."""
    found = [Total("total", "合计", "total", ANYTHING)]
    if carried:
        found.append(Total("carried_over", "其中：上年结转", "total", Where(carried_over=True)))
    items = list(items)
    if not of_project:
        for code in sorted({item.category for item in items}):
            found.append(Total(f"category:{code}", f"{Category(code).label}小计", "category", Where(category=code)))
    for fund in sorted(funds, key=lambda one: one.code):
        found.append(Total(f"fund:{fund.code}", str(fund), "fund", Where(fund=fund.code)))
    if not of_project:
        found += [Total(f"item:{item.uid.hex}", item.name, "item", Where(item=item.uid.hex)) for item in items]
    return found


def sums(totals: Sequence[Total], facts: Iterable[Sequence]) -> dict[str, int]:
    """The sum (分) of each total over facts: values of DIMENSIONS, then 分. Each distinct tuple is asked once."""
    amounts: dict[tuple, int] = defaultdict(int)
    used = [at for at, name in enumerate(DIMENSIONS) if any(name in total.where.dimensions for total in totals)]
    for *values, fen in facts:
        amounts[tuple(values[at] for at in used)] += fen
    names = [DIMENSIONS[at] for at in used]
    found = dict.fromkeys((total.key for total in totals), 0)
    by_value: dict[tuple[str, object], int] = _by_value(amounts, names)
    for total in totals:
        only = _only_test(total.where)
        if only is not None:
            found[total.key] = by_value.get(only, 0)
        else:
            holds = total.where.compiled(names)
            found[total.key] = sum(fen for values, fen in amounts.items() if holds(values))
    return found


def _by_value(amounts: dict[tuple, int], names: list[str]) -> dict[tuple[str, object], int]:
    """The sums by item: as many totals as there are items would each go through all facts."""
    found: dict[tuple[str, object], int] = defaultdict(int)
    if "item" in names:
        at = names.index("item")
        for values, fen in amounts.items():
            found["item", values[at]] += fen
    return found


def _only_test(where: Predicate) -> tuple[str, object] | None:
    """(item, uid) of a predicate that asks for one item and nothing else."""
    if isinstance(where, Where) and len(where.tests) == 1:
        name, values = where.tests[0]
        if name == "item" and len(values) == 1:
            return name, values[0]
    return None
