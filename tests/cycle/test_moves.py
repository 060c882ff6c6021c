"""The way of a budget: every state × move × role, revisions, notices, history, approval, adjustments."""

from decimal import Decimal

import pytest
import time_machine
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from budget import cycle, document_numbers, turns, writing
from budget.models import Budget, BudgetOwned, DraftRow, Line, Transition
from organisation.roles import MOVES, ROLES, Role
from records.history import broken
from records.models import ChangeRecord, Notice
from tests.cycle.world import DAY, NUMBER, STEPS, People, explained, fresh, make_filled, make_steps, newest, walk
from tests.factories import make_campaign, make_item, make_line, make_unit, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def budget():
    budget = make_filled()
    make_steps(budget.campaign)
    return budget


@pytest.fixture
def people(budget):
    return People(budget.unit)


DO = {
    "submit": lambda budget, by: cycle.submit(budget, by=by),
    "withdraw": lambda budget, by: cycle.withdraw(budget, by=by),
    "pass": lambda budget, by: cycle.pass_(budget, by=by),
    "return": lambda budget, by: cycle.return_(budget, by=by, reason="请核对"),
    "approve": lambda budget, by: cycle.approve([budget], by=by, number=NUMBER, day=DAY),
    "reopen": lambda budget, by: cycle.reopen(budget, by=by, reason="人大要求"),
}
PLACES = [("draft", 0), ("submitted", 1), ("submitted", 2), ("submitted", 3), ("passed", 3)]
PLACES += [("returned", 0), ("withdrawn", 1), ("approved", 0)]


def legal(state: str, step: int, move: str, role: str) -> bool:
    """domain.md, "The year", said once more and apart from the code under test."""
    powers = ROLES[role].actions
    turn = dict(enumerate([Role.REVIEWER, Role.DEPARTMENT, Role.FINANCE_BUDGET], 1))
    return {
        "submit": state == "draft" and "submit" in powers,
        "withdraw": (state, step) == ("submitted", 1) and "submit" in powers,
        "pass": state == "submitted" and turn.get(step) == role,
        "return": (state == "submitted" and turn.get(step) == role) or (state == "passed" and "approve" in powers),
        "approve": state == "passed" and "approve" in powers,
        "reopen": state == "passed" and "configure" in powers,
    }[move]


@pytest.mark.parametrize(("state", "step"), PLACES)
def test_only_legal_moves_are_done(budget, people, state, step):
    here = walk(budget, people, state, step)
    wrong, before = [], (here.state, here.step)
    for move, act in DO.items():
        for role in ROLES:
            person = people[role]
            with transaction.atomic():
                try:
                    act(fresh(here), person)
                    done = True
                except cycle.Refused as refused:
                    done = False
                    if not refused.reasons or not all(refused.reasons):
                        wrong.append((move, role, "refused without a word"))
                    if (fresh(here).state, fresh(here).step) != before:
                        wrong.append((move, role, "refused, but changed"))
                transaction.set_rollback(True)
            if done != legal(state, step, move, role):
                wrong.append((move, role, done))
    assert wrong == []


def test_the_matrix_knows_every_move():
    assert {*DO, "edit"} == set(MOVES)


def test_a_return_closes_the_revision_and_opens_its_copy(budget, people):
    line = Line.objects.of(budget).get()
    walk(budget, people, "submitted", 2)
    done = cycle.return_(fresh(budget), by=people[Role.DEPARTMENT], reason="金额请核对")
    assert (fresh(budget).state, done.opened.state, done.opened.revision) == ("returned", "draft", 2)
    copy = Line.objects.of(done.opened).get()
    assert (copy.uid, copy.amount, copy.version) == (line.uid, line.amount, 1)
    assert copy.item.uid == line.item.uid
    with pytest.raises(writing.Locked):
        make_item(budget, "另一项")
    make_line(copy.item, 500, economic="30202")
    last = Transition.objects.filter(budget=budget).latest("pk")
    assert (last.reason, last.by, last.from_step, last.step_name) == (
        "金额请核对",
        people[Role.DEPARTMENT],
        2,
        "主管部门审核",
    )


