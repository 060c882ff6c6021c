"""What a save comes to: which rows become lines, which stay as they were typed, and what that does to their items.

A row names its item by category and name. All rows of an item renamed alike: the item is renamed. Else a row moves to
the item it names, which is made where there is none. An item of basic spending that no row names any more goes.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property

from django.db.models import Max

from budget import writing
from budget.importing.dimensions import nature_by_name
from budget.models import DraftRow, Item, Line, Nature
from budget.owned import problems_of

from .asked import Change
from .judging import DUPLICATE, OWN_TO_A_LINE, ItemKey, Judged, LineKey
from .pending import Pending
from .sheet import Sheet, Stored, StoredLine

IN_THE_ITEM = {"category", "name", "nature"}


class Plan:
    """The changes of a save. `refused`: what the writer had against rows in an earlier attempt, by row and column."""

    def __init__(self, sheet: Sheet, asked: Iterable[Change], refused: Mapping[str, Mapping[str, list[str]]]):
        self.sheet, self.judge, self.budget = sheet, sheet.judge, sheet.budget
        self.refused = refused
        self.notices: list[str] = []
        self.gone: set[uuid.UUID] = set()
        self.removing: list[Stored] = []
        self.rows: dict[uuid.UUID, Pending] = {}
        self.renames: dict[uuid.UUID, ItemKey] = {}
        self.natures: dict[uuid.UUID, str] = {}
        self.new_items: dict[ItemKey, Item] = {}
        for change in asked:
            self._take(change)
        self.new_uid_version = self.budget.version + 1
        self._name_items()
        self._settle_items()
        self._bring_siblings()
        self._complete()
        self._promote()
        self._tell()

    # ---- what was typed

    def _take(self, change: Change) -> None:
        stored = self.sheet.get(change.uid)
        if change.removes:
            self.gone.add(change.uid)
            self.removing.append(stored)
            return
        texts = {**dict.fromkeys(self.judge.columns, ""), **(self.sheet.texts(stored) if stored else {})}
        is_line = isinstance(stored, StoredLine)
        if "government" not in change.cells and {"economic", "nature", "category", "name"} & set(change.cells):
            nature = stored.item.nature if is_line else texts.get("nature", "")
            if self.judge.goes_together(texts, nature or nature_by_name(texts.get("name", ""))):
                texts["government"] = ""  # it was the proposal, so it is proposed anew
        texts.update(change.cells)
        is_blank = not any(text.strip() for text in texts.values())
        begun = {} if is_blank or stored is not None else self.judge.begin(texts)
        judged = self.judge.read(texts | begun)
        judged.followed.update(begun)
        pending = Pending(
            change.uid, stored, judged, frozenset(change.cells), change.after, is_confirmed=change.confirms
        )
        if is_blank:
            self.gone.add(change.uid)
            if stored is not None:
                self.removing.append(stored)
            return
        self.rows[change.uid] = pending

    # ---- items

    @cached_property
    def named_before(self) -> dict[uuid.UUID, Item]:
        """Of every row the item that it hangs on or names, as stored."""
        found = {line.uid: line.item for line in self.sheet.lines.values()}
        for draft in self.sheet.drafts.values() if self.sheet.project is None else ():
            item = self.sheet.items_by_key.get(self.sheet.item_key_of(draft))
            if item is not None:
                found[draft.uid] = item
        return found

    def _name_items(self) -> None:
        """Find the items that are renamed: every line of theirs goes to the same new name."""
        if self.sheet.project is not None:
            return
        named: dict[uuid.UUID, set[ItemKey | None]] = defaultdict(set)
        for uid, item in self.named_before.items():
            if uid not in self.gone:
                row = self.rows.get(uid)
                is_readable = row is None or not row.judged.errors.keys() & IN_THE_ITEM
                key = row.judged.item_key if row else (item.category, item.name)
                named[item.uid].add(key if is_readable else None)
        wanted: set[ItemKey] = set()
        for item in self.sheet.items:
            keys = named.get(item.uid, set())
            if len(keys) == 1:
                (key,) = keys
                is_free = key not in self.sheet.items_by_key and key not in wanted
                if key is not None and is_free:
                    self.renames[item.uid] = key
                    wanted.add(key)

    def _item_named(self, row: Pending) -> Item | None:
        """The stored item that a row's line hangs on; None for one that is new or cannot be told."""
        if self.sheet.project is not None:
            return self.sheet.project
        key = row.judged.item_key
        if row.line and self.renames.get(row.line.item.uid) == key:
            return row.line.item
        renamed = next((item for item in self.sheet.items if self.renames.get(item.uid) == key), None)
        found = renamed or self.sheet.items_by_key.get(key)
        if found is not None and found.uid in self.renames and self.renames[found.uid] != key:
            return None
        return found

    def _settle_items(self) -> None:
        """The item and its nature, of every row; a nature typed in a line of an item is the item's."""
        for row in self.rows.values():
            row.target = self._item_named(row)
            is_own = row.line is not None and row.target is not None and row.line.item.uid == row.target.uid
            if is_own and "nature" in row.typed and row.judged.values.get("nature"):
                nature = row.judged.values["nature"]
                if nature != row.target.nature:
                    self.natures.setdefault(row.target.uid, nature)
        for row in self.rows.values():
            self._settle(row)

    def _settle(self, row: Pending) -> None:
        judged, item = row.judged, row.target
        if item is not None:
            nature = self.natures.get(item.uid, item.nature)
            follows = self.sheet.project is not None or (row.line is not None and "nature" not in row.typed)
        else:
            new = self.new_items.get(judged.item_key)
            nature, follows = (new.nature if new else ""), False
        nature = self.judge.settle_nature(judged, nature, follows=follows)
        self.judge.complete(judged, nature)
        if item is None and judged.is_valid:
            row.target = self._new_item(judged, nature)

    def _new_item(self, judged: Judged, nature: str) -> Item | None:
        key = judged.item_key
        if key not in self.new_items:
            item = Item(budget=self.budget, category=key[0], name=key[1], nature=nature or Nature.ADMINISTRATIVE.value)
            for name, message in problems_of(item):
                judged.refuse(name if name in judged.texts else "", message)
            if not judged.is_valid:
                return None
            self.new_items[key] = item
        return self.new_items[key]

    def _bring_siblings(self) -> None:
        """The other lines of an item whose nature changes: their government class goes with it, where it did before."""
        for item in self.sheet.items:
            nature = self.natures.get(item.uid)
            if nature is None:
                continue
            siblings = [line for line in self.sheet.lines.values() if line.item is item]
            others = [line for line in siblings if line.uid not in {*self.rows, *self.gone}]
            for line in others:
                texts = self.sheet.texts(line)
                if self.judge.goes_together(texts, item.nature):
                    texts["government"] = ""
                judged = self.judge.read(texts | {"nature": nature})
                self.judge.complete(judged, nature)
                self.rows[line.uid] = Pending(line.uid, line, judged, target=item, moves_along=True)
            if others:
                self.notices.append(f"“{item.name}”的性质改为{nature}，该项目的另外{len(others)}行一起改。")

    # ---- lines

    def _complete(self) -> None:
        """What the model and the lines beside it have against each row; stored lines have the older right."""
        touched = {*self.rows, *self.gone}
        self.taken: dict[LineKey, uuid.UUID] = {key: uid for key, uid in self.sheet.taken.items() if uid not in touched}
        for row in sorted(self.rows.values(), key=lambda row: row.line is None):
            self._stand(row)

    def _stand(self, row: Pending) -> None:
        for column, messages in self.refused.get(row.uid.hex, {}).items():
            row.judged.errors.setdefault(column, []).extend(messages)
        if row.target is not None:
            self.judge.check(row.judged, row.target)
        if row.judged.is_valid:
            key = row.judged.line_key(row.target.uid)
            if key in self.taken:
                row.judged.refuse("", DUPLICATE)
            else:
                self.taken[key] = row.uid

    def _promote(self) -> None:
        """Draft rows that nobody touched, and that are complete now that something else has changed."""
        touched = {*self.rows, *self.gone}
        for draft in self.sheet.drafts.values() if touched else ():
            if draft.uid in touched:
                continue
            judged = self.judge.read(draft.texts)
            if not judged.is_valid:
                continue
            row = Pending(draft.uid, draft, judged, moves_along=True)
            row.target = self._item_named(row)
            self._settle(row)
            self._stand(row)
            if judged.is_valid:
                self.rows[draft.uid] = row

    # ---- what comes of it

    @property
    def touched(self) -> list[uuid.UUID]:
        return [*self.rows, *(stored.uid for stored in self.removing)]

    def followed(self, uid: uuid.UUID) -> set[str]:
        return self.rows[uid].judged.followed if uid in self.rows else set()

    def wrong(self) -> dict[str, dict[str, list[str]]]:
        """The errors of rows in which something is wrong, and not only missing."""
        return {
            row.uid.hex: dict(row.judged.errors)
            for row in self.rows.values()
            if row.judged.is_wrong and not row.moves_along
        }

    def explained(self, problems: Iterable[writing.Problem]) -> dict[str, dict[str, list[str]]]:
        """The writer's problems, by row and column."""
        found: dict[str, dict[str, list[str]]] = {}
        for problem in problems:
            row = self.origins[problem.at] if 0 <= problem.at < len(self.origins) else None
            if row is not None:
                column = problem.field if problem.field in row.judged.texts else ""
                found.setdefault(row.uid.hex, {}).setdefault(column, []).append(problem.message)
        return found

    def changes(self, by) -> list[writing.Change]:
        """Everything there is to write, in the writer's words."""
        self.origins: list[Pending | None] = []
        found: list[writing.Change] = []

        def add(change: writing.Change | None, row: Pending | None = None) -> None:
            if change is not None:
                found.append(change)
                self.origins.append(row)

        for change, row in self._item_changes():
            add(change, row)
        for stored in self.removing:
            add(_removal(stored))
        aside = self._in_each_others_way()
        for at, row in enumerate(self.rows.values()):
            for change in self._row_changes(row, at, by, row.uid in aside):
                add(change, row)
        return found

    def _item_changes(self) -> Iterable[tuple[writing.Change, Pending | None]]:
        lines = [row for row in self.rows.values() if row.judged.is_valid]
        if self.sheet.project is None:
            yield from self._stored_item_changes({row.target.uid for row in lines})
        first: dict[uuid.UUID, Pending] = {}
        for row in lines:
            if row.target._state.adding:
                first.setdefault(row.target.uid, row)
        last = Item.objects.of(self.budget).aggregate(last=Max("position"))["last"] or 0 if first else 0
        for at, row in enumerate(first.values(), 1):
            row.target.position = last + at
            yield writing.Add(row.target), row

    def _stored_item_changes(self, used: set[uuid.UUID]) -> Iterable[tuple[writing.Change, Pending | None]]:
        """`used`: the items on which touched rows stand."""
        touched = {*self.rows, *self.gone}
        used |= {line.item.uid for line in self.sheet.lines.values() if line.uid not in touched}
        wanted = {row.judged.item_key for row in self.rows.values() if not row.judged.is_valid}
        wanted |= {self.sheet.item_key_of(draft) for uid, draft in self.sheet.drafts.items() if uid not in touched}
        left = {item.uid for uid, item in self.named_before.items() if uid in touched}
        for item in self.sheet.items:
            values = {}
            if item.uid in self.renames:
                values["category"], values["name"] = self.renames[item.uid]
            if item.uid in self.natures:
                values["nature"] = self.natures[item.uid]
            key = (values.get("category", item.category), values.get("name", item.name))
            if item.uid in left and item.uid not in used and key not in wanted:
                yield writing.Remove(Item, item.uid, item.version), None
            elif values:
                yield writing.Edit(Item, item.uid, item.version, values), self._first_of(item)

    def _first_of(self, item: Item) -> Pending | None:
        return next((row for row in self.rows.values() if row.target is item), None)

    def _in_each_others_way(self) -> set[uuid.UUID]:
        """Lines that take the place another line has now: they are written after it has left."""
        stored = self.sheet.taken
        return {
            row.uid
            for row in self.rows.values()
            if row.line
            and row.judged.is_valid
            and (there := stored.get(row.judged.line_key(row.target.uid))) is not None
            and there != row.uid
        }

    def _row_changes(self, row: Pending, at: int, by, steps_aside: bool) -> Iterable[writing.Change]:
        if not row.judged.is_valid:
            yield from self._as_draft(row, at, by)
            return
        if row.line and row.line.item.uid == row.target.uid and not steps_aside:
            values = {
                name: row.judged.values[name]
                for name in OWN_TO_A_LINE
                if row.judged.values[name] != row.line.values[name]
            }
            if row.is_confirmed and row.line.origin:
                values["origin"] = ""
            elif row.moves_along:
                values["origin"] = row.line.origin
            if values:
                yield writing.Edit(Line, row.uid, row.line.saves, values)
            return
        if row.stored is not None:
            yield _removal(row.stored)
        origin = row.stored.origin if row.moves_along and row.stored is not None else ""
        yield writing.Add(
            self.judge.line(row.judged, row.target, uid=row.uid, version=self.new_uid_version, origin=origin)
        )

    def _as_draft(self, row: Pending, at: int, by) -> Iterable[writing.Change]:
        """A row that is no line: its cells as they were typed."""
        texts = {key: text for key, text in row.judged.texts.items() if text}
        unit = self.sheet.draft.unit
        if row.draft is not None:
            values: dict = {}
            if texts != {key: text for key, text in row.draft.texts.items() if text}:
                values = {"cells": texts, "amount_unit": unit}
            if row.is_confirmed and row.draft.origin:
                values["origin"] = ""
            if values:
                yield writing.Edit(DraftRow, row.uid, row.draft.saves, values)
            return
        if row.line is not None:
            yield _removal(row.line)
        yield writing.Add(
            DraftRow(
                uid=row.uid,
                version=self.new_uid_version,
                budget=self.budget,
                item=self.sheet.project,
                cells=texts,
                amount_unit=unit,
                after=row.after or self._above(row),
                position=len(self.sheet.order) + at + 1,
                typed_by=by,
            )
        )

    def _above(self, row: Pending) -> uuid.UUID | None:
        """The row that a line stood after when it was one."""
        if row.line is None:
            return None
        order = self.sheet.order
        at = order.index(row.line)
        return order[at - 1].uid if at else None

    def _tell(self) -> None:
        for row in self.rows.values():
            if row.line is not None and not row.judged.is_valid:
                amount = self.sheet.judge.reader.show("amount", row.line.values["amount"])
                name = row.line.item.name
                self.notices.append(
                    f"“{name}”的一行还不完整，暂存为未完成行，原来的 {amount} {self.sheet.draft.unit}不再计入合计。"
                )


def _removal(stored: Stored) -> writing.Remove:
    return writing.Remove(Line if isinstance(stored, StoredLine) else DraftRow, stored.uid, stored.saves)
