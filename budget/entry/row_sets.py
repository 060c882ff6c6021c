"""A set of rows on a page: those that are stored, those that were posted, blank ones to fill in."""

import re
import secrets
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import cached_property

from django.core.exceptions import BadRequest

from budget.models import BudgetOwned

from .draft import Draft
from .fields import EntryField
from .rows import BLANK_KEY, KEY, RowForm


class RowSet:
    """The rows of one model on a page.

    `stored`: the rows there are; `extra`: how many blank ones are offered; `fixed`: rows that always stand there, as
    (key, values beside the fields, the row's name); `parents`: the set that these rows hang on, by their `parent` key;
    `of_one`: they all hang on the only row of that set; `is_single`: there is one row, or none yet;
    `has_computed`: beside the fields a figure is shown that follows from them.
    """

    def __init__(
        self,
        name: str,
        form: type[RowForm],
        draft: Draft,
        stored: Iterable[BudgetOwned],
        *,
        title: str,
        posted=None,
        extra: int = 1,
        fixed: Iterable[tuple[str, dict, str]] = (),
        parents: "RowSet | None" = None,
        parent_of: Callable[[BudgetOwned], uuid.UUID] | None = None,
        owner: Callable[[], dict] | None = None,
        without: Iterable[str] = (),
        defaults: dict[str, str] | None = None,
        word: str = "行",
        of_one: bool = False,
        is_single: bool = False,
        has_computed: bool = False,
    ):
        self.name, self.form, self.draft, self.title = name, form, draft, title
        self.parents, self.parent_of, self.owner = parents, parent_of, owner
        self.without, self.defaults, self.word = tuple(without), defaults or {}, word
        self.of_one, self.is_single, self.has_computed = of_one, is_single, has_computed
        self.is_same_draft = posted is None or posted.get("draft") == draft.budget.uid.hex
        self.fixed = {key: (values, label) for key, values, label in fixed}
        self.stored = {row.uid: row for row in stored}
        self.last = max((row.position for row in self.stored.values() if hasattr(row, "position")), default=0)
        self.rows: list[RowForm] = self._posted(posted) if posted is not None else self._fresh(extra)

    def _fresh(self, extra: int) -> list[RowForm]:
        if self.fixed:
            return [self._fixed_row(key) for key in self.fixed]
        rows = [
            self.form(
                self, row.uid.hex, stored=row, parent=self.parent_of(row).hex if self.parent_of else self.only_parent
            )
            for row in self.stored.values()
        ]
        if self.is_single:
            extra = 0 if rows else 1
        elif not self.draft.is_writable or (self.parents and not self.of_one):
            extra = 0
        return [*rows, *(self.blank(self.only_parent) for _ in range(extra))]

    def _fixed_row(self, key: str, posted=None) -> RowForm:
        values, _ = self.fixed[key]
        stored = next(
            (row for row in self.stored.values() if all(getattr(row, name) == value for name, value in values.items())),
            None,
        )
        return self.form(self, key, stored=stored, posted=posted)

    def _posted(self, posted) -> list[RowForm]:
        found = re.compile(rf"{self.name}_({KEY})-row")
        keys = [match[1] for name in posted if (match := found.fullmatch(name)) and match[1] != BLANK_KEY]
        if self.fixed:
            return [self._fixed_row(key, posted if key in keys else None) for key in self.fixed]
        rows = [self.form(self, key, stored=self._stored(key), posted=posted) for key in dict.fromkeys(keys)]
        if self.is_single:
            return rows[:1] or self._fresh(0)
        if self.parents and not {row.parent for row in rows} <= set(self.parents.by_key):
            raise BadRequest("行不属于任何项目")
        return rows

    def _stored(self, key: str):
        known = self.stored.get(uuid.UUID(key)) if re.fullmatch(r"[0-9a-f]{32}", key) else None
        return known or self.stored.get(self.new_uid(key))

    def new_uid(self, key: str) -> uuid.UUID:
        """The uid of a new row: of the same key in the same budget always the same one, so that it is saved once."""
        return uuid.uuid5(self.draft.budget.uid, f"{self.name}/{key}")

    def fixed_values(self, row: RowForm) -> dict:
        return self.fixed[row.key][0] if self.fixed else {}

    def beside(self) -> dict:
        """The values of a new row that are no fields of the form."""
        names = {field.name for field in self.form.model._meta.concrete_fields}
        return {"position": self.next_position()} if "position" in names - set(self.form.base_fields) else {}

    def next_position(self) -> int:
        self.last += 1
        return self.last

    @property
    def only_parent(self) -> str:
        """The key of the one row that all of these hang on; "" where there is no such row."""
        return self.parents.rows[0].key if self.of_one else ""

    def blank(self, parent: str = "") -> RowForm:
        return self.form(self, secrets.token_hex(6), parent=parent, defaults=self.defaults)

    def add(self, parent: str = "") -> RowForm | None:
        """One more blank row at the end (of its parent's)."""
        parent = parent or self.only_parent
        if self.parents and parent not in self.parents.by_key:
            return None
        row = self.blank(parent)
        for name in ("ranks", "by_key", "by_parent"):
            self.__dict__.pop(name, None)
        after = [at for at, one in enumerate(self.rows) if one.parent == parent]
        self.rows.insert(after[-1] + 1 if after else len(self.rows), row)
        return row

    def suggest(self, texts: dict[str, str]) -> RowForm:
        """One more row at the end, filled in; it is saved unless the person takes it away."""
        row = self.form(self, secrets.token_hex(6), parent=self.only_parent, defaults={**self.defaults, **texts})
        row.become_new()
        self.rows.append(row)
        for name in ("ranks", "by_key", "by_parent"):
            self.__dict__.pop(name, None)
        return row

    def pattern(self) -> RowForm:
        """The blank row that a browser copies."""
        return self.form(self, BLANK_KEY, parent=self.only_parent, defaults=self.defaults)

    def title_of(self, row: RowForm) -> str:
        """What a row of this set is called in messages."""
        if self.fixed:
            return f"{self.title}，{self.fixed[row.key][1]}"
        rank, _ = self.ranks[row.key]
        title = (str(row.parent_row or "") if not self.of_one else "") or self.title
        return title if self.is_single else f"{title}，第{rank}{self.word}"

    @cached_property
    def ranks(self) -> dict[str, tuple[int, int]]:
        """Of each row its number among those of its parent, and how many they are."""
        alike: dict[str, list[str]] = defaultdict(list)
        for row in self.rows:
            alike[row.parent].append(row.key)
        ranks = {key: (at, len(keys)) for keys in alike.values() for at, key in enumerate(keys, 1)}
        return defaultdict(lambda: (len(self.rows) + 1, 1), ranks)

    @cached_property
    def by_key(self) -> dict[str, RowForm]:
        return {row.key: row for row in self.rows}

    @cached_property
    def by_parent(self) -> dict[str, list[RowForm]]:
        found: dict[str, list[RowForm]] = defaultdict(list)
        for row in self.rows:
            found[row.parent].append(row)
        return found

    def of(self, parent: RowForm) -> list[RowForm]:
        return self.by_parent[parent.key]

    @cached_property
    def columns(self) -> list[tuple[str, EntryField]]:
        """The fields as headings."""
        return [(name, field) for name, field in self._ordered().items() if name not in self.without]

    def _ordered(self) -> dict[str, EntryField]:
        return self.form(self, BLANK_KEY).fields

    @property
    def span(self) -> int:
        """How many columns the table of these rows has."""
        return bool(self.fixed) + len(self.columns) + self.has_computed + self.can_grow

    @property
    def before_total(self) -> int:
        """How many columns stand before that of the amounts (a computed one is the last)."""
        names = [name for name, _ in self.columns]
        return bool(self.fixed) + (names.index("amount") if "amount" in names else len(names))

    @property
    def after_total(self) -> range:
        amount = "amount" in dict(self.columns)
        return range(bool(self.fixed) + len(self.columns) - self.before_total - amount + self.can_grow)

    @cached_property
    def has_money(self) -> bool:
        return any(field.is_money for _, field in self.columns)

    @property
    def can_grow(self) -> bool:
        return not self.fixed and not self.is_single and self.draft.is_writable