def test_a_return_may_go_to_an_earlier_step_only(budget, people):
    walk(budget, people, "submitted", 3)
    for to in (3, 4, -1):
        with pytest.raises(cycle.Refused, match="前面的步骤"):
            cycle.return_(fresh(budget), by=people[Role.FINANCE_BUDGET], reason="x", to_step=to)
    cycle.return_(fresh(budget), by=people[Role.FINANCE_BUDGET], reason="请部门复核", to_step=2)
    assert (fresh(budget).state, fresh(budget).step) == ("submitted", 2)
    cycle.pass_(fresh(budget), by=people[Role.DEPARTMENT])
    assert fresh(budget).step == 3


def test_a_return_needs_a_reason(budget, people):
    walk(budget, people, "submitted", 1)
    with pytest.raises(cycle.Refused, match="理由"):
        cycle.return_(fresh(budget), by=people[Role.REVIEWER], reason="  ")


def test_withdrawal_is_possible_until_somebody_acts(budget, people):
    walk(budget, people, "submitted", 2)
    cycle.return_(fresh(budget), by=people[Role.DEPARTMENT], reason="x", to_step=1)
    with pytest.raises(cycle.Refused, match="主管部门已于"):
        cycle.withdraw(fresh(budget), by=people[Role.CLERK])


def test_without_review_steps_a_small_bureau_goes_straight_to_approval():
    budget = make_filled()
    people = People(budget.unit)
    cycle.submit(budget, by=people[Role.CLERK])
    assert fresh(budget).state == "passed"
    (approved,) = cycle.approve([fresh(budget)], by=people[Role.FINANCE_BUDGET], number=NUMBER, day=DAY)
    assert (approved.stage, approved.state, approved.document_number) == ("approved", "approved", NUMBER)
    assert Line.objects.of(approved).get().uid == Line.objects.of(budget).get().uid


def test_obstacles_are_told_all_at_once(budget, people):
    make_item(budget, "没有钱的项目")
    writing.write(budget, [writing.Add(DraftRow(budget=budget, cells={"项目": "x"}))], by=None, via="command")
    with pytest.raises(cycle.Refused) as refused:
        cycle.submit(fresh(budget), by=people[Role.CLERK])
    assert refused.value.reasons == ["1 行明细未完成", "没有安排金额的项目：没有钱的项目"]
    assert fresh(budget).state == "draft"


def test_who_looked_at_an_older_state_is_told_so(budget, people):
    walk(budget, people, "submitted", 1)
    seen = fresh(budget)
    cycle.pass_(fresh(budget), by=people[Role.REVIEWER])
    with pytest.raises(cycle.Refused, match="刚刚有人办理过"):
        cycle.pass_(seen, by=people[Role.REVIEWER])


def test_everybody_concerned_is_told_once(budget, people):
    people.all()
    second = make_user(Role.REVIEWER, budget.unit)
    stranger = make_user(Role.REVIEWER, "777001")
    cycle.submit(budget, by=people[Role.CLERK])
    told = list(Notice.objects.values_list("user", flat=True))
    assert sorted(told) == sorted([people[Role.REVIEWER].pk, second.pk])
    assert stranger.pk not in told
    cycle.pass_(fresh(budget), by=second)
    passed = Notice.objects.exclude(user__in=(people[Role.REVIEWER], second))
    assert {notice.user for notice in passed} == {people[Role.CLERK], people[Role.DEPARTMENT]}
    assert Notice.objects.count() == 4
    assert "等待主管部门审核" in passed.first().text


def test_every_move_is_in_the_chain(budget, people):
    walk(budget, people, "returned")
    moves = ChangeRecord.objects.filter(chain=budget.chain, action="state")
    assert [record.after["state"] for record in moves] == ["submitted", "returned"]
    assert moves.last().after["reason"] == "请补充"
    assert {record.via for record in moves} == {"cycle"}
    again = newest(budget)
    assert ChangeRecord.objects.get(chain=again.chain).after["based_on"] == "测试单位5660012024年二上第1稿"
    assert broken(budget.chain) is None


