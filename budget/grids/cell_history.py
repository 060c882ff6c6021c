"""Every value that a cell had: who wrote it, when, how. From the history, operation by operation."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import groupby
from uuid import UUID

from django.utils import timezone

from budget import cells
from budget.entry.draft import Draft
from budget.models import Category, Line
from budget.reporting import money
from budget.tables import exactly
from records.models import ChangeRecord

from .columns import KEPT, OF_ITEM, YES

OF_LINE, OF_DRAFT, OF_ITEM_ITSELF = "budget.line", "budget.draftrow", "budget.item"
ACTIONS = {(False, True): "填写", (True, True): "修改", (True, False): "清空"}


class CellHistory:
    """The values of a cell as text in the person's unit, oldest first while it is worked out."""

    def __init__(self, draft: Draft, row: UUID, column: str):
        self.draft, self.row, self.column = draft, row, column
        line = Line.objects.filter(item__budget=draft.budget, uid=row).select_related("item").first()
        self.item = line.item.uid if line is not None and column in OF_ITEM else None
        self.unit = money.WAN
        self.value = self.of_item = ""
        self.is_line = False

    def entries(self) -> list[dict]:
        """Newest first."""
        subjects = [self.row, *([self.item] if self.item else [])]
        records = ChangeRecord.objects.filter(chain=self.draft.budget.chain, subject_uid__in=subjects)
        return list(self._entries(records.order_by("sequence")))[::-1]

    def _entries(self, records) -> Iterator[dict]:
        for _, told in groupby(records, key=lambda record: record.operation):
            told = list(told)
            before = self.value
            for record in told:
                self._follow(record)
            if self.value != before:
                yield {
                    "at": timezone.localtime(told[-1].at).isoformat(timespec="seconds"),
                    "by": told[-1].by_name,
                    "via": told[-1].get_via_display(),
                    "action": ACTIONS[bool(before), bool(self.value)],
                    "before": before,
                    "after": self.value,
                }

    def _follow(self, record: ChangeRecord) -> None:
        """The cell's value after a change of its row, or of the row's item."""
        after = record.after or {}
        if record.subject == OF_ITEM_ITSELF:
            if self.column in after:
                self.of_item = self._of_item(after[self.column])
                self.value = self.of_item if self.is_line else self.value
        elif record.action == ChangeRecord.Action.REMOVE:
            self.value, self.is_line = "", False
        elif record.subject == OF_DRAFT:
            self.unit = after.get("amount_unit", self.unit)
            if "cells" in after:
                self.value = self._typed(after["cells"].get(self.column, ""))
        elif record.subject == OF_LINE:
            self._follow_line(after)

    def _follow_line(self, after: dict) -> None:
        self.is_line = True
        if self.column == "name":
            self.value = after.get("item") or self.value
        elif self.column in ("category", "nature"):
            self.value = self.of_item or self.value
        elif self.column in after:
            self.value = self._stored(after[self.column])

    def _of_item(self, value: str) -> str:
        return Category(value).label if self.column == "category" else value

    def _typed(self, text: str) -> str:
        if self.column != "amount" or self.unit == self.draft.unit:
            return text
        try:
            fen = cells.parse_amount(text, self.unit, cells.FEN_STEP).fen
        except cells.Refusal:
            return text
        return "" if fen is None else self._amount(fen)

    def _stored(self, value) -> str:
        if self.column == "amount":
            return self._amount(money.fen(Decimal(value)))
        if KEPT[self.column].kind == YES:
            return cells.YES if value else ""
        return str(value)

    def _amount(self, fen: int) -> str:
        return f"{exactly(money.yuan(fen), self.draft.unit):,f}"
