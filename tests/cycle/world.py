"""A unit with its reviewers, and a year in which three people review each stage."""

from dataclasses import dataclass, field
from datetime import date

from budget import checking, cycle, explaining
from budget.models import Budget, Campaign, CampaignStage, ReviewStep
from organisation.models import User
from organisation.roles import ROLES, UNIT_ROLES, Role
from tests.factories import make_budget, make_item, make_line, make_unit, make_user

STEPS = (
    ("单位审核", Role.REVIEWER),
    ("主管部门审核", Role.DEPARTMENT),
    ("财政预算处审核", Role.FINANCE_BUDGET),
)
NUMBER, DAY = "焦财预〔2023〕290号", date(2024, 2, 1)


def make_steps(campaign: Campaign, stage: str = "second", steps=STEPS) -> CampaignStage:
    found, _ = CampaignStage.objects.get_or_create(campaign=campaign, code=stage)
    ReviewStep.objects.bulk_create(
        ReviewStep(stage=found, order=at, name=name, role=role) for at, (name, role) in enumerate(steps, 1)
    )
    campaign.__dict__.pop("_steps_by_stage", None)
    return found


@dataclass
class People:
    """A person of every role for a unit, made when first asked for."""

    unit: object
    made: dict[str, User] = field(default_factory=dict)

    def __getitem__(self, role: str) -> User:
        if role not in self.made:
            above = role in (Role.DEPARTMENT, Role.FINANCE_OFFICE)
            unit = (self.unit.parent if above else self.unit) if role in UNIT_ROLES else None
            self.made[role] = make_user(role, unit, name=Role(role).label)
        return User.objects.get(pk=self.made[role].pk)  # a request has its own

    def all(self) -> dict[str, User]:
        return {role: self[role] for role in ROLES}


def make_filled(unit: str = "566001", *, stage: str = "second", amount: int = 1000, **fields) -> Budget:
    """A draft with one line, its warnings explained."""
    budget = make_budget(make_unit(unit), stage=stage, **fields)
    make_line(make_item(budget, "办公费"), amount)
    return explained(budget)


def explained(budget: Budget) -> Budget:
    """The budget with every warning explained, as it must be before it is submitted."""
    budget = fresh(budget)
    if warnings := checking.unexplained(budget):
        explaining.explain_all(budget, warnings, explaining.REASONS[0], by=None)
    return fresh(budget)


def walk(budget: Budget, people: People, state: str, step: int = 1) -> Budget:
    """Bring a draft by the legal moves to a state (submitted: at that step); the budget as it is then."""
    if state == "draft":
        return budget
    cycle.submit(budget, by=people[Role.CLERK])
    if state == "withdrawn":
        cycle.withdraw(fresh(budget), by=people[Role.CLERK])
        return fresh(budget)
    reviewers = [Role.REVIEWER, Role.DEPARTMENT, Role.FINANCE_BUDGET]
    for role in reviewers[: {"submitted": step - 1, "returned": 0}.get(state, 3)]:
        cycle.pass_(fresh(budget), by=people[role])
    if state == "returned":
        cycle.return_(fresh(budget), by=people[Role.REVIEWER], reason="请补充")
    if state == "approved":
        return cycle.approve([fresh(budget)], by=people[Role.FINANCE_BUDGET], number=NUMBER, day=DAY)[0]
    return fresh(budget)


def fresh(budget: Budget) -> Budget:
    return Budget.objects.select_related("unit", "campaign").get(pk=budget.pk)


def newest(budget: Budget) -> Budget:
    """The newest revision of the same stage."""
    same = Budget.objects.filter(unit=budget.unit, campaign=budget.campaign, stage=budget.stage)
    return same.select_related("unit", "campaign").latest("revision")