def test_the_database_lets_no_closed_revision_go_on(budget, people):
    walk(budget, people, "returned")
    for state in ("submitted", "passed", "withdrawn", "draft"):
        with pytest.raises(IntegrityError, match="锁定"), transaction.atomic():
            Budget.objects.filter(pk=budget.pk).update(state=state)
    with pytest.raises(IntegrityError, match="只增不改"), transaction.atomic():
        Transition.objects.filter(budget=budget).update(reason="")


# ---- the year


def test_a_whole_department_is_approved_at_once(budget, people):
    other = make_filled("566002")
    for one in (budget, other):
        walk(one, People(one.unit), "passed")
    approved = cycle.approve([fresh(budget), fresh(other)], by=people[Role.FINANCE_BUDGET], number=NUMBER, day=DAY)
    assert [one.unit.code for one in approved] == ["566001", "566002"]
    assert {one.document_number for one in Budget.objects.filter(state="approved")} == {NUMBER}
    with pytest.raises(cycle.Refused, match="已经批复"):
        cycle.approve([fresh(budget)], by=people[Role.FINANCE_BUDGET], number=NUMBER, day=DAY)


def test_what_was_approved_is_not_given_back(budget, people):
    walk(budget, people, "approved")
    for act in (DO["return"], DO["reopen"]):
        for role in (Role.FINANCE_BUDGET, Role.FINANCE_ADMIN):
            with pytest.raises(cycle.Refused):
                act(fresh(budget), people[role])
    assert fresh(budget).state == "passed"


def test_approval_is_all_or_nothing(budget, people):
    other = make_filled("566002")
    walk(budget, people, "passed")
    with pytest.raises(cycle.Refused):
        cycle.approve([fresh(budget), fresh(other)], by=people[Role.FINANCE_BUDGET], number=NUMBER, day=DAY)
    for number in (" ", "290号", "焦财预2023290", "焦财预〔23〕290号"):
        with pytest.raises(cycle.Refused, match="文号"):
            cycle.approve([fresh(budget)], by=people[Role.FINANCE_BUDGET], number=number, day=DAY)
    assert not Budget.objects.filter(stage="approved").exists()


@pytest.mark.parametrize(
    "typed",
    [NUMBER, "焦财预(2023)290号", "焦财预［２０２３］第290号", " 焦财预【2023】 290 ", "焦财预〔2023年〕0290号"],
)
def test_the_number_of_the_document_has_one_form_however_it_is_typed(typed):
    assert document_numbers.in_right_form(typed) == NUMBER


@pytest.mark.parametrize("units", [1, 6])
def test_opening_a_stage_does_not_ask_more_of_the_database_for_more_lines(units):
    campaign = make_campaign()
    people = None
    for number in range(units):
        budget = make_filled(f"56600{number + 1}", stage="first")
        item = Line.objects.of(budget).get().item
        for economic in ("30202", "30203", "30204", "30205")[: number * 4]:
            make_line(item, 100, economic=economic)
        people = People(budget.unit)
        cycle.submit(explained(budget), by=people[Role.CLERK])
    admin = make_user(Role.FINANCE_BUDGET)
    with CaptureQueriesContext(connection) as asked:
        opened = cycle.open_next_stage(
            [make_unit(f"56600{number + 1}") for number in range(units)], campaign, "second", by=admin
        )
    copies = [one["sql"] for one in asked if "target.based_on_id" in one["sql"]]
    assert len(copies) == sum(issubclass(model, BudgetOwned) for model in apps.get_models())
    assert len(asked) < 40 + units * 8
    assert len(opened) == units
    assert Line.objects.of(*opened).count() == Line.objects.filter(item__budget__stage="first").count()


def approved_budget(budget, people):
    return walk(budget, people, "approved")


