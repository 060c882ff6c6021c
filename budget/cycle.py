"""The way of a budget through the year: the only writer of states.

Every move takes the budget's lock, changes the state only where it is still the one that was seen, keeps a
Transition and a line of history, and tells everybody concerned once. What is refused is refused in words: `Refused`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from organisation.models import Unit
from organisation.rights import can
from organisation.roles import MOVES
from records import history, keeping

from . import copies, document_numbers, telling
from .models import Budget, Campaign, Transition, stage_name, stage_order
from .obstacles import obstacles, of_adjustment
from .turns import CLERK, followed, last_transition, leads_to_approval, may, stages_of, step_at, steps_of, waiting_for

VIA = "cycle"
STATE, MOVE = Budget.State, Transition.Move
ENDED = (STATE.APPROVED, STATE.RETURNED, STATE.WITHDRAWN)


class Refused(Exception):
    """A move that is not done; `reasons` in words for the person."""

    def __init__(self, *reasons: str):
        self.reasons = list(reasons)
        super().__init__("；".join(reasons))


@dataclass(frozen=True)
class Done:
    """What a move did: the budget as it is now, and the draft that it opened, if it did."""

    budget: Budget
    opened: Budget | None = None


# ---- the moves of one budget


def submit(budget: Budget, *, by, address: str | None = None) -> Done:
    """送审: to the first step of the review; without steps it has passed. Refused while there are obstacles."""
    with transaction.atomic():
        budget = _held(budget, "submit", by)
        _is_open(budget.campaign)
        if found := obstacles(budget):
            raise Refused(*(one.text for one in found))
        state, step = (STATE.SUBMITTED, 1) if steps_of(budget) else (STATE.PASSED, 0)
        now = timezone.now()
        _move(budget, MOVE.SUBMIT, state, step, by=by, address=address, submitted=now, submitted_by=by)
    return Done(budget)


def withdraw(budget: Budget, *, by, address: str | None = None) -> Done:
    """撤回: only before anybody acted on it. The revision stays as it was sent; the next draft is its copy."""
    with transaction.atomic():
        budget = _held(budget, "withdraw", by)
        _is_open(budget.campaign)
        last = last_transition(budget)
        if last is not None and last.move != MOVE.SUBMIT:
            raise Refused(
                f"{last.by_name}已于{timezone.localtime(last.at):%m月%d日 %H:%M}办理，不能撤回，请联系审核人退回。"
            )
        _move(budget, MOVE.WITHDRAW, STATE.WITHDRAWN, budget.step, by=by, address=address)
        opened = _next_revision(budget, by=by, address=address)
    return Done(budget, opened)


def pass_(budget: Budget, *, by, address: str | None = None) -> Done:
    """通过: on to the next step; after the last one the budget has passed."""
    with transaction.atomic():
        budget = _held(budget, "pass", by)
        _is_open(budget.campaign)
        at = max(budget.step, 1)
        is_last = at >= len(steps_of(budget))
        state, step = (STATE.PASSED, at) if is_last else (STATE.SUBMITTED, at + 1)
        _move(budget, MOVE.PASS, state, step, by=by, address=address)
    return Done(budget)


def return_(budget: Budget, *, by, reason: str, to_step: int = CLERK, address: str | None = None) -> Done:
    """退回, with a reason, to an earlier step; to the clerk (0) the revision is closed and its copy opened."""
    with transaction.atomic():
        budget = _held(budget, "return", by)
        _is_open(budget.campaign)
        reason = _reason(reason, "退回")
        at = len(steps_of(budget)) + 1 if budget.state == STATE.PASSED else max(budget.step, 1)
        if not 0 <= to_step < at:
            raise Refused("只能退回到前面的步骤。")
        opened = None
        if to_step == CLERK:
            _move(budget, MOVE.RETURN, STATE.RETURNED, 0, by=by, reason=reason, address=address)
            opened = _next_revision(budget, by=by, address=address)
        else:
            _move(budget, MOVE.RETURN, STATE.SUBMITTED, to_step, by=by, reason=reason, address=address)
    return Done(budget, opened)


def reopen(budget: Budget, *, by, reason: str, address: str | None = None) -> Done:
    """重新打开 a budget that has passed, by the administrator, with a reason: as if returned to the clerk."""
    with transaction.atomic():
        budget = _held(budget, "reopen", by)
        _is_open(budget.campaign)
        reason = _reason(reason, "重新打开")
        _move(budget, MOVE.REOPEN, STATE.RETURNED, 0, by=by, reason=reason, address=address)
        opened = _next_revision(budget, by=by, address=address)
    return Done(budget, opened)


# ---- 批复, the next stage, adjustments


def approve(
    budgets: Iterable[Budget], *, by, number: str, day: date | None, address: str | None = None
) -> list[Budget]:
    """批复: of each budget that has passed the approved one, frozen at birth, with number and date.

    An adjustment becomes approved itself. All or none of them.
    """
    if problems := _document_problems(number, day):
        raise Refused(*problems)
    with transaction.atomic():
        held = _all_held(budgets, "approve", by)
        if not held:
            raise Refused("没有可以批复的预算。")
        for budget in held:
            _is_open(budget.campaign)
            if not leads_to_approval(budget.campaign, budget.stage):
                raise Refused(f"{budget.unit_name}：{budget.stage_name}不是批复前的最后阶段。")
            if found := of_adjustment(budget):
                raise Refused(*(f"{budget.unit_name}：{one}" for one in found))
        numbered = {"document_number": document_numbers.in_right_form(number), "document_date": day}
        adjusted = [budget for budget in held if budget.stage.startswith("adjusted-")]
        for budget in adjusted:
            _move(budget, MOVE.APPROVE, STATE.APPROVED, budget.step, by=by, address=address, **numbered)
        sources = [budget for budget in held if budget not in adjusted]
        there = Budget.objects.filter(stage="approved", unit__in=[one.unit_id for one in sources])
        if sources and (taken := there.filter(campaign=sources[0].campaign).select_related("unit").first()):
            raise Refused(f"{taken.unit_name}的{taken.year}年预算已经批复（{taken.document_number}），变动请编制调整。")
        approved = _opened(sources, "approved", by=by, address=address, drafts=False, tells=False)
        for budget in approved:
            _move(budget, MOVE.APPROVE, STATE.APPROVED, 0, by=by, address=address, **numbered)
    return [*adjusted, *approved]


def open_next_stage(
    units: Iterable[Unit], campaign: Campaign, stage: str | None, *, by, address: str | None = None
) -> list[Budget]:
    """Open the stage for the units whose budget of the stage before it has passed, each a copy of that one.

    Refused where there is none (None). Units that have the stage already are left out. The number of statements does
    not depend on the number of lines.
    """
    if stage is None:
        raise Refused("这一阶段之后没有可以开始的阶段。")
    if stage not in stages_of(campaign) or stage_order(stage) >= stage_order("approved"):
        raise Refused(f"{campaign}没有可以开始的“{stage_name(stage)}”阶段。")
    earlier = [code for code in stages_of(campaign) if stage_order(code) < stage_order(stage)]
    if not earlier:
        raise Refused(f"{stage_name(stage)}是第一个阶段，由单位新建。")
    before = max(earlier, key=stage_order)
    with transaction.atomic():
        _is_open(campaign)
        units = list(Unit.objects.select_for_update(of=("self",)).filter(pk__in=[one.pk for one in units]))
        begun = set(
            Budget.objects.filter(campaign=campaign, stage=stage, unit__in=units).values_list("unit_id", flat=True)
        )
        sources = list(
            Budget.objects.filter(campaign=campaign, stage=before, state=STATE.PASSED)
            .filter(unit__in=[unit for unit in units if unit.pk not in begun])
            .select_related("unit", "campaign")
            .latest_revisions()
        )
        if not sources:
            raise Refused(f"没有{stage_name(before)}已通过、尚未开始{stage_name(stage)}的单位。")
        return _opened(sources, stage, by=by, address=address, drafts=True, tells=True)


def adjust(budget: Budget, *, by, kind: str, reason: str, address: str | None = None) -> Budget:
    """追加, 追减 or 调剂 of an approved budget: a draft of the next adjustment, fully restated, as its copy."""
    if kind not in Budget.Adjustment.values:
        raise Refused("请选择追加、追减或调剂。")
    reason = _reason(reason, "调整")
    with transaction.atomic():
        Unit.objects.select_for_update(of=("self",)).get(pk=budget.unit_id)
        _is_open(budget.campaign)
        if not can(by, "edit", budget):
            raise Refused("您没有编制调整的权限。")
        own = Budget.objects.filter(unit=budget.unit_id, campaign=budget.campaign_id).select_related("unit", "campaign")
        approved = [one for one in own if one.state == STATE.APPROVED]
        if not approved:
            raise Refused("预算还没有批复，不能调整。")
        newest = max(approved, key=lambda one: stage_order(one.stage))
        unfinished = [one for one in own if one.stage.startswith("adjusted-") and one.state not in ENDED]
        if unfinished:
            raise Refused(f"{unfinished[0].stage_name}还没有办完，不能再开始一次调整。")
        number = stage_order(newest.stage) - stage_order("approved") + 1
        (opened,) = _opened(
            [newest],
            f"adjusted-{number}",
            by=by,
            address=address,
            drafts=False,
            tells=False,
            adjustment=kind,
            adjustment_reason=reason,
        )
    return opened


# ---- the year as a whole


def close(campaign: Campaign, *, by, address: str | None = None) -> None:
    """结束 the year's compilation: nothing moves any more until it is opened again."""
    _set_closed(campaign, timezone.now(), "结束编制", by=by, address=address)


