"""A budget brought into a draft: what is added, what is taken away, what needs a decision."""

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import models, transaction

from budget import writing
from budget.models import (
    BASIC_CATEGORIES,
    PROJECT_CATEGORIES,
    Budget,
    BudgetOwned,
    ClassificationCode,
    DraftRow,
    Item,
    ItemRow,
    Line,
    Origin,
)
from budget.owned import problems_of, rows_of
from budget.reporting import money

from .codes import Codes
from .draft_rows import draft_row, waiting_items
from .parts import parts

STRUCTURE, AMOUNTS, PERCENT = "structure", "amounts", "percent"
LINES = {"basic": BASIC_CATEGORIES, "projects": PROJECT_CATEGORIES}  # parts that are items with their lines
DIMENSIONS = ("function", "economic", "government", "fund")
NO_AMOUNT = "请填写金额。"


@dataclass(frozen=True)
class Choice:
    """What a person chose. `share`: hundredths of a percent, for PERCENT. `replace`: else only what is missing."""

    parts: frozenset[str]
    way: str = AMOUNTS
    share: int = 0
    replace: bool = False


@dataclass(frozen=True)
class Open:
    """A line that could not become one: its item, the amount it would have had (元), what is to be decided."""

    item: str
    amount: Decimal | None
    reason: str


@dataclass
class Outcome:
    """What bringing it over does. Counts by the models' names in Chinese; amounts in 元."""

    written: writing.Written
    before: Decimal = Decimal(0)  # of the lines in the source that were chosen
    after: Decimal = Decimal(0)  # of the lines added
    open: list[Open] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)

    @property
    def counts(self) -> list[tuple[str, int, int]]:
        """(what, how many are added, how many removed)."""
        added, removed = (Counter(type(row) for row in rows) for rows in (self.written.added, self.written.removed))
        return [(model._meta.verbose_name, added[model], removed[model]) for model in added | removed]


