"""编制进度 of 300 units and five years, beside an empty page: the notices of somebody who has none."""

from django.urls import reverse
from django.utils import timezone

from budget.models import Budget, Campaign, CampaignStage, ReviewStep, Transition
from organisation.models import Unit
from organisation.roles import Role

from . import data, pages

UNITS, YEARS, DEPARTMENT = 300, 5, "981"
STEPS = (("单位审核", Role.REVIEWER), ("主管部门审核", Role.DEPARTMENT), ("财政预算处审核", Role.FINANCE_BUDGET))


def requests() -> tuple:
    """Two functions: one asks for the overview, one for the empty page. The budgets are made here."""
    _fill()
    client = pages.client()
    address = f"{reverse('progress')}?year={data.YEAR}&stage={data.STAGE}"
    return pages.asking(client, address), pages.asking(client, reverse("notices"))


def _fill() -> None:
    top = Unit.objects.create(code=DEPARTMENT, name="某市机关事务管理局")
    codes = [f"{DEPARTMENT}{number:03}" for number in range(1, UNITS + 1)]
    Unit.objects.bulk_create(
        Unit(code=code, name=f"某市第{code}单位", parent=top, path=f"{top.path}{code}/") for code in codes
    )
    units = list(Unit.objects.filter(parent=top))
    now = timezone.now()
    for year in range(data.YEAR, data.YEAR - YEARS, -1):
        campaign = _campaign(year)
        states = (("draft", 0, None), ("submitted", 1, now), ("submitted", 2, now), ("passed", 3, now))
        made = Budget.objects.bulk_create(
            Budget(
                unit=unit,
                campaign=campaign,
                stage=data.STAGE,
                unit_name=unit.name,
                **dict(zip(("state", "step", "submitted"), states[at % len(states)], strict=True)),
            )
            for at, unit in enumerate(units)
        )
        Transition.objects.bulk_create(
            Transition(budget=one, move="submit", to_state=one.state, by_name="测速", at=now)
            for one in made
            if one.state != "draft"
        )


def _campaign(year: int) -> Campaign:
    model = Campaign.objects.get(year=data.YEAR)
    campaign, _ = Campaign.objects.get_or_create(
        year=year, defaults={"edition": model.edition, "table_set": model.table_set}
    )
    stage, _ = CampaignStage.objects.get_or_create(campaign=campaign, code=data.STAGE)
    if not stage.steps.exists():
        ReviewStep.objects.bulk_create(
            ReviewStep(stage=stage, order=order, name=name, role=role) for order, (name, role) in enumerate(STEPS, 1)
        )
    return campaign