def open_again(campaign: Campaign, *, by, reason: str, address: str | None = None) -> None:
    """重新打开 the year's compilation, with a reason that the history keeps."""
    _set_closed(campaign, None, _reason(reason, "重新打开"), by=by, address=address)


def _set_closed(campaign: Campaign, when, reason: str, *, by, address) -> None:
    if not can(by, "configure"):
        raise Refused("结束和重新打开编制由预算管理员办理。")
    with transaction.atomic():
        campaign = Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk)
        if bool(campaign.closed) == bool(when):
            raise Refused(f"{campaign}{'已经' if when else '没有'}结束。")
        campaign.closed = when
        keeping.save(campaign, chain="settings", by=by, via=VIA, address=address, told={"reason": reason})


# ---- the parts that moves are made of


def _held(budget: Budget, move: str, by) -> Budget:
    """The budget as it is now, locked; Refused where the move is not possible, or not this person's."""
    return _all_held([budget], move, by)[0]


def _all_held(budgets: Iterable[Budget], move: str, by) -> list[Budget]:
    """The budgets as they are now, locked in one order; Refused for the first that is not to be moved."""
    seen = {one.pk: one for one in budgets}
    rows = Budget.objects.select_for_update(of=("self",)).select_related("unit", "campaign")
    found = list(rows.filter(pk__in=seen).order_by("pk"))
    campaigns = {one.campaign_id: one.campaign for one in found}
    for budget in found:
        budget.campaign = campaigns[budget.campaign_id]  # whose steps are read once
        _check_move(seen[budget.pk], budget, move, by)
    return found


