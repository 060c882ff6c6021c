"""The rows of a grid as they are stored: lines and draft rows in one order, with their errors, last year and totals."""

from collections import defaultdict
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from uuid import UUID

from budget import controls
from budget.entry.draft import Draft
from budget.models import BASIC_CATEGORIES, Category, DraftRow, Item, Line
from budget.reporting import money
from budget.tables import exactly

from . import columns, totals
from .judging import DUPLICATE, ItemKey, Judge, Judged, LineKey
from .last_year import last_year_lines

LINE_COLUMNS = (
    "uid",
    "version",
    "item_id",
    "function_id",
    "economic_id",
    "government_id",
    "fund_id",
    "carried_over",
    "amount",
    "is_procurement",
    "is_asset",
    "is_purchased_service",
    "origin",
)
CLASSES = {"function": "function", "economic": "dept_economic", "government": "gov_economic"}


@dataclass(slots=True)
class StoredLine:
    """A line as the grid reads it, its codes from the edition in memory."""

    uid: UUID
    saves: int
    item: Item
    values: dict
    origin: str

    @property
    def version(self) -> str:
        return f"l{self.saves}.{self.item.version}"

    @property
    def key(self) -> LineKey:
        values = self.values
        return (
            self.item.uid,
            values["function"].pk,
            values["economic"].pk,
            values["government"].pk,
            values["fund"].pk,
            values["carried_over"],
        )


@dataclass(slots=True)
class StoredDraft:
    """A draft row; its cells show amounts in the unit of the page."""

    uid: UUID
    saves: int
    row: DraftRow
    texts: dict[str, str]

    @property
    def version(self) -> str:
        return f"d{self.saves}"

    @property
    def origin(self) -> str:
        return self.row.origin


Stored = StoredLine | StoredDraft


