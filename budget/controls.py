"""控制数: what is left of them, and what stops a budget from going above them.

A number of a unit limits the unit's budget; one of a department limits all its units' budgets together. Whoever may
raise what is spent holds the numbers' rows first, so that two units cannot use up the same money.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Max, OuterRef, Q, Subquery, Sum

from . import three_public
from .models import BASIC_CATEGORIES, PROJECT_CATEGORIES, Budget, Campaign, ControlNumber, Line
from .reporting.money import WAN, fen, printed


@dataclass(frozen=True)
class Quota:
    """A control number with what the budgets under it use (元)."""

    control: ControlNumber
    used: Decimal

    @property
    def amount(self) -> Decimal:
        return self.control.amount

    @property
    def remaining(self) -> Decimal:
        return self.control.amount - self.used

    @property
    def distance(self) -> Decimal:
        """How far it is to the number, from below or from above: never negative."""
        return abs(self.remaining)

    @property
    def is_exceeded(self) -> bool:
        return self.used > self.control.amount

    @property
    def label(self) -> str:
        unit = self.control.unit
        return f"{unit.name}（部门）{self.control.scope}" if unit.is_department else self.control.scope

    @property
    def excess_words(self) -> str:
        return (
            f"超过控制数：{self.label}控制数 {_wan(self.amount)} 万元，已安排 {_wan(self.used)} 万元，"
            f"超出 {_wan(self.used - self.amount)} 万元"
        )


def _wan(amount: Decimal) -> str:
    return printed(fen(amount), WAN, thousands=True) or "0.00"


def of(budget: Budget):
    """The numbers that limit a budget: its unit's own, and those of the units above it."""
    return ControlNumber.objects.filter(
        stage__campaign=budget.campaign_id, stage__code=budget.stage, unit__path__in=above(budget.unit.path)
    )


def above(path: str) -> list[str]:
    """The path and those above it: 566/566001/ → 566/, 566/566001/."""
    codes = path.rstrip("/").split("/")
    return ["/".join(codes[:end]) + "/" for end in range(1, len(codes) + 1)]


def quotas(budget: Budget) -> list[Quota]:
    """Every number that limits the budget with what is used of it, for a grid's footer and for the overview."""
    if budget.campaign.control_mode == Campaign.Control.IGNORE:
        return []
    return used_of(of(budget).select_related("unit").order_by("unit__path", "kind", "fund"), budget)


def held(budget: Budget) -> list[ControlNumber]:
    """The same numbers, locked until the end of the transaction, always in the same order."""
    if budget.campaign.control_mode == Campaign.Control.IGNORE:
        return []
    return list(of(budget).select_related("unit").select_for_update(of=("self",)).order_by("pk"))


def used_of(controls: Iterable[ControlNumber], budget: Budget) -> list[Quota]:
    """What the newest budgets of the same year and stage use of each number, in one query."""
    controls = list(controls)
    if not controls:
        return []
    widest = min((control.unit for control in controls), key=lambda unit: len(unit.path))
    sums = _sums(widest.path, budget.campaign_id, budget.stage, controls)
    return [Quota(control, sums[at]) for at, control in enumerate(controls)]


def _sums(path: str, campaign: int, stage: str, controls: list[ControlNumber]) -> list[Decimal]:
    newest = (
        Budget.objects.filter(campaign=campaign, stage=stage, unit=OuterRef("item__budget__unit"))
        .order_by()
        .values("unit")
        .annotate(newest=Max("revision"))
        .values("newest")
    )
    lines = Line.objects.filter(
        item__budget__campaign=campaign,
        item__budget__stage=stage,
        item__budget__unit__path__startswith=path,
        item__budget__revision=Subquery(newest),
        carried_over=False,
    ).order_by()
    found = lines.aggregate(
        **{f"used_{at}": Sum("amount", filter=scope_of(control)) for at, control in enumerate(controls)}
    )
    return [found[f"used_{at}"] or Decimal(0) for at in range(len(controls))]


def scope_of(control: ControlNumber) -> Q:
    """The lines that a number counts."""
    scope = Q(item__budget__unit__path__startswith=control.unit.path)
    if control.fund:
        scope &= Q(fund__code__startswith=control.fund)
    match control.kind:
        case ControlNumber.Kind.BASIC:
            scope &= Q(item__category__in=BASIC_CATEGORIES)
        case ControlNumber.Kind.PROJECT:
            scope &= Q(item__category__in=PROJECT_CATEGORIES)
        case ControlNumber.Kind.THREE_PUBLIC:
            scope &= Q(economic__code__in=three_public.CLASSES)
            if not control.fund:
                scope &= Q(fund__code__startswith=ControlNumber.Fund.GENERAL)
    return scope


def gone_above(before: Iterable[Quota], after: Iterable[Quota]) -> list[Quota]:
    """The numbers that a write went above, or further above: what lowers an excess is never in the way."""
    was = {quota.control.pk: quota.used for quota in before}
    return [quota for quota in after if quota.is_exceeded and quota.used > was[quota.control.pk]]