def _check_move(seen: Budget, budget: Budget, move: str, by) -> None:
    label = Transition.Move(move).label
    if budget.state not in MOVES[move].states:
        raise Refused(f"{budget}{budget.get_state_display()}，不能{label}。")
    if (seen.state, seen.step) != (budget.state, budget.step):
        raise Refused(f"{budget}刚刚有人办理过，现在是{budget.get_state_display()}，请刷新后再看。")
    if budget.state == STATE.PASSED and move != "approve" and (what := followed(budget)):
        raise Refused(f"{budget}{what}，不能{label}。")
    if not may(by, move, budget):
        turn = waiting_for(budget)
        raise Refused(f"{label}由{turn}办理。" if turn and move in ("pass", "return") else f"您没有{label}的权限。")


def _move(budget: Budget, move: str, state: str, step: int, *, by, address, reason: str = "", **values) -> Transition:
    """Change the state where it is still the one that was seen; keep the transition and the history; tell people."""
    was, at = budget.state, step_at(budget)
    changed = Budget.objects.filter(pk=budget.pk, state=was, step=budget.step).update(state=state, step=step, **values)
    if changed != 1:
        raise Refused(f"{budget}刚刚有人办理过，请刷新后再看。")
    told = {"state": (was, state), "step": (budget.step, step)}
    told |= {name: (_plain(getattr(budget, name)), _plain(value)) for name, value in values.items()}
    told = {name: pair for name, pair in told.items() if pair[0] != pair[1]}
    transition = Transition.objects.create(
        budget=budget,
        move=move,
        from_state=was,
        to_state=state,
        from_step=budget.step,
        step=step,
        step_name=at.name if at else "",
        by=by,
        by_name=str(by),
        at=timezone.now(),
        reason=reason,
    )
    for name, value in {"state": state, "step": step, **values}.items():
        setattr(budget, name, value)
    before, after = ({name: pair[side] for name, pair in told.items()} for side in (0, 1))
    _tell_history(budget, "state", before, {**after, **({"reason": reason} if reason else {})}, by=by, address=address)
    telling.moved(transition, step_at(budget))
    return transition


