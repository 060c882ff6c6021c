"""The empty draft that begins a stage, and what may be set in a draft's own row."""

from django.db import transaction

from organisation.models import Unit
from records import history

from .models import Budget, Campaign, stage_name
from .writing import Conflict, Conflicted, Difference, Locked, Problem, Refused

REOPENED = (Budget.State.RETURNED, Budget.State.WITHDRAWN)


def open_draft(unit: Unit, campaign: Campaign, stage: str, *, by, via: str, address: str | None = None) -> Budget:
    """An empty draft of the unit for a stage of the campaign; its revision follows the last one.

    Raises Refused where the campaign has no such stage, or the unit has a budget there that still counts.
    """
    with transaction.atomic():
        unit = Unit.objects.select_for_update(of=("self",)).get(pk=unit.pk)
        if stage == "approved":
            raise Refused([Problem(-1, "stage", "批复预算由批复产生，不能新建草稿。")])
        if not campaign.stages.filter(code=stage).exists():
            raise Refused([Problem(-1, "stage", f"{campaign}没有“{stage_name(stage)}”阶段。")])
        there = Budget.objects.filter(unit=unit, campaign=campaign, stage=stage).order_by("revision").last()
        if there is not None and there.state not in REOPENED:
            raise Refused([Problem(-1, "stage", f"该单位此阶段已有预算（{there.get_state_display()}），不能另建。")])
        revision = there.revision + 1 if there else 1
        budget = Budget.objects.create(
            unit=unit, campaign=campaign, stage=stage, revision=revision, unit_name=unit.name
        )
        told = {"stage": stage, "revision": revision, "state": budget.state, "unit_name": unit.name}
        _tell(budget, "add", None, told, by=by, via=via, address=address)
    return budget


def rename_unit(budget: Budget, unit_name: str, *, seen: int, by, via: str, address: str | None = None) -> Budget:
    """Set the name under which a draft prints its unit. Raises Locked, Conflicted or Refused."""
    with transaction.atomic():
        stored = Budget.objects.select_for_update(of=("self",)).select_related("unit", "campaign").get(pk=budget.pk)
        if not stored.is_draft:
            raise Locked(stored)
        before = stored.unit_name
        if before == unit_name:
            return stored
        if stored.version != seen:
            raise Conflicted([Conflict(0, stored, (Difference("unit_name", before, unit_name),))])
        if not unit_name.strip():
            raise Refused([Problem(-1, "unit_name", "请填写单位名称。")])
        stored.unit_name = unit_name
        stored.version += 1
        stored.save(update_fields=["unit_name", "version"])
        told = {"unit_name": before}, {"unit_name": unit_name}
        _tell(stored, "edit", *told, by=by, via=via, address=address)
    return stored


def _tell(budget: Budget, action: str, before, after, *, by, via: str, address: str | None) -> None:
    happened = history.Happened(action, budget._meta.label_lower, budget.uid, str(budget), before, after)
    history.append(budget.chain, [happened], by=by, via=via, unit=budget.unit, address=address)
