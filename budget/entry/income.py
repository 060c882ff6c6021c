"""收入: what follows from the lines, fund by fund, and the incomes that are estimated apart."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Sum

from budget.models import FundSource, IncomeEstimate, Line
from budget.reporting import money

from .editing import Editing
from .fields import AmountField, CodeField, TextField, YesNoField
from .help import HELP
from .lines import sum_of
from .row_sets import RowSet
from .rows import RowForm

_HELP = HELP["income"]


class IncomeForm(RowForm):
    model = IncomeEstimate
    label_field = "fund"

    fund = CodeField(label="资金性质", kind="fund", css="c-middle", help_text=_HELP["fund"])
    carried_over = YesNoField(label="结转", css="c-yes", help_text=_HELP["carried_over"])
    amount = AmountField(label="金额", css="c-middle num", help_text=_HELP["amount"])
    basis = TextField(label="测算依据", limit=500, required=False, help_text=_HELP["basis"])


@dataclass
class Received:
    """A fund's money (分): what lines spend of it, and what is estimated to come in where that is done apart."""

    fund: FundSource
    spent: dict[bool, int]
    estimated: dict[bool, int]

    @property
    def income(self) -> dict[bool, int]:
        return {over: self.estimated.get(over, self.spent.get(over, 0)) for over in (False, True)}

    @property
    def now(self) -> int:
        return self.income[False]

    @property
    def over(self) -> int:
        return self.income[True]

    @property
    def used(self) -> int:
        return sum(self.spent.values())

    @property
    def left(self) -> int:
        """年终结转结余; below zero more is spent than comes in."""
        return self.total - self.used

    @property
    def total(self) -> int:
        return sum(self.income.values())


class IncomeEditing(Editing):
    def build(self):
        stored = IncomeEstimate.objects.filter(budget=self.budget).select_related("fund")
        yield RowSet("estimates", IncomeForm, self.draft, stored, title="收入测算", posted=self.posted, extra=1)

    def received(self) -> list[Received]:
        """Every fund that has money, in the order of the classification, as it is stored."""
        found: dict[int, Received] = {}
        spent: dict[int, dict[bool, int]] = defaultdict(dict)
        lines = Line.objects.of(self.budget).order_by().values("fund", "carried_over").annotate(sum=Sum("amount"))
        for row in lines:
            spent[row["fund"]][row["carried_over"]] = money.fen(row["sum"])
        estimated: dict[int, dict[bool, int]] = defaultdict(dict)
        for row in self.sets["estimates"].stored.values():
            estimated[row.fund_id][row.carried_over] = money.fen(row.amount)
        for fund in FundSource.objects.filter(pk__in={*spent, *estimated}).order_by("code"):
            found[fund.pk] = Received(fund, spent[fund.pk], estimated[fund.pk])
        return list(found.values())

    @property
    def estimated(self) -> int:
        return sum_of(self.sets["estimates"].rows)
