"""Whose turn it is: the review steps of a stage, and what a person may do to a budget in its state."""

from collections.abc import Iterable
from datetime import date

from organisation.models import Unit
from organisation.rights import can, memberships_of
from organisation.roles import MOVES

from .models import Budget, Campaign, CampaignStage, ReviewStep, Transition, stage_order

STATE = Budget.State
CLERK = 0  # the step of who prepares the budget


def steps_of(budget: Budget) -> list[ReviewStep]:
    """The review steps of the budget's stage in their order; an adjustment without its own takes those before 批复."""
    found = {
        code: list(steps)
        for code, steps in stages_of(budget.campaign).items()
        if code in (budget.stage, source_stage(budget.campaign))
    }
    if budget.stage not in found and budget.stage.startswith("adjusted-"):
        return found.get(source_stage(budget.campaign), [])
    return found.get(budget.stage, [])


def stages_of(campaign: Campaign) -> dict[str, list[ReviewStep]]:
    """stage code → its steps; read once for each campaign object."""
    return {code: steps for code, (_, steps) in _stages(campaign).items()}


def opens_on(budget: Budget) -> date | None:
    """The day from which budgets of this one's stage are taken in, where the campaign says one."""
    opens, _ = _stages(budget.campaign).get(budget.stage, (None, []))
    return opens


def _stages(campaign: Campaign) -> dict[str, tuple[date | None, list[ReviewStep]]]:
    """stage code → when it opens, and its steps."""
    if not hasattr(campaign, "_steps_by_stage"):
        is_read = "stages" in getattr(campaign, "_prefetched_objects_cache", {})
        read = CampaignStage.objects.filter(campaign=campaign.pk).prefetch_related("steps")
        campaign._steps_by_stage = {
            stage.code: (stage.opens, sorted(stage.steps.all(), key=lambda step: step.order))
            for stage in (campaign.stages.all() if is_read else read)
        }
    return campaign._steps_by_stage


def source_stage(campaign: Campaign) -> str:
    """The stage from which 批复 is made: the last one before it that the year has."""
    codes = [code for code in stages_of(campaign) if stage_order(code) < stage_order("approved")]
    return max(codes, key=stage_order, default="second")


def leads_to_approval(campaign: Campaign, stage: str) -> bool:
    """Whether budgets of the stage are approved once they have passed: the last one before 批复, and adjustments."""
    return stage.startswith("adjusted-") or stage == source_stage(campaign)


def step_at(budget: Budget) -> ReviewStep | None:
    """The step at which a submitted budget waits."""
    steps = steps_of(budget)
    at = max(budget.step, 1)
    return steps[at - 1] if budget.state == STATE.SUBMITTED and at <= len(steps) else None


def may(user, move: str, budget: Budget) -> bool:
    """Whether the person may do the move to the budget in its state, at its step."""
    allowed = MOVES[move]
    if budget.state not in allowed.states or not can(user, allowed.action, budget):
        return False
    return move not in ("pass", "return") or _is_at_step(user, budget)


def _is_at_step(user, budget: Budget) -> bool:
    """Whether it is this person's turn; of a passed budget, of who passed it last or of who approves."""
    steps = steps_of(budget)
    if budget.state == STATE.PASSED:
        return can(user, "approve", budget) or bool(steps and holds(user, steps[-1].role, budget.unit))
    if not steps:
        return can(user, "approve", budget)
    step = step_at(budget)
    return step is not None and holds(user, step.role, budget.unit)


def holds(user, role: str, unit: Unit) -> bool:
    """Whether the person holds the role for the unit today."""
    return any(
        one.role == role and (one.unit_id is None or unit.path.startswith(one.unit.path))
        for one in memberships_of(user)
    )


def waiting_for(budget: Budget) -> str:
    """Whose turn it is, in words."""
    if budget.state == STATE.DRAFT:
        return "单位经办"
    if budget.state == STATE.SUBMITTED:
        step = step_at(budget)
        return step.name if step else "财政预算处"
    return "财政预算处" if budget.state == STATE.PASSED else ""


def followed(budget: Budget) -> str:
    """What was made of a budget that passed, in words: then it is not given back any more. "" where nothing was."""
    following = budget.successors.exclude(stage=budget.stage).order_by("pk").last()
    if following is None:
        return ""
    return "已经批复，变动请编制调整" if following.state == STATE.APPROVED else f"已经开始{following.stage_name}"


def unfollowed(budgets: Iterable[Budget]) -> list[Budget]:
    """Those that have passed and of which nothing was made yet: what may be approved, or opened in the next stage."""
    passed = {budget.pk: budget for budget in budgets if budget.state == STATE.PASSED}
    following = Budget.objects.filter(based_on__in=list(passed)) if passed else Budget.objects.none()
    for source, stage in following.order_by().values_list("based_on", "stage"):
        if source in passed and passed[source].stage != stage:
            del passed[source]
    return list(passed.values())


def last_transition(budget: Budget) -> Transition | None:
    return Transition.objects.filter(budget=budget).order_by("pk").last()
