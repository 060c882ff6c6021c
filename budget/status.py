"""Where a budget stands on its way, as a person sees it: the bar of steps, and the buttons with why they are off."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from organisation.rights import can
from organisation.roles import MOVES

from . import turns
from .models import Budget, Campaign, Transition, stage_order

STATE, MOVE = Budget.State, Transition.Move
DONE, HERE, AHEAD = "done", "here", "ahead"


@dataclass(frozen=True)
class BarStep:
    """A step of the status bar: who took it and when, or by when it is due."""

    name: str
    state: str
    by: str = ""
    at: datetime | None = None
    due: date | None = None

    @property
    def words(self) -> str:
        return {DONE: "已办", HERE: "正在办理", AHEAD: "未到"}[self.state]


@dataclass(frozen=True)
class Button:
    """A move the person's role knows; `reason`: why it cannot be done now, "" where it can."""

    move: str
    label: str
    reason: str = ""
    needs_reason: bool = False


def bar(budget: Budget, transitions: Sequence[Transition]) -> list[BarStep]:
    """单位编制, each review step, 批复: with names and dates as far as they are done."""
    steps = turns.steps_of(budget)
    at = _position(budget, len(steps))
    by_step: dict[int, Transition] = {}
    for one in transitions:
        if one.move == MOVE.SUBMIT:
            by_step = {0: one}
        elif one.move == MOVE.PASS:
            by_step[max(one.from_step, 1)] = one
        elif one.move == MOVE.RETURN:
            by_step = {number: kept for number, kept in by_step.items() if number < one.step}
        elif one.move == MOVE.APPROVE:
            by_step[len(steps) + 1] = one
    own = {step.pk for step in turns.stages_of(budget.campaign).get(budget.stage, [])}  # else another stage's dates
    due = {step.pk: step.due for step in steps if step.pk in own}
    names = [("单位编制", None), *((step.name, due.get(step.pk)) for step in steps), ("批复", None)]
    found = []
    for number, (name, due) in enumerate(names):
        done = by_step.get(number) if number < at else None
        state = DONE if number < at else HERE if number == at else AHEAD
        found.append(BarStep(name, state, done.by_name if done else "", done.at if done else None, due))
    return found


def _position(budget: Budget, count: int) -> int:
    """Which step of the bar is being done; beyond the last for what is approved."""
    match budget.state:
        case STATE.SUBMITTED:
            return max(budget.step, 1)
        case STATE.PASSED:
            return count + 1
        case STATE.APPROVED:
            return count + 2
    return 0


def moves(user, budget: Budget, transitions: Sequence[Transition], missing: Sequence) -> list[Button]:
    """The buttons of a person: what the role does not know is absent, what is not possible now says why."""
    found = []
    labels = dict(Transition.Move.choices)
    followed = turns.followed(budget) if budget.state == STATE.PASSED else ""
    for move in ("submit", "withdraw", "pass", "return", "reopen"):
        if can(user, MOVES[move].action, budget) and _is_worth_showing(move, budget):
            reason = _why_not(user, move, budget, transitions, missing)
            reason = f"{followed}，不能{labels[move]}。" if followed else reason
            found.append(Button(move, labels[move], reason, move in ("return", "reopen")))
    if budget.state == STATE.APPROVED and can(user, "edit", budget):
        found.append(Button("adjust", "编制调整", "", True))
    return found


def _is_worth_showing(move: str, budget: Budget) -> bool:
    if move in ("withdraw", "reopen"):
        return budget.state in MOVES[move].states
    return budget.state in (STATE.DRAFT, STATE.SUBMITTED, STATE.PASSED)


def _why_not(user, move: str, budget: Budget, transitions: Sequence[Transition], missing: Sequence) -> str:
    if budget.campaign.closed:
        return f"{budget.campaign}已经结束。"
    turn = turns.waiting_for(budget)
    if budget.state not in MOVES[move].states:
        return f"{budget.get_state_display()}，等待{turn}。"
    if move == "submit" and missing:
        return f"还有 {len(missing)} 处须先补齐，见下面所列。"
    if move == "withdraw" and transitions and transitions[-1].move != MOVE.SUBMIT:
        return f"{transitions[-1].by_name}已经办理，不能撤回。"
    if not turns.may(user, move, budget):
        return f"{budget.get_state_display()}，等待{turn}。"
    return ""


def earlier_steps(budget: Budget) -> list[tuple[int, str]]:
    """To where a return can go: the clerk, and the steps before this one."""
    steps = turns.steps_of(budget)
    at = len(steps) + 1 if budget.state == STATE.PASSED else max(budget.step, 1)
    return [(turns.CLERK, "单位经办（修改后重新送审）"), *((one.order, one.name) for one in steps[: at - 1])]


def next_stage(campaign: Campaign, stage: str) -> str | None:
    """The stage that is opened from this one; None where 批复 comes next."""
    codes = sorted(turns.stages_of(campaign), key=stage_order)
    later = [code for code in codes if stage_order(stage) < stage_order(code) < stage_order("approved")]
    return later[0] if later else None