@pytest.mark.parametrize(
    ("kind", "amount", "words"),
    [
        ("move", 1200, "调剂须收支平衡"),
        ("move", 1000, ""),
        ("add", 1000, "追加"),
        ("add", 1200, ""),
        ("cut", 1000, "追减"),
        ("cut", 900, ""),
    ],
)
def test_an_adjustment_is_what_it_says(budget, people, kind, amount, words):
    before = approved_budget(budget, people)
    adjusted = cycle.adjust(before, by=people[Role.CLERK], kind=kind, reason="新增任务")
    assert (adjusted.stage, adjusted.state, adjusted.adjustment) == ("adjusted-1", "draft", kind)
    line = Line.objects.of(adjusted).get()
    writing.write(adjusted, [writing.Edit(Line, line.uid, 1, {"amount": Decimal(amount)})], by=None, via="command")
    if words:
        with pytest.raises(cycle.Refused, match=words):
            cycle.submit(fresh(adjusted), by=people[Role.CLERK])
        return
    cycle.submit(explained(adjusted), by=people[Role.CLERK])
    for role in (Role.REVIEWER, Role.DEPARTMENT, Role.FINANCE_BUDGET):
        cycle.pass_(fresh(adjusted), by=people[role])
    cycle.approve([fresh(adjusted)], by=people[Role.FINANCE_BUDGET], number="焦财预〔2024〕7号", day=DAY)
    assert (fresh(adjusted).state, fresh(adjusted).document_number) == ("approved", "焦财预〔2024〕7号")
    assert fresh(before).document_number == NUMBER
    again = cycle.adjust(before, by=people[Role.CLERK], kind="move", reason="再调")
    assert (again.stage, again.based_on) == ("adjusted-2", adjusted)


def test_a_returned_adjustment_is_still_measured_by_the_approved_budget(budget, people):
    before = approved_budget(budget, people)
    adjusted = cycle.adjust(before, by=people[Role.CLERK], kind="add", reason="x")
    line = Line.objects.of(adjusted).get()
    writing.write(adjusted, [writing.Edit(Line, line.uid, 1, {"amount": Decimal(1500)})], by=None, via="command")
    cycle.submit(explained(adjusted), by=people[Role.CLERK])
    opened = cycle.return_(fresh(adjusted), by=people[Role.REVIEWER], reason="x").opened
    assert (opened.adjustment, opened.revision) == ("add", 2)
    cycle.submit(fresh(opened), by=people[Role.CLERK])
    with pytest.raises(cycle.Refused, match="还没有办完"):
        cycle.adjust(before, by=people[Role.CLERK], kind="add", reason="x")


def test_a_closed_year_stands_still_until_it_is_opened_again(budget, people):
    admin = people[Role.FINANCE_ADMIN]
    cycle.close(budget.campaign, by=admin)
    with pytest.raises(cycle.Refused, match="已经结束"):
        cycle.submit(fresh(budget), by=people[Role.CLERK])
    with pytest.raises(cycle.Refused, match="理由"):
        cycle.open_again(budget.campaign, by=admin, reason="")
    with pytest.raises(cycle.Refused, match="预算管理员"):
        cycle.open_again(budget.campaign, by=people[Role.CLERK], reason="x")
    cycle.open_again(budget.campaign, by=admin, reason="人大要求修改")
    assert ChangeRecord.objects.filter(chain="settings").last().after["reason"] == "人大要求修改"
    cycle.submit(fresh(budget), by=people[Role.CLERK])


def test_a_role_that_ended_yesterday_moves_nothing(budget, people):
    from datetime import timedelta

    from django.utils import timezone

    clerk = people[Role.CLERK]
    clerk.memberships.update(ends=timezone.localdate() - timedelta(days=1))
    with pytest.raises(cycle.Refused, match="权限"):
        cycle.submit(budget, by=clerk)


def test_the_steps_are_those_of_the_stage(budget):
    assert [step.name for step in turns.steps_of(budget)] == [name for name, _ in STEPS]


@pytest.mark.parametrize(("day", "is_taken"), [("2024-01-09", False), ("2024-01-10", True)])
def test_a_budget_is_taken_in_from_the_day_its_stage_opens(budget, people, day, is_taken):
    budget.campaign.stages.filter(code="second").update(opens="2024-01-10", due="2024-01-31")
    with time_machine.travel(f"{day}T04:00:00+00:00", tick=False):
        if is_taken:
            assert cycle.submit(fresh(budget), by=people[Role.CLERK]).budget.state == "submitted"
        else:
            with pytest.raises(cycle.Refused, match="二上2024年1月10日起受理送审"):
                cycle.submit(fresh(budget), by=people[Role.CLERK])
            assert fresh(budget).state == "draft"
