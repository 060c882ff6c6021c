"""Who is told of what happens to a budget: each person concerned once, the one who did it not at all."""

from collections.abc import Iterable

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from organisation.models import Membership, Unit, User
from organisation.roles import ROLES, Role
from records import notices

from .controls import above
from .models import Budget, ReviewStep, Transition, stage_name

MOVE = Transition.Move
APPROVERS = tuple(role for role, powers in ROLES.items() if "approve" in powers.actions)


def holders(roles: Iterable[str], unit: Unit):
    """The active people who hold one of the roles for the unit today."""
    held = (
        Membership.objects.current()
        .filter(role__in=list(roles))
        .filter(Q(unit=None) | Q(unit__path__in=above(unit.path)))
        .values("user")
    )
    return User.objects.filter(pk__in=held, is_active=True)


def moved(transition: Transition, step: ReviewStep | None) -> None:
    """Tell of a move: who has the next turn, and those who prepare the budget."""
    budget = transition.budget
    roles = {Role.CLERK}
    if step is not None:
        roles.add(step.role)
    elif budget.state == Budget.State.PASSED:
        roles.update(APPROVERS)
    people = holders(roles, budget.unit).exclude(pk=transition.by_id)
    notices.tell(
        people,
        event=f"transition:{transition.pk}",
        text=_words(transition, step),
        link=reverse("cycle", args=(budget.unit.code, budget.year, budget.stage)),
    )


def _words(transition: Transition, step: ReviewStep | None) -> str:
    budget, by = transition.budget, transition.by_name
    match transition.move:
        case MOVE.SUBMIT:
            return f"{by}送审了{budget}" + (f"，等待{step.name}。" if step else "，已通过，等待批复。")
        case MOVE.WITHDRAW:
            return f"{by}撤回了{budget}，可以继续修改。"
        case MOVE.PASS:
            return f"{budget}通过了{transition.step_name}" + (f"，等待{step.name}。" if step else "，等待批复。")
        case MOVE.RETURN:
            to = f"到{step.name}" if step else "，请修改后重新送审"
            return f"{by}退回了{budget}{to}。理由：{transition.reason}"[:500]
        case MOVE.REOPEN:
            return f"{by}重新打开了{budget}。理由：{transition.reason}"[:500]
        case MOVE.APPROVE:
            return f"{budget}已批复：{budget.document_number}。"
    return f"{budget}可以开始编制。"


def remind(unit: Unit, year: int, stage: str, *, by) -> bool:
    """催报: a notice to each clerk of the unit, once a day; whether anybody was told."""
    sent = notices.tell(
        holders([Role.CLERK], unit),
        event=f"remind:{unit.code}:{year}:{stage}:{timezone.localdate():%Y%m%d}",
        text=f"{by}提醒：{unit.name}{year}年{stage_name(stage)}还没有送审，请尽快办理。",
        link=reverse("home"),
    )
    return bool(sent)
