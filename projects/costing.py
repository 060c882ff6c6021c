"""测算明细 beside the lines of their project: which cost is a part of which line, and what that comes to."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from budget.entry.draft import Draft
from budget.entry.lines import amount_of
from budget.entry.row_sets import RowSet
from budget.entry.rows import RowForm
from budget.reporting import money

from .entry import CostForm


@dataclass
class Share:
    """A line with its costs, 分. Without a line: costs that name no line there is."""

    name: str
    line: RowForm | None = None
    fen: int = 0
    costs: list[CostForm] = field(default_factory=list)

    @property
    def cost_fen(self) -> int:
        return sum(cost.fen for cost in self.costs)

    @property
    def difference(self) -> int:
        return self.cost_fen - self.fen


class Costing:
    """The costs of a project as they stand on its page, shared out to its lines by economic class and fund.

    `shares`: of every line that has costs; `lacking`: for costs whose line is not there yet; `doubtful`: for costs that
    fit several lines; `unassigned`: costs that name no line.
    """

    def __init__(self, lines: Iterable[RowForm], costs: Iterable[CostForm], draft: Draft):
        self.draft = draft
        self.lines = [line for line in lines if not line.is_removed and amount_of(line, "economic") is not None]
        self.shares: list[Share] = []
        self.lacking: dict[tuple, Share] = {}
        self.doubtful: dict[tuple, Share] = {}
        self.unassigned: list[CostForm] = []
        by_line: dict[str, Share] = {}
        for cost in costs:
            if cost.fen:
                self._assign(cost, by_line)
        self.shares = [by_line[line.key] for line in self.lines if line.key in by_line]

    def _assign(self, cost: CostForm, by_line: dict[str, Share]) -> None:
        economic, fund = amount_of(cost, "economic"), amount_of(cost, "fund")
        if economic is None:
            self.unassigned.append(cost)
            return
        fitting = [
            line
            for line in self.lines
            if amount_of(line, "economic") == economic and fund in (None, amount_of(line, "fund"))
        ]
        key, name = (economic, fund), f"{economic}{f'（{fund}）' if fund else ''}"
        if len(fitting) == 1:
            line = fitting[0]
            name = f"{amount_of(line, 'function') or ''} {economic} {amount_of(line, 'fund') or ''}".strip()
            fen = money.fen(amount_of(line) or 0)
            share = by_line.setdefault(line.key, Share(name, line, fen))
        else:
            share = (self.doubtful if fitting else self.lacking).setdefault(key, Share(name))
        share.costs.append(cost)

    @property
    def is_shared(self) -> bool:
        return bool(self.shares or self.lacking or self.doubtful)

    @property
    def is_even(self) -> bool:
        return not self.lacking and not self.doubtful and all(not share.difference for share in self.shares)

    @property
    def missing(self) -> list[Share]:
        return list(self.lacking.values())

    @property
    def unclear(self) -> list[Share]:
        return list(self.doubtful.values())

    def fill(self, rows: RowSet) -> Iterator[str]:
        """Put the sums into the lines on the page, add the lines that are lacking; nothing is saved.

        Yields what was done, in words.
        """
        for share in self.shares:
            if share.difference:
                share.line.fill("amount", self._text(rows, share.cost_fen))
                was, now = self.draft.printed(share.fen), self.draft.printed(share.cost_fen)
                yield f"{share.name}：由 {was} 改为 {now}"
        functions = {amount_of(line, "function") for line in self.lines} - {None}
        function = str(functions.pop()) if len(functions) == 1 else ""
        for (economic, fund), share in self.lacking.items():
            rows.suggest(
                {
                    "function": function,
                    "economic": str(economic),
                    "fund": str(fund) if fund else rows.defaults.get("fund", ""),
                    "amount": self._text(rows, share.cost_fen),
                }
            )
            yield f"{share.name}：新增明细 {self.draft.printed(share.cost_fen)}"
        for share in self.doubtful.values():
            yield f"{share.name}：有几条明细都相符，没有填入；请在测算明细中写明资金性质，或直接改明细金额"

    def _text(self, rows: RowSet, fen: int) -> str:
        amount = next(column for name, column in rows.columns if name == "amount")
        return amount.show(money.yuan(fen))
