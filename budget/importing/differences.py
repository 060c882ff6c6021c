"""What a draft must change to hold exactly the wanted lines: additions, edits, removals for the one writer."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID, uuid4

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
from budget.reporting.collecting import without_collecting

from .columns import FLAGS

DIMENSIONS = ("function_id", "economic_id", "government_id", "fund_id", "carried_over")


@dataclass
class DesiredItem:
    """An item as wanted. `code` or `nature` "": not said, so what is stored stays.

    `uids`: the stored lines that its rows stood for, where the file says so.
    """

    category: str
    name: str
    code: str = ""
    nature: str = ""
    uids: set[UUID] = field(default_factory=set)

    @property
    def key(self) -> tuple[str, str]:
        return self.category, self.name

    @property
    def is_project(self) -> bool:
        return self.category in PROJECT_CATEGORIES


@dataclass(slots=True)
class DesiredLine:
    """A line as wanted, its amount in 分.

    `uid`: the stored line that its row stood for. `flags`: in the order of FLAGS; None: not said, what is stored stays.
    """

    item: DesiredItem
    function: FunctionalClass
    economic: DepartmentEconomicClass
    government: GovernmentEconomicClass
    fund: FundSource
    carried_over: bool
    fen: int
    uid: UUID | None = None
    flags: tuple[bool | None, ...] = (None,) * len(FLAGS)

    @property
    def key(self) -> tuple:
        """Comparable with a stored line's values of DIMENSIONS."""
        return self.function.id, self.economic.id, self.government.id, self.fund.id, self.carried_over


@dataclass
class Desired:
    """A unit's whole list of lines, items in their order."""

    items: list[DesiredItem] = field(default_factory=list)
    lines: list[DesiredLine] = field(default_factory=list)


class Match:
    """Which stored item each wanted one is: by project code, else by category and name, else by the lines of it."""

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
        for item in wanted:
            if item.key not in self.stored and item.uids:
                free = [one for one in stored if one.pk not in taken and one.line_uids & item.uids]
                if free:
                    renamed = max(free, key=lambda one: len(one.line_uids & item.uids))
                    self.stored[item.key] = renamed
                    taken.add(renamed.pk)
        unmatched = [item for item in stored if item.pk not in taken]
        # projects stay with their dossiers, and what had no line is not what a list of lines is about
        self.kept = [item for item in unmatched if item.is_project or not item.line_uids]
        self.removed = [item for item in unmatched if not item.is_project and item.line_uids]

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
    """The draft's items in their order, each with the uids of its lines as `line_uids`. Two queries."""
    items = list(Item.objects.of(budget))
    uids: dict[int, set[UUID]] = defaultdict(set)
    for item, uid in Line.objects.of(budget).order_by().values_list("item_id", "uid"):
        uids[item].add(uid)
    for item in items:
        item.budget = budget
        item.line_uids = uids[item.pk]
    return items


@without_collecting()
def changes(desired: Desired, budget: Budget) -> list[writing.Change]:
    """What makes the draft hold the wanted lines and no others; empty where it already does. Three queries.

    Projects that lose their lines stay, with their dossiers; basic items go with them. What is untouched is no change.
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
    stored = _stored_lines(budget)
    wanted: dict[int, _Stored] = {}
    # By dimensions before by uid: two rows that exchange their codes would, as edits, stand in each other's place.
    for at, line in enumerate(lines):
        item = rows[line.item.key]
        if item.pk and (old := stored.by_key.pop((item.pk, *line.key), None)):
            wanted[at] = old
            del stored.by_uid[old.uid]
    found: list[writing.Change] = []
    for at, line in enumerate(lines):
        item = rows[line.item.key]
        old = wanted.get(at)
        if old is None and item.pk and line.uid in stored.by_uid and stored.by_uid[line.uid].item not in removed_items:
            old = stored.by_uid.pop(line.uid)
        if old is None:
            found.append(writing.Add(_row(item, line)))
        elif values := _edited(old, line, item):
            found.append(writing.Edit(Line, old.uid, old.version, values))
    gone = [
        writing.Remove(Line, old.uid, old.version) for old in stored.by_uid.values() if old.item not in removed_items
    ]
    return [*gone, *found]


class _Stored(NamedTuple):
    """A stored line: what a wanted one is compared with."""

    uid: UUID
    version: int
    amount: Decimal
    flags: tuple[bool, ...]
    item: int
    key: tuple


@dataclass
class _StoredLines:
    by_key: dict[tuple, _Stored]
    by_uid: dict[UUID, _Stored]


def _stored_lines(budget: Budget) -> _StoredLines:
    names = ("uid", "version", "amount", *FLAGS, "item_id", *DIMENSIONS)
    lines = Line.objects.of(budget).order_by("item__position", "pk").values_list(*names)
    flags = 3 + len(FLAGS)
    found = [_Stored(*row[:3], row[3:flags], row[flags], row[flags + 1 :]) for row in lines]
    return _StoredLines({(one.item, *one.key): one for one in found}, {one.uid: one for one in found})


def _edited(old: _Stored, line: DesiredLine, item: Item) -> dict:
    """The fields of a stored line that are to be others."""
    names = ("function", "economic", "government", "fund", "carried_over")
    values = {name: getattr(line, name) for name, was, now in zip(names, old.key, line.key, strict=True) if was != now}
    if old.item != item.pk:
        values["item"] = item
    amount = money.yuan(line.fen)
    if old.amount != amount:
        values["amount"] = amount
    flags = zip(FLAGS, old.flags, line.flags, strict=True)
    return values | {name: now for name, was, now in flags if now is not None and was != now}


LINE_COLUMNS = tuple(field.attname for field in Line._meta.concrete_fields)


def _row(item: Item, line: DesiredLine) -> Line:
    """A new line. Its columns are given in their order: rows given by name take three times as long to make."""
    related = {"item": item}
    related |= {"function": line.function, "economic": line.economic, "government": line.government, "fund": line.fund}
    given = {"id": None, "uid": uuid4(), "version": 1, "origin": ""}
    given |= {f"{name}_id": one.id for name, one in related.items()}
    given |= {"carried_over": line.carried_over, "amount": money.yuan(line.fen)}
    given |= {name: bool(value) for name, value in zip(FLAGS, line.flags, strict=True)}
    row = Line(*[given[name] for name in LINE_COLUMNS])
    row._state.fields_cache.update(related)
    return row