class Copying:
    """The changes that bring `source` into the draft `target`. A constant number of queries."""

    def __init__(self, source: Budget, target: Budget, choice: Choice):
        self.source, self.target, self.choice = source, target, choice
        self.codes = Codes(target.campaign.edition)
        self.changes: list[writing.Change] = []
        self.items: dict[int, Item] = {}  # id of the source's item → the target's
        self.found_there: set[int] = set()  # ids of source items that the target had already
        self.clashing: set[int] = set()  # … that would be one with another of its items
        self.outcome = Outcome(writing.Written(target))
        self._there: dict[type, list] = {}
        self._amounts: dict[int, Decimal] = {}

    # ---- what parts ask

    @property
    def is_unchanged(self) -> bool:
        return self.choice.way == AMOUNTS

    def amount(self, amount: Decimal) -> Decimal | None:
        """An amount (元) as it is brought over; None where amounts are not."""
        if self.choice.way == STRUCTURE:
            return None
        share = self.choice.share if self.choice.way == PERCENT else 0
        return money.yuan(money.changed(money.fen(amount), share, self.target.campaign.entry_step))

    def spent(self, item: Item) -> Decimal:
        """What the source's item comes to (元)."""
        if not self._amounts:
            sums = Line.objects.of(self.source).order_by().values_list("item").annotate(models.Sum("amount"))
            self._amounts = dict(sums)
        return self._amounts.get(item.pk) or Decimal(0)

    # ---- working it out

    def work_out(self) -> list[writing.Change]:
        categories = {one for key, codes in LINES.items() if key in self.choice.parts for one in codes}
        items = list(Item.objects.of(self.source))
        if self.choice.replace:
            self._clear(categories)
        self._match(items)
        self._add_items([item for item in items if item.category in categories])
        self._add_lines(categories)
        for part in parts().values():
            if part.key in self.choice.parts:
                for model in part.models:
                    self._add_rows(model, part.adapt)
        return self.changes

    def _clear(self, categories: set[str]) -> None:
        gone = [item for item in self._rows_there(Item) if item.category in categories]
        self._there[Item] = [item for item in self._rows_there(Item) if item.category not in categories]
        self._take_away(Item, gone)
        lost = {item.pk for item in gone}
        self._there[Line] = [line for line in self._rows_there(Line) if line.item_id not in lost]
        if categories:
            self._take_away(DraftRow, self._rows_there(DraftRow))
            self._there[DraftRow] = []
        for part in parts().values():
            for model in part.models if part.key in self.choice.parts else ():
                on_items = issubclass(model, ItemRow)
                self._take_away(
                    model, [row for row in self._rows_there(model) if not on_items or row.item_id not in lost]
                )
                self._there[model] = []

    def _take_away(self, model: type[BudgetOwned], rows: list) -> None:
        self.changes.extend(writing.Remove(model, row.uid, row.version) for row in rows)

    def _rows_there(self, model: type[BudgetOwned]) -> list:
        if model not in self._there:
            self._there[model] = list(rows_of(model, self.target, related=False))
        return self._there[model]

    def _match(self, items: list[Item]) -> None:
        """Which of the target's items each of the source's is: the same uid, code, or category and name."""
        there = self._rows_there(Item)
        by_uid = {item.uid: item for item in there}
        by_code = {item.code: item for item in there if item.code}
        by_name = {(item.category, item.name): item for item in there}
        taken: set[int] = set()
        for item in items:
            same = by_uid.get(item.uid) or by_code.get(item.code) or by_name.get((item.category, item.name))
            if same is not None and same.pk in taken:
                self.clashing.add(item.pk)
                self.outcome.kept.append(f"“{item.name}”没有带入：本稿的“{same.name}”与它同名或同编码，是另一项目。")
            elif same is not None:
                taken.add(same.pk)
                same.budget = self.target
                self.items[item.pk] = same
                self.found_there.add(item.pk)

    def _add_items(self, items: list[Item]) -> None:
        last = max((item.position for item in self._rows_there(Item)), default=0)
        for at, item in enumerate((one for one in items if one.pk not in self.found_there | self.clashing), 1):
            row = self._copied(item)
            row.position = last + at
            self.items[item.pk] = row
            self.changes.append(writing.Add(row))

    def _add_lines(self, categories: set[str]) -> None:
        with_lines = {line.item_id for line in self._rows_there(Line)}
        waiting = waiting_items(self._rows_there(DraftRow))
        position = max((row.position for row in self._rows_there(DraftRow)), default=0)
        kept = set()
        lines = Line.objects.of(self.source).filter(item__category__in=categories).with_dimensions()
        for line in lines.order_by("item__position", "item__pk", "pk"):
            self.outcome.before += line.amount
            if line.item_id in self.clashing:
                continue
            item = self.items[line.item_id]
            if item.pk in with_lines or waiting & {item.pk, (item.get_category_display(), item.name)}:
                kept.add(item.name)
                continue
            row, reason = self._line(line, item)
            if reason:
                position += 1
                if reason != NO_AMOUNT:
                    self.outcome.open.append(Open(item.name, row.amount, reason.removesuffix(NO_AMOUNT)))
                row = draft_row(self.target, row, position)
            else:
                self.outcome.after += row.amount
            self.changes.append(writing.Add(row))
        if kept:
            self.outcome.kept.append(f"{len(kept)}个项目已有明细，保持不变：{_named(sorted(kept))}。")

    def _line(self, line: Line, item: Item) -> tuple[Line, str]:
        """The line as it would be, and why it cannot be one ("": it can)."""
        values, reasons = {}, []
        for name in DIMENSIONS:
            values[name], why = self.codes.find(getattr(line, name))
            if why:
                reasons.append(why)
        row = Line(
            uid=line.uid,
            item=item,
            carried_over=line.carried_over,
            amount=self.amount(line.amount),
            is_procurement=line.is_procurement,
            is_asset=line.is_asset,
            is_purchased_service=line.is_purchased_service,
            origin=Origin.COPIED,
            **{name: value for name, value in values.items() if value is not None},
        )
        if row.amount is None:
            reasons.append(NO_AMOUNT)
        if not reasons:
            reasons = [message for _, message in problems_of(row)]
        return row, "".join(dict.fromkeys(reasons))

    def _add_rows(self, model: type[BudgetOwned], adapt) -> None:
        on_items = issubclass(model, ItemRow)
        there = self._rows_there(model)
        taken = {row.item_id for row in there} if on_items else set()
        if there and not on_items:
            self.outcome.kept.append(f"{model._meta.verbose_name}已填写，保持不变。")
            return
        kept = 0
        for source in rows_of(model, self.source):
            if on_items:
                item = self.items.get(source.item_id)
                if item is None or (item.pk and item.pk in taken):
                    kept += item is not None
                    continue
            row = self._copied(source)
            if row is not None and adapt(row, source, self):
                self.changes.append(writing.Add(row))
        if kept:
            self.outcome.kept.append(f"{kept}行{model._meta.verbose_name}没有带入：这些项目已填写。")

    def _copied(self, source: BudgetOwned) -> BudgetOwned | None:
        """The row as one of the target: same uid, codes of its edition, its own items. None where a code is lacking."""
        row = type(source)()
        for column in source._meta.concrete_fields:
            if column.primary_key or column.name == "version":
                continue
            if not column.is_relation:
                setattr(row, column.name, getattr(source, column.name))
            elif issubclass(column.related_model, Budget):
                row.budget = self.target
            elif issubclass(column.related_model, Item):
                setattr(row, column.name, self.items.get(getattr(source, column.attname)))
            elif issubclass(column.related_model, ClassificationCode):
                code, why = self.codes.find(own) if (own := getattr(source, column.name)) else (None, "")
                if why:
                    self.outcome.kept.append(f"“{source}”没有带入：{why}")
                    return None
                setattr(row, column.name, code)
            else:
                setattr(row, column.attname, getattr(source, column.attname))
        return row


def copy(source: Budget, target: Budget, choice: Choice, *, by, address: str | None = None, is_preview: bool = False):
    """Bring the source into the draft, all or nothing; a preview writes nothing. Returns the Outcome.

    Raises writing.Conflicted if the draft has moved on since `target` was read, writing.Refused, writing.Locked.
    """
    copying = Copying(source, target, choice)
    with transaction.atomic():
        changes = copying.work_out()
        seen = target.version
        copying.outcome.written = writing.write(target, changes, by=by, via="copy", seen=seen, address=address)
        transaction.set_rollback(is_preview)
    return copying.outcome


def sources(budget: Budget, user) -> list[Budget]:
    """The unit's other budgets that the person may see, newest first."""
    found = Budget.objects.visible_to(user).filter(unit=budget.unit_id).exclude(pk=budget.pk)
    return list(found.select_related("unit", "campaign__edition").order_by("-campaign__year", "-pk"))


def _named(names: list[str], most: int = 3) -> str:
    listed = "、".join(f"“{name}”" for name in names[:most])
    return listed if len(names) <= most else f"{listed}等"