def _next_revision(budget: Budget, *, by, address) -> Budget:
    opened = _opened([budget], budget.stage, by=by, address=address, drafts=True, tells=False)
    return opened[0]


def _opened(sources: Sequence[Budget], stage: str, *, by, address, drafts: bool, tells: bool, **more) -> list[Budget]:
    """A draft of the stage for each source, filled with its copy."""
    is_again = {source.stage for source in sources} == {stage}
    budgets = [
        Budget(
            unit=source.unit,
            campaign=source.campaign,
            stage=stage,
            revision=source.revision + 1 if is_again else _free_revision(source, stage),
            unit_name=source.unit_name,
            based_on=source,
            is_demo=source.is_demo,
            **{"adjustment": source.adjustment, "adjustment_reason": source.adjustment_reason, **more}
            if stage.startswith("adjusted-")
            else {},
        )
        for source in sources
    ]
    Budget.objects.bulk_create(budgets)
    copies.fill(budgets, drafts=drafts)
    now = timezone.now()
    opened = Transition.objects.bulk_create(
        Transition(budget=one, move=MOVE.OPEN, to_state=STATE.DRAFT, by=by, by_name=str(by) if by else "系统", at=now)
        for one in budgets
    )
    for budget, transition in zip(budgets, opened, strict=True):
        told = {"state": STATE.DRAFT.value, "revision": budget.revision, "stage": stage}
        told["based_on"] = f"{budget.based_on}第{budget.based_on.revision}稿"
        _tell_history(budget, "add", None, told, by=by, address=address, via="copy")
        if tells:
            telling.moved(transition, None)
    return budgets


def _free_revision(source: Budget, stage: str) -> int:
    """The first revision of another stage, unless an earlier attempt at it was given up."""
    if not stage.startswith("adjusted-"):
        return 1
    there = Budget.objects.filter(unit=source.unit_id, campaign=source.campaign_id, stage=stage)
    return there.count() + 1


def _tell_history(budget: Budget, action: str, before, after, *, by, address, via: str = VIA) -> None:
    happened = history.Happened(action, budget._meta.label_lower, budget.uid, str(budget), before, after)
    history.append(budget.chain, [happened], by=by, via=via, unit=budget.unit, address=address)


def _plain(value):
    return value if value is None or isinstance(value, (int, str)) else str(value)


def _reason(text: str, move: str) -> str:
    text = text.strip()
    if not text:
        raise Refused(f"请写明{move}的理由。")
    if len(text) > 1000:
        raise Refused("理由不能超过1000字。")
    return text


def _document_problems(number: str, day: date | None) -> list[str]:
    problems = []
    if document_numbers.in_right_form(number) is None:
        problems.append("请填写批复文号，写作“机关代字〔年份〕序号号”，例如“焦财预〔2023〕290号”。")
    if day is None:
        problems.append("请填写批复日期。")
    return problems


def _is_open(campaign: Campaign) -> None:
    if campaign.closed:
        raise Refused(f"{campaign}已经结束。需要继续办理时，请预算管理员写明理由重新打开。")
