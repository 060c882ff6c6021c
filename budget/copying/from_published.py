"""A published workbook rebuilt in a draft: its lines written, its tables computed again and compared."""

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import transaction

from budget import writing
from budget.books import read_book, select
from budget.importing.dimensions import Dimensions
from budget.importing.files import Source
from budget.models import Budget, DraftRow, FundSource, Item, Line, Origin
from budget.owned import problems_of, rows_of
from budget.reporting import money, registry

from . import published, rebuilding
from .codes import namesake
from .copying import Open, Outcome
from .draft_rows import draft_row

NO_ROOM = "支出总表中没有容纳这笔金额的科目，请填写功能分类。"
LINE_FIELDS = {"function": "function", "economic": "dept_economic", "government": "gov_economic"}


@dataclass
class Presumed:
    """A line of which something is 推定: what."""

    item: str
    amount: Decimal
    codes: str
    parts: str


@dataclass
class FromPublished(Outcome):
    """What rebuilding does: `differences` from the printed tables, computed after it; what is 推定."""

    differences: list[str] = field(default_factory=list)
    presumed: list[Presumed] = field(default_factory=list)
    certain: int = 0  # lines that the tables determine


def read(source: Source, draft: Budget) -> published.Facts:
    """The facts of a published workbook, by the headings of every set that prints the four tables.

    Raises published.NotPublished.
    """
    grids: dict[str, list] = {key: [] for key in published.TABLES}
    selection = select(draft.unit, draft.year, draft.stage)
    for one in registry.sets().values():
        if all(one.placed(key) for key in published.TABLES):
            book = read_book(selection, table_set=one, tables=published.TABLES)
            for key in published.TABLES:
                grids[key].append(book.grid(key))
    return published.read(source, grids)


def apply(
    facts: published.Facts, draft: Budget, *, by, address: str | None = None, is_preview: bool = False
) -> FromPublished:
    """Make the draft's items and lines those of the facts, all or nothing; a preview writes nothing.

    Raises writing.Conflicted, writing.Refused, writing.Locked.
    """
    with transaction.atomic():
        work = _Rebuilding(facts, draft)
        changes = work.changes()
        outcome = work.outcome
        outcome.written = writing.write(draft, changes, by=by, via="copy", seen=draft.version, address=address)
        outcome.differences = published.differences(facts, _computed(draft))
        transaction.set_rollback(is_preview)
    return outcome


def _computed(draft: Budget) -> published.Facts:
    """What the tables of the draft say now."""
    table_set = registry.sets()[draft.campaign.table_set]
    if not all(table_set.placed(key) for key in published.TABLES):
        table_set = next(one for one in registry.sets().values() if all(one.placed(key) for key in published.TABLES))
    selection = select(draft.unit, draft.year, draft.stage)
    book = read_book(selection, table_set=table_set, tables=published.TABLES)
    return published.of_grids({key: book.grid(key) for key in published.TABLES})


class _Rebuilding:
    def __init__(self, facts: published.Facts, draft: Budget):
        self.facts, self.draft = facts, draft
        self.dimensions = Dimensions(draft.campaign)
        self.outcome = FromPublished(writing.Written(draft))
        self.items: dict[tuple[str, str], Item] = {}
        self.found: list[writing.Change] = []

    def changes(self) -> list[writing.Change]:
        for model in (Item, DraftRow):
            rows = rows_of(model, self.draft, related=False)
            self.found.extend(writing.Remove(model, row.uid, row.version) for row in rows)
        lines = rebuilding.rebuild(self.facts)
        natures: dict[tuple[str, str], Counter] = {}
        for one in lines:
            natures.setdefault((one.category, one.name), Counter())[one.nature] += one.fen
        for position, line in enumerate(lines, 1):
            self._add(line, natures[line.category, line.name], position)
        return self.found

    def _add(self, one: rebuilding.Rebuilt, natures: Counter, position: int) -> None:
        key = (one.category, one.name)
        if key not in self.items:
            nature = natures.most_common(1)[0][0]
            fields = {"category": one.category, "name": one.name, "nature": nature, "position": len(self.items) + 1}
            self.items[key] = Item(budget=self.draft, **fields)
            self.found.append(writing.Add(self.items[key]))
        line, reasons = self._line(one, self.items[key])
        self.outcome.before += line.amount
        if not reasons:
            reasons = [message for _, message in problems_of(line)]
        if reasons:
            reason = "".join(dict.fromkeys(reasons))
            self.outcome.open.append(Open(one.name, line.amount, reason))
            self.found.append(writing.Add(draft_row(self.draft, line, position)))
            return
        self.found.append(writing.Add(line))
        self.outcome.after += line.amount
        if one.presumed:
            codes = "／".join(str(getattr(line, name)) for name in (*LINE_FIELDS, "fund"))
            parts = "、".join(sorted(one.presumed))
            self.outcome.presumed.append(Presumed(one.name, line.amount, codes, parts))
        else:
            self.outcome.certain += 1

    def _line(self, one: rebuilding.Rebuilt, item: Item) -> tuple[Line, list[str]]:
        reasons: list[str] = []
        values = {
            "function": self._code("function", one.function, reasons),
            "economic": self._code("dept_economic", one.economic, reasons),
            "fund": self._fund(one.fund, reasons),
        }
        government = self._code("gov_economic", one.government, reasons)
        if not one.government and one.economic and values["economic"] is not None:
            proposed = self.dimensions.proposals(values["economic"], item.nature)
            government = proposed[0] if proposed else None
            if government is None:
                reasons.append(f"{values['economic']} 没有对应的政府经济分类，请填写。")
        values["government"] = government
        origin = Origin.PRESUMED if one.presumed else Origin.COPIED
        known = {name: value for name, value in values.items() if value is not None}
        line = Line(item=item, carried_over=one.carried_over, amount=money.yuan(one.fen), origin=origin, **known)
        return line, reasons

    def _code(self, column: str, code: str, reasons: list[str]):
        """The leaf of the draft's edition; 未细化 where the tables say none; with a reason where it has none."""
        if not code:
            if column == "function" and not self.draft.campaign.allow_unspecified_function:
                reasons.append(NO_ROOM)
                return None
            return self.dimensions.unspecified[column]
        row = self.dimensions.classes[column].get(code)
        if row is not None and row.is_leaf:
            return row
        name = self.facts.names.get(code, "")
        proposed = namesake(self.dimensions.classes[column].values(), code, name)
        told = f"科目 {code} {name}".rstrip()
        proposal = f"，可改用 {proposed.code} {proposed.name}。" if proposed else "，请另选。"
        reasons.append(f"{told} 在{self.draft.year}年科目中没有{proposal}")
        return proposed

    def _fund(self, beginning: str, reasons: list[str]) -> FundSource | None:
        """The fund that a column of the tables stands for: the first leaf below it."""
        leaves = {fund.code: fund for funds in self.dimensions.funds.values() for fund in funds if fund.is_leaf}
        code = min((code for code in leaves if code.startswith(beginning)), default="")
        if not code:
            reasons.append(f"{self.draft.year}年资金性质中没有 {beginning}，请另选。")
        return leaves.get(code)
