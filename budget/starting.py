"""Where a unit has no budget yet: which campaign and stage a first one is begun in."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from organisation.models import Unit
from organisation.rights import can

from .models import Budget, Campaign, CampaignStage, stage_name, stage_order


@dataclass(frozen=True)
class Start:
    """A budget that may be begun: of a unit, in the current stage of the newest campaign."""

    unit: Unit
    campaign: Campaign
    stage: str

    @property
    def year(self) -> int:
        return self.campaign.year

    @property
    def stage_name(self) -> str:
        return stage_name(self.stage)


def start_of(unit: Unit, user) -> Start | None:
    """What the person may begin for a unit that has no budget at all; None where there is nothing to begin."""
    if not can(user, "edit", unit) or not _keeps_budgets(unit) or Budget.objects.filter(unit=unit).exists():
        return None
    campaign = Campaign.objects.prefetch_related("stages").first()
    stage = current_stage(list(campaign.stages.all())) if campaign else ""
    return Start(unit, campaign, stage) if stage else None


def units_without_budget(user) -> list[Unit]:
    """The units in which the person may begin a first budget."""
    units = Unit.objects.where_allowed(user, "edit").filter(is_active=True, budgets=None)
    return [unit for unit in units.order_by("path") if _keeps_budgets(unit)]


def current_stage(stages: list[CampaignStage]) -> str:
    """The stage whose time it is: the first that is open and not past, else the last begun, else the first; or ""."""
    today = timezone.localdate()
    first = sorted((one for one in stages if one.code in ("first", "second")), key=lambda one: stage_order(one.code))
    begun = [one for one in first if (one.opens or date.min) <= today]
    open_now = [one for one in begun if (one.due or date.max) >= today]
    chosen = open_now[:1] or begun[-1:] or first[:1]
    return chosen[0].code if chosen else ""


def _keeps_budgets(unit: Unit) -> bool:
    """A department's budget is those of its units."""
    return unit.is_active and not unit.is_department