class Sheet:
    """The grid of basic spending, or of one project, as it is stored now: a constant number of queries."""

    def __init__(self, draft: Draft, project: Item | None = None):
        self.draft, self.project, self.budget = draft, project, draft.budget
        self.judge = Judge(draft, project)
        self.columns = columns.PROJECT if project else columns.BASIC
        self.items = self._items()
        self.lines = self._lines()
        self.drafts = self._drafts()

    def _items(self) -> list[Item]:
        if self.project is not None:
            items = list(Item.objects.of(self.budget).filter(pk=self.project.pk))
        else:
            items = list(Item.objects.of(self.budget).basic().order_by("category", "position", "pk"))
        for item in items:
            item.budget = self.budget
        return items

    def _lines(self) -> dict[UUID, StoredLine]:
        items = {item.pk: item for item in self.items}
        codes = self._codes()
        lines = Line.objects.filter(item__budget=self.budget)
        lines = lines.filter(item=self.project) if self.project else lines.filter(item__category__in=BASIC_CATEGORIES)
        found = []
        for uid, version, item, *ids, carried_over, amount, procured, asset, service, origin in lines.order_by(
            "pk"
        ).values_list(*LINE_COLUMNS):
            values = {name: codes[name][pk] for name, pk in zip(columns.CODES, ids, strict=True)}
            values |= {"carried_over": carried_over, "amount": amount}
            values |= {"is_procurement": procured, "is_asset": asset, "is_purchased_service": service}
            found.append(StoredLine(uid, version, items[item], values, origin))
        rank = {item.pk: at for at, item in enumerate(self.items)}
        found.sort(key=lambda line: (rank[line.item.pk], *(line.values[name].code for name in columns.CODES)))
        return {line.uid: line for line in found}

    def _codes(self) -> dict[str, dict[int, object]]:
        dimensions = self.draft.dimensions
        codes = {name: {row.pk: row for row in dimensions.classes[key].values()} for name, key in CLASSES.items()}
        codes["fund"] = {row.pk: row for rows in dimensions.funds.values() for row in rows}
        return codes

    def _drafts(self) -> dict[UUID, StoredDraft]:
        rows = DraftRow.objects.filter(budget=self.budget, item=self.project).order_by("position", "pk")
        return {row.uid: StoredDraft(row.uid, row.version, row, self._texts_of_draft(row)) for row in rows}

    def _texts_of_draft(self, row: DraftRow) -> dict[str, str]:
        texts = {key: str(row.cells.get(key, "")) for key in self.judge.columns}
        if texts["amount"] and row.amount_unit != self.draft.unit:
            other = Judge(Draft(self.budget, self.draft.user, row.amount_unit)).reader
            with suppress(ValueError):  # what is no amount is none in any unit
                texts["amount"] = self.judge.reader.show("amount", other.read("amount", texts["amount"]))
        return texts

    def get(self, uid: UUID) -> Stored | None:
        return self.lines.get(uid) or self.drafts.get(uid)

    # ---- what rows say

    def texts(self, row: Stored) -> dict[str, str]:
        """The cells of a row, those too that this grid does not show."""
        if isinstance(row, StoredDraft):
            return row.texts
        show = self.judge.reader.show
        texts = {key: show(key, row.values[key]) for key in self.judge.columns if key not in columns.OF_ITEM}
        if self.project is None:
            item = row.item
            texts |= {"category": item.get_category_display(), "name": item.name, "nature": item.nature}
        return texts

    @cached_property
    def items_by_key(self) -> dict[ItemKey, Item]:
        return {(item.category, item.name): item for item in self.items}

    @cached_property
    def taken(self) -> dict[LineKey, UUID]:
        return {line.key: line.uid for line in self.lines.values()}

    def item_of(self, judged: Judged) -> Item | None:
        """The stored item that a row names."""
        return self.project or self.items_by_key.get(judged.item_key)

    def item_key_of(self, draft: StoredDraft) -> ItemKey | None:
        """The item that a draft row names, where it names one."""
        return self.judge.read_key(draft.texts)

    def judged_draft(self, row: StoredDraft) -> Judged:
        """A draft row beside the lines there are."""
        judged = self.judge.read(row.texts)
        item = self.item_of(judged)
        nature = self.judge.settle_nature(judged, item.nature if item else "", follows=self.project is not None)
        self.judge.complete(judged, nature)
        if item is not None:
            self.judge.check(judged, item)
            if judged.is_valid and judged.line_key(item.uid) in self.taken:
                judged.refuse("", DUPLICATE)
        return judged

    @cached_property
    def order(self) -> list[Stored]:
        """Lines by item and codes; a draft row after the row it stood after, else with its item, else at the end."""
        behind: dict[object, list[StoredDraft]] = defaultdict(list)
        last_of_item = {(Category(one.item.category).label, one.item.name): one.uid for one in self.lines.values()}
        for draft in self.drafts.values():
            anchor = draft.row.after
            if anchor not in self.lines and anchor not in self.drafts:
                anchor = last_of_item.get((draft.texts.get("category", ""), draft.texts.get("name", "")))
            behind[anchor].append(draft)
        ordered: list[Stored] = []
        seen: set[UUID] = set()

        def stand(rows: Iterable[Stored]) -> None:
            waiting = list(rows)[::-1]
            while waiting:
                row = waiting.pop()
                if row.uid not in seen:
                    seen.add(row.uid)
                    ordered.append(row)
                    waiting.extend(behind.get(row.uid, ())[::-1])

        stand(self.lines.values())
        stand(behind.get(None, ()))
        stand(self.drafts.values())  # what stands after each other in a circle
        return ordered

    # ---- as JSON

    @cached_property
    def last_year(self):
        return last_year_lines(self.draft, self.project)

    def row_json(self, row: Stored) -> dict:
        texts = self.texts(row)
        shown = {column.key: texts[column.key] for column in self.columns if column.is_typed}
        if isinstance(row, StoredLine):
            judged, item, values = None, row.item, row.values
            fen = money.fen(values["amount"])
        else:
            judged = self.judged_draft(row)
            item, values, fen = self.item_of(judged), judged.values, judged.fen
        before = self._before(item, values)
        errors = judged.errors if judged else {}
        return {
            "id": row.uid.hex,
            "version": row.version,
            "state": "draft" if judged else "line",
            "cells": shown | self._computed(before, fen),
            "dims": None if judged else dict(zip(totals.DIMENSIONS, self._dimensions(row), strict=True)),
            "fen": None if fen is None else str(fen),
            "last_fen": None if before is None else str(before),
            "errors": {key if key in shown else "": messages for key, messages in errors.items()},
            "followed": [],
            "mark": row.origin,
        }

    def _before(self, item: Item | None, values: dict) -> int | None:
        if not self.last_year.is_known:
            return None
        classes = [values.get(name) for name in columns.CODES]
        category = item.category if item else values.get("category")
        name = item.name if item else values.get("name")
        if None in classes or not category or not name:
            return 0
        codes = (*(row.code for row in classes), bool(values.get("carried_over")))
        return self.last_year.fen(category, name, item.code if item else "", codes)

    def _computed(self, before: int | None, fen: int | None) -> dict[str, str]:
        if before is None:
            return {"last_year": money.UNKNOWN, "change": ""}
        change = (fen or 0) - before
        return {
            "last_year": self.amount(before) if before else "",
            "change": f"{'+' if change > 0 else ''}{self.amount(change)}" if change else "",
        }

    def amount(self, fen: int) -> str:
        """An amount with all its digits in the unit of the page, thousands separated."""
        return f"{exactly(money.yuan(fen) or Decimal(0), self.draft.unit):,f}"

    def _dimensions(self, line: StoredLine) -> tuple:
        values, item = line.values, line.item
        codes = (values[name].code for name in columns.CODES)
        return (item.category, item.uid.hex, *codes, values["carried_over"])

    def totals_json(self) -> list[dict]:
        lines = self.lines.values()
        of_items = {line.item.pk: line.item for line in lines}
        found = totals.declared(
            of_items.values(),
            {line.values["fund"] for line in lines},
            of_project=self.project is not None,
            carried=any(line.values["carried_over"] for line in lines),
        )
        sums = totals.sums(found, ((*self._dimensions(line), money.fen(line.values["amount"])) for line in lines))
        return [
            {
                "key": total.key,
                "label": total.label,
                "group": total.group,
                "where": total.where.as_json(),
                "fen": str(sums[total.key]),
            }
            for total in found
        ]

    def quotas_json(self) -> list[dict]:
        """The control numbers that limit the budget, whole, whatever of it this grid shows."""
        return [
            {
                "label": quota.label,
                "limit": str(money.fen(quota.amount)),
                "used": str(money.fen(quota.used)),
                "remaining": str(money.fen(quota.remaining)),
                "exceeded": quota.is_exceeded,
            }
            for quota in controls.quotas(self.budget)
        ]

    def unfinished_json(self) -> dict:
        fen = 0
        for draft in self.drafts.values():
            try:
                amount = self.judge.reader.read("amount", draft.texts["amount"])
            except ValueError:
                continue
            fen += money.fen(amount) if amount else 0
        return {"rows": len(self.drafts), "fen": str(fen)}

    def as_json(self) -> dict:
        """The state, as docs/grid-protocol.md has it."""
        return {
            "budget": self.budget.uid.hex,
            "version": self.budget.version,
            "scope": self.project.uid.hex if self.project else "basic",
            "unit": self.draft.unit,
            "step": self.draft.campaign.entry_step,
            "writable": self.draft.is_writable,
            "reason": self.draft.reason_not_to_write,
            "columns": [column.as_json(self.judge.reader) for column in self.columns],
            "rows": [self.row_json(row) for row in self.order],
            "totals": self.totals_json(),
            "unfinished": self.unfinished_json(),
            "quotas": self.quotas_json(),
        }
