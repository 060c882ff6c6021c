"""The one writer of everything a budget owns: form, admin, grid, paste, import and copy all come through `write`.

It takes the budget's lock, compares versions, checks every row, writes rows and history, and counts the budget's
version up: all or nothing.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from records import history

from . import controls
from .models import Budget, BudgetOwned, Campaign, Item, Line
from .owned import (
    BATCH,
    batches,
    height,
    owners,
    plain,
    problems_of,
    rows_of,
    stored,
    uniques,
    with_dependants,
)
from .reporting.collecting import without_collecting


@dataclass(frozen=True)
class Add:
    """A new row, not yet saved; rows that hang on it may be added in the same write."""

    row: BudgetOwned


@dataclass(frozen=True)
class Edit:
    """New values for fields of the row of that uid, as seen in version `seen`."""

    model: type[BudgetOwned]
    uid: uuid.UUID
    seen: int
    values: dict


@dataclass(frozen=True)
class Remove:
    """Take the row of that uid away, as seen in version `seen`; what hangs on it goes too."""

    model: type[BudgetOwned]
    uid: uuid.UUID
    seen: int


Change = Add | Edit | Remove

BY_HAND = frozenset({"form", "grid", "paste", "undo", "admin", "import"})  # whoever writes so has looked at the row


@dataclass(frozen=True)
class Problem:
    """Why a change was refused: which change (its place in the list), which field (blank: the row), what to do."""

    at: int
    field: str
    message: str


class Refused(Exception):
    """The write was refused as a whole; nothing was written."""

    def __init__(self, problems: Sequence[Problem]):
        self.problems = list(problems)
        super().__init__("；".join(problem.message for problem in self.problems))


class Locked(Exception):
    """The budget is no draft."""

    def __init__(self, budget: Budget):
        self.budget = budget
        super().__init__(f"{budget}{budget.get_state_display()}，不能修改。")


@dataclass(frozen=True)
class Difference:
    """A field of which two people want different things."""

    field: str
    stored: object
    wanted: object


@dataclass(frozen=True)
class Conflict:
    """A change whose row has moved on; `stored` is None where the row is gone."""

    at: int
    stored: BudgetOwned | None
    differences: tuple[Difference, ...] = ()


class Conflicted(Exception):
    """Somebody else wrote the same rows meanwhile; nothing was written. Both values are here to choose from."""

    def __init__(self, conflicts: Sequence[Conflict]):
        self.conflicts = list(conflicts)
        super().__init__("数据已被他人修改，请核对后重新保存。")


@dataclass
class Written:
    """What a write did; `notices`: what the person should know of it (a control number exceeded where that passes)."""

    budget: Budget
    added: list = field(default_factory=list)
    edited: list = field(default_factory=list)
    removed: list = field(default_factory=list)
    notices: list[str] = field(default_factory=list)

    def __bool__(self):
        return bool(self.added or self.edited or self.removed)


@without_collecting()
def write(
    budget: Budget,
    changes: Iterable[Change],
    *,
    by,
    via: str,
    seen: int | None = None,
    address: str | None = None,
    told: Sequence[history.Happened] = (),
) -> Written:
    """Write the changes to the draft, all or nothing.

    `seen`: the budget's version that the changes were worked out from, where any other writing in between makes them
    void (imports). `told`: what the history says first of where they come from.
    Raises Locked, Conflicted or Refused; after any of them nothing is written.
    """
    changes = list(changes)
    with transaction.atomic():
        budget = Budget.objects.select_for_update(of=("self",)).select_related("unit", "campaign").get(pk=budget.pk)
        if not budget.is_draft:
            raise Locked(budget)
        if seen is not None and seen != budget.version:
            raise Conflicted([])
        batch = _Batch(budget, changes, by_hand=via in BY_HAND)
        batch.raise_conflicts()
        held = controls.held(budget) if batch.may_spend_more else []
        before = controls.used_of(held, budget)
        written = batch.apply()
        if before and written:
            written.notices = batch.held_to(controls.gone_above(before, controls.used_of(held, budget)))
        if written:
            budget.version += 1
            Budget.objects.filter(pk=budget.pk).update(version=budget.version)
            history.append(budget.chain, [*told, *batch.happened], by=by, via=via, unit=budget.unit, address=address)
    return written


class _Batch:
    """The changes of one write against the rows as they are stored."""

    def __init__(self, budget: Budget, changes: list[Change], *, by_hand: bool):
        self.budget = budget
        self.by_hand = by_hand
        self.changes = changes
        self.stored = self._stored()
        self.happened: list[history.Happened] = []
        self.ours: dict[int, models.Model | None] = {}  # what rows hang on, seen to be of this budget

    @property
    def may_spend_more(self) -> bool:
        """Whether anything is changed that a control number counts."""
        models = {
            type(one.row) if isinstance(one, Add) else one.model for one in self.changes if type(one) is not Remove
        }
        return not models.isdisjoint((Line, Item))

    def held_to(self, exceeded: list[controls.Quota]) -> list[str]:
        """What is said of control numbers that are now exceeded; Refused where the campaign stops there."""
        words = [f"{quota.excess_words}。" for quota in exceeded]
        if words and self.budget.campaign.control_mode == Campaign.Control.STOP:
            raise Refused([Problem(-1, "", text) for text in words])
        return words

    def _stored(self) -> dict[tuple[type, uuid.UUID], BudgetOwned]:
        uids: dict[type, list[uuid.UUID]] = defaultdict(list)
        for change in self.changes:
            if not isinstance(change, Add):
                uids[change.model].append(change.uid)
        found = {}
        for model, wanted in uids.items():
            rows = rows_of(model, self.budget)
            # a long list of uids is slower than all rows: SQLite would look each one up under every item
            rows = rows.filter(uid__in=wanted) if len(wanted) <= BATCH else rows
            found.update({(model, row.uid): row for row in rows})
        return found

    def raise_conflicts(self) -> None:
        conflicts = []
        for at, change in enumerate(self.changes):
            if isinstance(change, Add):
                continue
            row = self.stored.get((change.model, change.uid))
            if row is None:
                conflicts.append(Conflict(at, None))
            elif row.version != change.seen:
                wanted = change.values if isinstance(change, Edit) else {}
                differences = tuple(
                    Difference(name, getattr(row, name), value)
                    for name, value in wanted.items()
                    if getattr(row, name) != value
                )
                if differences or isinstance(change, Remove):
                    conflicts.append(Conflict(at, row, differences))
        if conflicts:
            raise Conflicted(conflicts)

    def apply(self) -> Written:
        written = Written(self.budget)
        places: dict[int, int] = {}
        edited_fields: dict[type, set[str]] = defaultdict(set)
        removed: dict[type, list[BudgetOwned]] = defaultdict(list)
        for at, change in enumerate(self.changes):
            match change:
                case Add(row=row):
                    self._belongs(row)
                    written.added.append(row)
                    places[id(row)] = at
                case Edit():
                    row = self.stored[change.model, change.uid]
                    if changed := self._edit(row, change.values):
                        written.edited.append(row)
                        edited_fields[change.model].update(changed)
                        places[id(row)] = at
                case Remove():
                    removed[change.model].append(self.stored[change.model, change.uid])
        gone = [row for model, rows in removed.items() for row in with_dependants(model, rows)]
        written.removed = list({(type(row), row.pk): row for row in gone}.values())
        self.happened.extend(_happened("remove", row, plain(row), None) for row in written.removed)
        if "category" in edited_fields.get(Item, ()):
            self._hang_on_edited(written)
        passed: set[tuple] = set()
        problems = [
            Problem(places[id(row)], name, message)
            for row in (*written.added, *written.edited)
            for name, message in problems_of(row, passed)
        ]
        problems.extend(self._duplicates(written, edited_fields, places))
        if "category" in edited_fields.get(Item, ()):
            problems.extend(self._lines_of(written, places))
        if problems:
            raise Refused(sorted(problems, key=lambda problem: problem.at))
        self._save(written, edited_fields, places)
        said: dict[int, str] = {}
        self.happened.extend(_happened("add", row, None, plain(row, said)) for row in written.added)
        return written

    def _belongs(self, row: BudgetOwned) -> None:
        """A row hangs on this budget and no other, and names no row of another."""
        for relation in owners(type(row)):
            owner = getattr(row, relation)
            if id(owner) in self.ours:
                continue
            budget = owner
            for name in getattr(owner, "BUDGET_PATH", ()):
                budget = getattr(budget, name)
            if budget is not None and budget.pk != self.budget.pk:
                raise ValueError(f"{row!r} belongs to another budget")
            self.ours[id(owner)] = owner

    def _edit(self, row: BudgetOwned, values: dict) -> set[str]:
        """Set the values; the names of the fields that are others now."""
        before = plain(row)
        for name, value in values.items():
            setattr(row, name, value)
        self._belongs(row)
        after = plain(row)
        if self.by_hand and before != after and getattr(row, "origin", "") and "origin" not in values:
            row.origin = after["origin"] = ""
        changed = {name for name in after if before[name] != after[name]}
        if changed:
            row.version += 1
            self.happened.append(
                _happened(
                    "edit", row, {name: before[name] for name in changed}, {name: after[name] for name in changed}
                )
            )
        return changed

    @staticmethod
    def _hang_on_edited(written: Written) -> None:
        """Lines of the same write are checked against their items as they are now."""
        items = {row.pk: row for row in written.edited if type(row) is Item}
        for row in (*written.added, *written.edited):
            if type(row) is Line and row.item_id in items:
                row.item = items[row.item_id]

    def _lines_of(self, written: Written, places: dict[int, int]) -> list[Problem]:
        """What is wrong with the lines that nobody wrote, of items that may be of another category now."""
        items = {row.pk: row for row in written.edited if type(row) is Item}
        touched = {row.pk for row in (*written.edited, *written.removed) if type(row) is Line}
        problems = []
        for line in Line.objects.filter(item__in=list(items)).with_dimensions():
            if line.pk not in touched:
                line.item = items[line.item_id]
                at = places[id(line.item)]
                problems.extend(Problem(at, "category", f"{line}：{told}") for _, told in problems_of(line))
        return problems

    def _duplicates(
        self, written: Written, edited_fields: dict[type, set[str]], places: dict[int, int]
    ) -> list[Problem]:
        """Rows that would be the same by a unique constraint, found before the database does."""
        problems = []
        moved = {(type(row), row.pk) for row in (*written.removed, *written.edited)}
        touched: dict[type, list[BudgetOwned]] = defaultdict(list)
        for row in (*written.added, *written.edited):
            touched[type(row)].append(row)
        added = {type(row) for row in written.added}
        for model, rows in touched.items():
            for unique in uniques(model):
                if model not in added and not edited_fields[model] & set(unique.constraint.fields):
                    continue  # an amount that changes makes no two rows the same
                taken = unique.stored(model, self.budget, without={pk for one, pk in moved if one is model})
                for row in rows:
                    key = unique.key(row)
                    if key is None:
                        continue
                    if key in taken:
                        problems.append(Problem(places[id(row)], "", unique.constraint.violation_error_message))
                    taken.add(key)
        return problems

    def _save(self, written: Written, edited_fields: dict[type, set[str]], places: dict[int, int]) -> None:
        try:
            with transaction.atomic():
                for model in sorted({type(row) for row in written.removed}, key=height, reverse=True):
                    for pks in batches([row.pk for row in written.removed if type(row) is model]):
                        model._default_manager.filter(pk__in=pks).delete()
                for model, names in edited_fields.items():
                    rows = [row for row in written.edited if type(row) is model]
                    # an update of rows that exist: bulk_update takes seconds for thousands of rows
                    model._default_manager.bulk_create(
                        rows,
                        update_conflicts=True,
                        unique_fields=["pk"],
                        update_fields=[*names, "version"],
                        batch_size=1000,
                    )
                for model in sorted({type(row) for row in written.added}, key=height):
                    rows = [row for row in written.added if type(row) is model]
                    stored(model, rows, self.budget)
        except IntegrityError as error:
            raise Refused(self._explained(written, places)) from error

    def _explained(self, written: Written, places: dict[int, int]) -> list[Problem]:
        """What the database refused, in the words of the constraint, at the row where it is."""
        problems = []
        for row in (*written.added, *written.edited):
            for constraint in type(row)._meta.constraints:
                if isinstance(constraint, models.CheckConstraint):
                    try:
                        constraint.validate(type(row), row)
                    except ValidationError as wrong:
                        problems.append(Problem(places[id(row)], "", wrong.messages[0]))
        return problems or [Problem(-1, "", "两行互相占用了对方的名称或编码，请分两次保存。")]


def _happened(action: str, row: BudgetOwned, before: dict | None, after: dict | None) -> history.Happened:
    return history.Happened(action, row._meta.label_lower, row.uid, str(row), before, after)
