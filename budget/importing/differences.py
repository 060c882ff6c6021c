"""What a draft must change to hold exactly the wanted lines: additions, edits, removals for the one writer."""

from collections import Counter
from dataclasses import dataclass, field

from budget import writing
from budget.models import (
    PROJECT_CATEGORIES,
    Budget,
    DepartmentEconomicClass,
    FunctionalClass,
    FundSource,
    GovernmentEconomicClass,
    Item,
    Line,
)
from budget.reporting import money

DIMENSIONS = ("function_id", "economic_id", "government_id", "fund_id", "carried_over")


@dataclass
class DesiredItem:
    """An item as wanted. `code` or `nature` "": not said, so what is stored stays."""

    category: str
    name: str
    code: str = ""
    nature: str = ""

    @property
    def key(self) -> tuple[str, str]:
        return self.category, self.name

    @property
    def is_project(self) -> bool:
        return self.category in PROJECT_CATEGORIES


@dataclass
class DesiredLine:
    """A line as wanted, its amount in 分."""

    item: DesiredItem
    function: FunctionalClass
    economic: DepartmentEconomicClass
    government: GovernmentEconomicClass
    fund: FundSource
    carried_over: bool
    fen: int

    @property
    def key(self) -> tuple:
        """Comparable with a stored line's values of DIMENSIONS."""
        return self.function.pk, self.economic.pk, self.government.pk, self.fund.pk, self.carried_over


@dataclass
class Desired:
    """A unit's whole list of lines, items in their order."""

    items: list[DesiredItem] = field(default_factory=list)
    lines: list[DesiredLine] = field(default_factory=list)


class Match:
    """Which stored item each wanted one is: by project code first, else by category and name."""

    def __init__(self, wanted: list[DesiredItem], stored: list[Item]):
        by_code = {item.code: item for item in stored if item.code}
        by_name = {(item.category, item.name): item for item in stored}
        self.stored: dict[tuple[str, str], Item] = {}
        for item in wanted:
            if item.code in by_code:
                self.stored[item.key] = by_code[item.code]
        taken = {item.pk for item in self.stored.values()}
        for item in wanted:
            same = by_name.get(item.key)
            if item.key not in self.stored and same is not None and same.pk not in taken:
                self.stored[item.key] = same
                taken.add(same.pk)
        unmatched = [item for item in stored if item.pk not in taken]
        self.kept = [item for item in unmatched if item.is_project]  # without lines, with their dossiers
        self.removed = [item for item in unmatched if not item.is_project]

    def clash(self, wanted: DesiredItem) -> Item | None:
        """The project that stays in the draft although it has this item's name or code."""
        return next(
            (
                item
                for item in self.kept
                if (item.category, item.name) == wanted.key or (wanted.code and item.code == wanted.code)
            ),
            None,
        )


def stored_items(budget: Budget) -> list[Item]:
    """The draft's items in their order."""
    items = list(Item.objects.of(budget))
    for item in items:
        item.budget = budget
    return items


def changes(desired: Desired, budget: Budget) -> list[writing.Change]:
    """What makes the draft hold the wanted lines and no others; empty where it already does. Two queries.

    Projects that lose their lines stay, with their dossiers; basic items go. What is untouched is no change.
    """
    match = Match(desired.items, stored_items(budget))
    found: list[writing.Change] = [writing.Remove(Item, item.uid, item.version) for item in match.removed]
    rows: dict[tuple[str, str], Item] = {}
    places = _positions(desired.items, match)
    for wanted in desired.items:
        item = match.stored.get(wanted.key)
        values = _values(wanted, item, places[wanted.key])
        if item is None:
            item = Item(budget=budget, **values)
            found.append(writing.Add(item))
        elif values := {name: value for name, value in values.items() if getattr(item, name) != value}:
            found.append(writing.Edit(Item, item.uid, item.version, values))
        rows[wanted.key] = item
    for item, position in _kept_positions(match, places):
        found.append(writing.Edit(Item, item.uid, item.version, {"position": position}))
    found.extend(_line_changes(desired.lines, rows, {item.pk for item in match.removed}, budget))
    return found


def apply(desired: Desired, budget: Budget, *, by, address: str | None = None) -> writing.Written:
    """Make the draft hold the wanted lines. Raises writing.Conflicted if the draft has moved on since it was read."""
    wanted = changes(desired, budget)
    return writing.write(budget, wanted, by=by, via="import", seen=budget.version, address=address)


def counted(rows: list) -> Counter:
    """Rows of a write by model."""
    return Counter(type(row) for row in rows)


def _values(wanted: DesiredItem, stored: Item | None, position: int) -> dict:
    values = {"category": wanted.category, "name": wanted.name, "position": position}
    if wanted.code or stored is None:
        values["code"] = wanted.code
    if wanted.nature:
        values["nature"] = wanted.nature
    return values


def _positions(wanted: list[DesiredItem], match: Match) -> dict[tuple[str, str], int]:
    """Each item's position: as stored where the stored order is the wanted one and new items follow, else 1, 2, 3…"""
    old = [match.stored[item.key] for item in wanted if item.key in match.stored]
    ranks = [(item.position, item.pk) for item in old]
    new_ones_follow = all(item.key in match.stored for item in wanted[: len(old)])
    if new_ones_follow and ranks == sorted(ranks):
        last = max((item.position for item in (*old, *match.kept)), default=0)
        added = {item.key: last + at for at, item in enumerate(wanted[len(old) :], 1)}
        return added | {key: item.position for key, item in match.stored.items()}
    return {item.key: at for at, item in enumerate(wanted, 1)}


def _kept_positions(match: Match, places: dict[tuple[str, str], int]) -> list[tuple[Item, int]]:
    """Projects without lines come last when the others are numbered anew."""
    if all(places[key] == item.position for key, item in match.stored.items()):
        return []
    last = max(places.values(), default=0)
    ordered = sorted(match.kept, key=lambda item: (item.position, item.pk))
    return [(item, last + at) for at, item in enumerate(ordered, 1) if item.position != last + at]


def _line_changes(
    lines: list[DesiredLine], rows: dict[tuple[str, str], Item], removed_items: set[int], budget: Budget
) -> list[writing.Change]:
    stored = {
        (item, *key): (uid, version, amount)
        for uid, version, amount, item, *key in Line.objects.of(budget)
        .order_by("item__position", "pk")
        .values_list("uid", "version", "amount", "item_id", *DIMENSIONS)
    }
    found: list[writing.Change] = []
    for line in lines:
        item = rows[line.item.key]
        amount = money.yuan(line.fen)
        old = stored.pop((item.pk, *line.key), None) if item.pk else None
        if old is None:
            found.append(writing.Add(_row(item, line, amount)))
        elif old[2] != amount:
            found.append(writing.Edit(Line, old[0], old[1], {"amount": amount}))
    gone = [
        writing.Remove(Line, uid, version)
        for (item, *_), (uid, version, _) in stored.items()
        if item not in removed_items
    ]
    return [*gone, *found]


def _row(item: Item, line: DesiredLine, amount) -> Line:
    return Line(
        item=item,
        function=line.function,
        economic=line.economic,
        government=line.government,
        fund=line.fund,
        carried_over=line.carried_over,
        amount=amount,
    )
