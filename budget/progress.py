"""How far the units are: of every department and unit its newest stage, state, money, lines and last change."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Count, Max, Sum
from django.urls import reverse

from organisation.models import Unit
from records.models import ChangeRecord

from .controls import above
from .models import Budget, Line, stage_name, stage_order
from .pages import state_of

BATCH = 500


@dataclass(frozen=True)
class Known:
    """What is known of one budget."""

    amount: Decimal = Decimal(0)
    line_count: int = 0
    changed: datetime | None = None


@dataclass(frozen=True)
class Progress:
    """A department or unit with the newest stage that any of its units has; without budgets: nothing is begun."""

    organisation: Unit
    year: int
    stage: str
    budgets: tuple[Budget, ...]
    lacking: int
    known: tuple[Known, ...]

    @property
    def name(self) -> str:
        return self.organisation.name

    @property
    def kind(self) -> str:
        return "部门" if self.organisation.is_department else self.organisation.get_kind_display()

    @property
    def stage_name(self) -> str:
        return stage_name(self.stage) if self.budgets else ""

    @property
    def stage_order(self) -> int:
        return stage_order(self.stage) if self.budgets else 0

    @property
    def state(self) -> str:
        return state_of(self.budgets) if self.budgets else "未编制"

    @property
    def amount(self) -> Decimal:
        return sum((one.amount for one in self.known), Decimal(0))

    @property
    def line_count(self) -> int:
        return sum(one.line_count for one in self.known)

    @property
    def changed(self) -> datetime | None:
        return max((one.changed for one in self.known if one.changed), default=None)

    @property
    def url(self) -> str:
        return reverse("budget", args=(self.organisation.code, self.year, self.stage)) if self.budgets else ""


def known_of(budgets: Iterable[Budget]) -> dict[int, Known]:
    """budget id → what is known of it, in two queries a BATCH."""
    budgets, found = list(budgets), {}
    for at in range(0, len(budgets), BATCH):
        batch = {budget.pk: budget for budget in budgets[at : at + BATCH]}
        sums = Line.objects.filter(item__budget__in=list(batch)).order_by().values("item__budget")
        money = {
            one["item__budget"]: (one["amount"], one["lines"])
            for one in sums.annotate(amount=Sum("amount"), lines=Count("pk"))
        }
        chains = ChangeRecord.objects.filter(chain__in=[budget.chain for budget in batch.values()])
        changed = dict(chains.order_by().values_list("chain").annotate(Max("at")))
        for pk, budget in batch.items():
            found[pk] = Known(*money.get(pk, (Decimal(0), 0)), changed.get(budget.chain))
    return found


def progress(user, year: int) -> list[Progress]:
    """Every organisation the person may see that has a budget of the year, in the order of the tree."""
    units = list(Unit.objects.visible_to(user).filter(is_active=True))
    parents = {unit.parent_id for unit in units}
    leaves = Counter(path for unit in units if unit.pk not in parents for path in above(unit.path))
    budgets = list(Budget.objects.visible_to(user).of_year(year).latest_revisions().select_related("unit"))
    known = known_of(budgets)
    below: dict[str, list[Budget]] = defaultdict(list)
    for budget in budgets:
        for path in above(budget.unit.path):
            below[path].append(budget)
    rows = []
    for unit in units:
        if found := below[unit.path]:
            stage = max((budget.stage for budget in found), key=stage_order)
            having = tuple(budget for budget in found if budget.stage == stage)
            there = sum(budget.unit_id not in parents for budget in having)
            lacking = leaves[unit.path] - there
            rows.append(Progress(unit, year, stage, having, lacking, tuple(known[one.pk] for one in having)))
    return rows


def progress_of(selection) -> list[Progress]:
    """Each unit of a selection by itself, those that lack the stage too."""
    known = known_of(selection.budgets)
    year, stage = selection.campaign.year, selection.stage
    rows = [Progress(one.unit, year, stage, (one,), 0, (known[one.pk],)) for one in selection.budgets]
    rows += [Progress(unit, year, stage, (), 0, ()) for unit in selection.lacking]
    return sorted(rows, key=lambda row: row.organisation.path)
