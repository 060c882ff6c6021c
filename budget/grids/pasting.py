"""A paste, before it is one: what a clipboard text would change, cell by cell, ready to be saved whole."""

import uuid
from collections import Counter
from dataclasses import dataclass, field

from budget import cells
from budget.entry.draft import Draft
from budget.importing import clipboard
from budget.models import Item
from budget.reporting import money

from . import headings
from .asked import MOST_CHANGES, Change, Paste, TooMuch
from .columns import AMOUNT, COMPUTED, Column, Reader
from .plan import Plan
from .sheet import Sheet

NOT_TYPED = "自动计算，不粘贴"
FROM_ABOVE = ("category", "name", "nature")  # merged cells: only the first row of them says it
PROPOSED = {"fund": "资金性质没有写，填为一般公共预算", "government": "政府经济分类没有写，按部门经济分类填入"}


@dataclass
class Target:
    """A row of the grid that a pasted line goes to, with the cells that change."""

    uid: uuid.UUID
    line: int
    old: dict[str, str]
    seen: str
    pasted: dict[str, str] = field(default_factory=dict)
    after: uuid.UUID | None = None

    @property
    def is_new(self) -> bool:
        return not self.seen


class Pasting:
    """What the paste comes to: `targets` with their cells, what is left out and why."""

    def __init__(self, draft: Draft, project: Item | None, asked: Paste):
        self.sheet = Sheet(draft, project)
        self.asked, self.reader = asked, self.sheet.judge.reader
        self.columns: tuple[Column, ...] = self.sheet.columns
        self.skipped: list[dict] = []
        self.ignored: list[dict] = []
        self.notices: list[str] = []
        self.doubts: list[str] = []
        self.stated: list[str] = []  # amounts of total rows
        rows = clipboard.cut(asked.text)
        self.header = headings.Header(self.columns)
        self.has_header = self.header.find(rows)
        self.at = self._columns(rows)
        self.targets = self._targets(rows)
        self._convert()
        self.changes = [self._change(target) for target in self.targets]
        self.same = sum(len(target.pasted) for target in self.targets)
        self.changes = [change for change in self.changes if change.cells]
        self.cells = sum(len(change.cells) for change in self.changes)
        self.same -= self.cells
        self.plan = Plan(self.sheet, self.changes, {})
        self._add_up()
        self._tell_proposals()

    # ---- where it goes

    def _columns(self, rows: list[list[str]]) -> list[Column | None]:
        """The grid's column of each pasted one; what is computed or lies outside is told and left out."""
        if self.has_header:
            found, heads = self.header.at, [rows[at] for at in self.header.lines]
            names = [
                next((row[place] for row in heads[::-1] if place < len(row) and row[place].strip()), "")
                for place in range(len(found))
            ]
        else:
            shown = [column for column in self.columns if column.key in self.asked.shown] or list(self.columns)
            start = next((at for at, column in enumerate(shown) if column.key == self.asked.column), len(shown))
            width = max((len(row) for row in rows), default=0)
            found = [shown[start + at] if start + at < len(shown) else None for at in range(width)]
            names = [f"第{at + 1}列" for at in range(width)]
        for column, name in zip(found, names, strict=True):
            if column is None and name.strip():
                reason = "表格中没有这一列" if self.has_header else "超出表格的列"
                self.ignored.append({"column": headings.plain(name), "reason": reason})
            elif column is not None and column.kind == COMPUTED:
                self.ignored.append({"column": column.label, "reason": NOT_TYPED})
        return [column if column is not None and column.is_typed else None for column in found]

    def _targets(self, rows: list[list[str]]) -> list[Target]:
        waiting = self._from_the_anchor()
        found: list[Target] = []
        last = self.asked.order[-1] if self.asked.order else None
        above: dict[str, str] = {}
        is_filled = False
        for number, row in enumerate(rows):
            if self.has_header and number < self.header.lines.stop:
                is_head = number in self.header.lines
                self._skip(number, row, "表头，不粘贴" if is_head else "表头以上的文字，不粘贴")
                continue
            pasted = {
                column.key: row[place] if place < len(row) else ""
                for place, column in enumerate(self.at)
                if column is not None
            }
            if total := self._total(row, pasted):
                self._skip(number, [total, pasted.get("amount", "")], "合计行，不粘贴")
                if headings.is_grand_total(total) and pasted.get("amount", "").strip():
                    self.stated.append(pasted["amount"])
                continue
            is_blank = not any(text.strip() for text in pasted.values())
            if not waiting and is_blank:
                continue
            target = self._target(waiting.pop(0) if waiting else uuid.uuid4(), number + 1, last)
            last = target.uid
            if is_blank:
                continue
            if target.is_new:
                filled = self._from_above(pasted, above)
                is_filled = is_filled or filled
                above = {key: pasted.get(key, "") for key in FROM_ABOVE}
            target.pasted = pasted
            found.append(target)
        if is_filled:
            self.notices.append("类别、项目名称空着的行（合并单元格），按上一行填写。")
        if len(found) > MOST_CHANGES:
            raise TooMuch(f"一次最多粘贴{MOST_CHANGES}行，请分几次，或者用文件导入。")
        return found

    def _total(self, row: list[str], pasted: dict[str, str]) -> str:
        """The cell that says that the row is a total, or "". Items may be named 培训费合计: those have their codes."""
        total = next((text for text in row[:3] if headings.is_total(text)), "")
        if total and not headings.is_nothing_but_total(total) and self._has_codes(pasted):
            return ""
        return total

    def _has_codes(self, pasted: dict[str, str]) -> bool:
        try:
            return all(self.reader.read(key, pasted.get(key, "")) for key in ("function", "economic"))
        except cells.Refusal:
            return False

    def _from_the_anchor(self) -> list[uuid.UUID]:
        order = list(self.asked.order)
        return order[order.index(self.asked.row) :] if self.asked.row in order else []

    def _target(self, uid: uuid.UUID, line: int, last: uuid.UUID | None) -> Target:
        stored = self.sheet.get(uid)
        if stored is None:
            return Target(uid, line, {}, "", after=last)
        return Target(uid, line, self.sheet.texts(stored), stored.version)

    @staticmethod
    def _from_above(pasted: dict[str, str], above: dict[str, str]) -> bool:
        """In a new row the item is said once for all rows below it, where cells were merged."""
        if pasted.get("name", "").strip() or "name" not in pasted or not above.get("name", "").strip():
            if not pasted.get("category", "x").strip() and above.get("category", "").strip():
                pasted["category"] = above["category"]
                return True
            return False
        if pasted.get("category", "").strip() and pasted["category"] != above.get("category"):
            return False
        for key in FROM_ABOVE:
            if key in pasted and not pasted[key].strip():
                pasted[key] = above.get(key, "")
        return True

    def _skip(self, number: int, row: list[str], reason: str) -> None:
        text = "　".join(text.strip() for text in row if text.strip())
        if text:
            self.skipped.append({"line": number + 1, "text": text[:60], "reason": reason})

    # ---- what it says

    def _convert(self) -> None:
        """Amounts that the header says are in the other unit."""
        unit = self.sheet.draft.unit
        is_money = any(column is not None and column.kind == AMOUNT for column in self.at)
        if not is_money:
            return
        if self.header.unit not in ("", unit):
            other = Reader(Draft(self.sheet.budget, self.sheet.draft.user, self.header.unit))
            for target in self.targets:
                target.pasted["amount"] = self._in_this_unit(other, target.pasted["amount"])
            self.stated = [self._in_this_unit(other, text) for text in self.stated]
            self.notices.append(f"剪贴板的金额单位是{self.header.unit}，已换算成{unit}。")
        else:
            said = "与表头一致" if self.header.unit else "剪贴板没有写明单位，请核对"
            self.notices.append(f"金额按{unit}粘贴（{said}）。")

    def _in_this_unit(self, other: Reader, text: str) -> str:
        try:
            return self.reader.show("amount", other.read("amount", text))
        except ValueError:
            return text

    def _add_up(self) -> None:
        """What the pasted amounts come to, beside the total that stands under them."""
        amounts = [self._fen(target.pasted["amount"]) for target in self.targets if "amount" in target.pasted]
        if not amounts or None in amounts:
            return  # what cannot be read is said where it stands
        total, unit = sum(amounts), self.sheet.draft.unit
        said = f"粘贴的金额合计{self.sheet.amount(total)}{unit}"
        stated = [fen for text in self.stated if (fen := self._fen(text)) is not None]
        if total in stated:
            self.notices.append(f"{said}，与合计行一致。")
        elif stated:
            off = self.sheet.amount(total - stated[-1])
            self.doubts.append(f"{said}，合计行是{self.sheet.amount(stated[-1])}，相差{off}，请核对是否漏行或重行。")
        else:
            self.notices.append(f"{said}。")

    def _fen(self, text: str) -> int | None:
        """An amount as it stands (分), a blank one 0; None where it cannot be read."""
        try:
            amount = self.reader.read("amount", text)
        except cells.Refusal:
            return None
        return money.fen(amount) if amount else 0

    def _tell_proposals(self) -> None:
        rows = [self.plan.rows[change.uid].judged for change in self.changes if change.uid in self.plan.rows]
        counted = Counter(key for judged in rows for key in judged.followed)
        self.notices += [f"{counted[key]}行的{said}，请核对。" for key, said in PROPOSED.items() if counted[key]]

    def _lacking(self) -> list[str]:
        """What the rows that stay unfinished still need, with how many of them."""
        rows = [self.plan.rows[change.uid].judged for change in self.changes if change.uid in self.plan.rows]
        counted = Counter(key for judged in rows if judged.errors for key in judged.missing)
        labels = {column.key: column.label for column in self.columns}
        return [f"{labels[key]}（{count}行）" for key, count in counted.items() if key in labels]

    def _change(self, target: Target) -> Change:
        changed = {}
        for key, text in target.pasted.items():
            if self.reader.cleaned(key, text) != self.reader.cleaned(key, target.old.get(key, "")):
                changed[key] = text.strip(" \t")
        return Change(target.uid, target.seen, changed, target.after)

    # ---- as JSON

    def as_json(self) -> dict:
        targets = {target.uid: target for target in self.targets}
        rows = [self._row(targets[change.uid], change) for change in self.changes]
        return {
            "header": self.has_header,
            "columns": [column.key if column is not None else "" for column in self.at],
            "rows": rows,
            "skipped": self.skipped,
            "ignored": self.ignored,
            "notices": [*self.notices, *self.plan.notices],
            "doubts": self.doubts,
            "lacking": self._lacking(),
            "counts": {
                "changed": sum(not row["new"] for row in rows),
                "added": sum(row["new"] for row in rows),
                "cells": self.cells,
                "same": self.same,
                "errors": sum(len(messages) for errors in self.plan.wrong().values() for messages in errors.values()),
                "unfinished": sum(row["state"] == "draft" for row in rows),
            },
            "changes": [self._asked(change) for change in self.changes],
        }

    def _row(self, target: Target, change: Change) -> dict:
        row = self.plan.rows.get(change.uid)
        errors = row.judged.errors if row else {}
        return {
            "id": change.uid.hex,
            "new": target.is_new,
            "line": target.line,
            "cells": {
                key: {
                    "old": target.old.get(key, ""),
                    "new": text,
                    "shown": self.reader.cleaned(key, text),
                    "errors": errors.get(key, []),
                }
                for key, text in change.cells.items()
            },
            "errors": errors,
            "state": "draft" if errors else "line",
        }

    @staticmethod
    def _asked(change: Change) -> dict:
        asked = {"id": change.uid.hex, "seen": change.seen, "cells": dict(change.cells)}
        return asked | {"after": change.after.hex if change.after else ""} if not change.seen else asked
