"""流转: where a budget stands, what the person may do to it now, and what happened to it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_POST, require_safe

from budget import controls, cycle, obstacles, status, turns
from budget.comments import open_of
from budget.entry.answer import own_budget
from budget.models import Budget, Transition, stage_name
from budget.pages import Place, place_of
from budget.progress import progress_of
from organisation.models import Unit
from organisation.rights import can
from organisation.roles import MOVES
from records.administration import address_of

OUT_OF_DATE = "页面已过期，请核对现在的状态后再办理。"


@require_safe
def cycle_page(request, unit, year, stage=None):
    """流转."""
    place = place_of(request, unit, year, stage)
    return _page(request, place)


@require_POST
def move(request, unit, year, move, stage=None):
    """One of the moves of a unit's own budget; refused with every reason on the page, 409."""
    place = place_of(request, unit, year, stage)
    budget = own_budget(place)
    action = "edit" if move == "adjust" else MOVES[move].action
    if not can(request.user, action, place.selection.organisation):
        raise PermissionDenied
    if budget is None:
        return _page(request, place, ["请到单位自己的页面办理。"])
    try:
        text, where = _do(request, place, _seen(request, budget), move)
    except cycle.Refused as refused:
        return _page(request, place, refused.reasons)
    messages.success(request, text)
    return redirect(where)


def _seen(request, budget: Budget) -> Budget:
    """The budget as the person saw it on the page: a move that was decided on an older state is refused."""
    return _seen_as(request.POST.get("seen", ""), budget)


def _seen_as(text: str, budget: Budget) -> Budget:
    uid, _, rest = text.partition(":")
    state, _, step = rest.partition(":")
    if uid != str(budget.uid) or state not in Budget.State.values or not step.isdecimal():
        raise cycle.Refused(OUT_OF_DATE)
    budget.state, budget.step = state, int(step)
    return budget


def _do(request, place: Place, budget: Budget, move: str) -> tuple[str, str]:
    """Do the move; what to say, and where to go."""
    how = {"by": request.user, "address": address_of(request)}
    reason = request.POST.get("reason", "")
    here = place.url("cycle")
    match move:
        case "submit":
            done = cycle.submit(budget, **how)
            turn = turns.waiting_for(done.budget)
            return f"已送审，等待{turn}。" if turn else "已送审。", here
        case "withdraw":
            cycle.withdraw(budget, **how)
            return "已撤回，可以继续修改。", here
        case "pass":
            done = cycle.pass_(budget, **how)
            return f"已通过，等待{turns.waiting_for(done.budget)}。", here
        case "return":
            to = request.POST.get("to", "0")
            to_step = int(to) if to.isdecimal() and len(to) < 4 else -1
            cycle.return_(budget, reason=reason, to_step=to_step, **how)
            return "已退回。", here
        case "reopen":
            cycle.reopen(budget, reason=reason, **how)
            return "已重新打开，单位可以修改。", here
    opened = cycle.adjust(budget, kind=request.POST.get("kind", ""), reason=reason, **how)
    return f"已开始{opened.stage_name}，内容与批复相同，请修改后送审。", opened.get_absolute_url()


@require_POST
def approve(request, unit, year, stage=None):
    """批复 of a unit, or of every unit of a department whose budget has passed, at once."""
    place = place_of(request, unit, year, stage)
    if not can(request.user, "approve", place.selection.organisation):
        raise PermissionDenied
    try:
        approved = cycle.approve(
            _all_seen(request, place),
            by=request.user,
            number=request.POST.get("number", ""),
            day=_day(request.POST.get("day", "")),
            address=address_of(request),
        )
    except cycle.Refused as refused:
        return _page(request, place, refused.reasons)
    messages.success(request, f"已批复 {len(approved)} 个单位：{approved[0].document_number}。")
    return redirect("cycle", place.code, place.year, approved[0].stage)


def _all_seen(request, place: Place) -> list[Budget]:
    """The budgets that the page offered for approval, as they were then; what has passed since is not among them."""
    there = {str(budget.uid): budget for budget in place.budgets}
    posted = {text.partition(":")[0]: text for text in request.POST.getlist("seen")}
    if not posted or posted.keys() - there.keys():
        raise cycle.Refused(OUT_OF_DATE)
    return [_seen_as(text, there[uid]) for uid, text in posted.items()]


@require_POST
def open_stage(request, unit, year, stage=None):
    """开始下一阶段 for the organisation's units whose budget here has passed."""
    place = place_of(request, unit, year, stage)
    organisation = place.selection.organisation
    if not can(request.user, "open_stage", organisation):
        raise PermissionDenied
    following = status.next_stage(place.selection.campaign, place.stage)
    try:
        opened = cycle.open_next_stage(
            Unit.objects.under(organisation),
            place.selection.campaign,
            following,
            by=request.user,
            address=address_of(request),
        )
    except cycle.Refused as refused:
        return _page(request, place, refused.reasons)
    messages.success(request, f"已为 {len(opened)} 个单位开始{stage_name(following)}。")
    return redirect("cycle", place.code, place.year, following)


def _day(text: str):
    try:
        return parse_date(text)
    except ValueError:
        return None


def seen_words(budget: Budget) -> str:
    """What a form posts of the state in which the person saw the budget."""
    return f"{budget.uid}:{budget.state}:{budget.step}"


def _page(request, place: Place, problems: list[str] | None = None):
    budget = own_budget(place)
    passed = turns.unfollowed(place.budgets)
    context = {
        "place": place,
        "section": "cycle",
        "problems": problems or [],
        "typed": request.POST,
        "passed": [(one, seen_words(one)) for one in passed],
        "may_approve": can(request.user, "approve", place.selection.organisation)
        and turns.leads_to_approval(place.selection.campaign, place.stage),
        "next_stage": _next_stage(request.user, place) if passed else "",
        "is_approved": any(one.state == Budget.State.APPROVED for one in place.budgets),
    }
    if budget is not None:
        context |= _of_one(request.user, place, budget)
    elif place.is_of_department:
        context["units"] = [(row, turns.waiting_for(row.budgets[0]) if row.budgets else "") for row in _units(place)]
    else:
        raise Http404
    return render(request, "cycle/cycle.html", context, status=409 if problems else 200)


def _next_stage(user, place: Place) -> str:
    following = status.next_stage(place.selection.campaign, place.stage)
    allowed = following is not None and can(user, "open_stage", place.selection.organisation)
    return stage_name(following) if allowed else ""


def _units(place: Place):
    return progress_of(place.selection)


def _of_one(user, place: Place, budget: Budget) -> dict:
    transitions = list(
        Transition.objects.filter(
            budget__unit=budget.unit_id, budget__campaign=budget.campaign_id, budget__stage=budget.stage
        )
        .select_related("budget")
        .order_by("at", "pk")
    )
    own = [one for one in transitions if one.budget_id == budget.pk]
    missing = obstacles.missing(budget) if budget.is_draft else []
    returned = next((one for one in reversed(transitions) if one.move in ("return", "reopen")), None)
    return {
        "budget": budget,
        "seen": seen_words(budget),
        "bar": status.bar(budget, own),
        "turn": turns.waiting_for(budget),
        "missing": [(one.text, place.url(one.page)) for one in missing],
        "moves": status.moves(user, budget, own, missing),
        "back_to": status.earlier_steps(budget),
        "transitions": transitions[::-1],
        "returned": returned if budget.is_draft and budget.revision > 1 else None,
        "remarks": open_of(budget),
        "quotas": controls.quotas(budget),
        "kinds": Budget.Adjustment.choices,
    }
