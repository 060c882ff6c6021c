"""What keeps a draft from being submitted."""

from collections import Counter
from typing import NamedTuple

from django.db.models import Count, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.formats import date_format

from . import checking, controls, turns
from .fields import AmountField
from .models import Budget, Campaign, DraftRow, Item, Line
from .reporting.money import WAN, fen, printed

TOLD = {"L11", "L13", "C01"}  # the rules that `missing` tells of: empty items, unfinished rows, control numbers


class Obstacle(NamedTuple):
    """Why it cannot be submitted; `page`: the name of the page where that is mended."""

    text: str
    page: str


def obstacles(budget: Budget) -> list[Obstacle]:
    """Everything that stands in the way, all at once: what is missing, errors, warnings that nobody explained."""
    report = checking.check(checking.selection_of(budget))
    errors = [error for error in report.errors if error.finding.rule.id not in TOLD]
    found = [*missing(budget), *(Obstacle(f"检查错误：{error}", "checks") for error in errors)]
    by_rule = Counter(warning.finding.rule for warning in report.warnings if warning.finding.rule.id not in TOLD)
    return [
        *found,
        *(
            Obstacle(f"检查警告须改正或说明：{one.id} {one.title}（{number} 处）", "checks")
            for one, number in by_rule.items()
        ),
    ]


def missing(budget: Budget) -> list[Obstacle]:
    """What stands in the way before anything is checked: a few questions to the database."""
    found = []
    opens = turns.opens_on(budget)
    if opens and timezone.localdate() < opens:
        day = date_format(opens, "Y年n月j日")
        found.append(Obstacle(f"{budget.stage_name}{day}起受理送审，现在可以先编制", "cycle"))
    if drafts := DraftRow.objects.filter(budget=budget).count():
        found.append(Obstacle(f"{drafts} 行明细未完成", "basic"))
    items = list(Item.objects.of(budget).annotate(lines_there=Count("lines")).values_list("name", "lines_there"))
    if not any(count for _, count in items):
        found.append(Obstacle("预算还是空的，没有一条明细", "basic"))
    elif empty := [name for name, count in items if not count]:
        more = f"等 {len(empty)} 个项目" if len(empty) > 3 else ""
        found.append(Obstacle(f"没有安排金额的项目：{'、'.join(empty[:3])}{more}", "basic"))
    if budget.campaign.control_mode == Campaign.Control.STOP:
        found += [Obstacle(quota.excess_words, "controls") for quota in controls.quotas(budget) if quota.is_exceeded]
    return [*found, *(Obstacle(text, "basic") for text in of_adjustment(budget))]


def of_adjustment(budget: Budget) -> list[str]:
    """Why an adjustment is not what it says: 调剂 leaves the total as it was, 追加 raises it, 追减 lowers it."""
    if not budget.adjustment or budget.based_on_id is None:
        return []
    now, before = total(budget), total(_adjusted(budget))
    moved = f"{printed(fen(abs(now - before)), WAN, thousands=True)}万元"
    match budget.adjustment:
        case Budget.Adjustment.MOVE if now != before:
            return [f"调剂须收支平衡，总额不变：现在比调整前{'多' if now > before else '少'} {moved}"]
        case Budget.Adjustment.ADD if now <= before:
            return ["追加预算的总额须大于调整前"]
        case Budget.Adjustment.CUT if now >= before:
            return ["追减预算的总额须小于调整前"]
    return []


def _adjusted(budget: Budget) -> Budget:
    """The approved budget that an adjustment, in whichever revision, started from."""
    there = Budget.objects.filter(unit=budget.unit_id, campaign=budget.campaign_id).in_bulk()
    before = there[budget.based_on_id]
    while before.stage == budget.stage:
        before = there[before.based_on_id]
    return before


def total(budget: Budget):
    """What a budget spends (元)."""
    return Line.objects.of(budget).aggregate(total=Coalesce(Sum("amount"), 0, output_field=AmountField()))["total"]
