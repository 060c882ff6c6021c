"""T-26: of two people who act on the same budget at once exactly one does; no edit lands after the lock."""

import random
import threading
import time

import pytest
from django.db import OperationalError, connection, connections

from budget import cycle, writing
from budget.models import Budget, Line, Transition
from organisation.models import User
from organisation.roles import Role
from tests.cycle.world import DAY, NUMBER, People, fresh, make_filled, make_steps, walk
from tests.factories import make_unit

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 2
AWAITED = (cycle.Refused, writing.Locked, writing.Conflicted)


def race(*jobs, seed: int = 0):
    """Run the jobs at once with small pauses before each; "won", "lost", or what went wrong."""
    chance = random.Random(seed)
    pauses = [chance.choice((0, 0, 0.002, 0.005, 0.01)) for _ in jobs]
    start, results = threading.Barrier(len(jobs)), [None] * len(jobs)

    def run(at, job):
        try:
            start.wait(10)
            time.sleep(pauses[at])
            job()
            results[at] = "won"
        except AWAITED:
            results[at] = "lost"
        except Exception as error:
            results[at] = repr(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=one) for one in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


def act(move, budget, user):
    """The move by a person as a request of their own would do it: the budget as it was seen on the page."""
    seen, pk = fresh(budget), user.pk
    return lambda: move(seen, User.objects.get(pk=pk))


SUBMIT = lambda budget, by: cycle.submit(budget, by=by)  # noqa: E731
PASS = lambda budget, by: cycle.pass_(budget, by=by)  # noqa: E731
RETURN = lambda budget, by: cycle.return_(budget, by=by, reason="请核对")  # noqa: E731
WITHDRAW = lambda budget, by: cycle.withdraw(budget, by=by)  # noqa: E731
APPROVE = lambda budget, by: cycle.approve([budget], by=by, number=NUMBER, day=DAY)  # noqa: E731

RACES = {
    "two submissions": ("draft", 0, (SUBMIT, Role.CLERK), (SUBMIT, Role.REVIEWER)),
    "pass and return": ("submitted", 1, (PASS, Role.REVIEWER), (RETURN, Role.REVIEWER)),
    "withdraw and pass": ("submitted", 1, (WITHDRAW, Role.CLERK), (PASS, Role.REVIEWER)),
    "approve and return": ("passed", 3, (APPROVE, Role.FINANCE_BUDGET), (RETURN, Role.FINANCE_BUDGET)),
    "two approvals": ("passed", 3, (APPROVE, Role.FINANCE_BUDGET), (APPROVE, Role.FINANCE_BUDGET)),
}


def one_round(name: str, number: int) -> list:
    state, step, *moves = RACES[name]
    budget = make_filled(f"566{number:03}")
    if not budget.campaign.stages.get(code="second").steps.exists():
        make_steps(budget.campaign)
    people = People(budget.unit)
    budget = walk(fresh(budget), people, state, step)
    results = race(*(act(move, budget, people[role]) for move, role in moves), seed=number)
    before = Transition.objects.filter(budget=budget).exclude(move="open").count()
    assert before <= 6
    assert Budget.objects.filter(unit=budget.unit, stage="approved").count() <= 1
    assert Budget.objects.filter(unit=budget.unit, stage="second", state="draft").count() <= 1
    return sorted(results)


@pytest.mark.parametrize("name", RACES)
def test_exactly_one_wins(name):
    for number in range(1, ROUNDS + 1):
        assert one_round(name, number) == ["lost", "won"], name


def edit_and_submit(number: int) -> None:
    budget = make_filled(f"566{number:03}", amount=1000)
    clerk = People(budget.unit)[Role.CLERK]
    line = Line.objects.of(budget).get()

    def edit():
        values = {"amount": line.amount + 100}
        writing.write(Budget.objects.get(pk=budget.pk), [writing.Edit(Line, line.uid, 1, values)], by=None, via="form")

    results = race(edit, act(SUBMIT, budget, clerk), seed=number)
    assert results[1] == "won" and results[0] in ("won", "lost")
    line.refresh_from_db()
    assert line.amount == (1100 if results[0] == "won" else 1000)
    assert fresh(budget).state == "passed"


def test_no_edit_lands_after_submission():
    for number in range(1, ROUNDS + 1):
        edit_and_submit(number)


def open_twice(number: int) -> list:
    """The next stage of a unit opened by two at once; how many budgets it has then is looked at too."""
    budget = make_filled(f"566{number:03}", stage="first")
    people = People(budget.unit)
    cycle.submit(fresh(budget), by=people[Role.CLERK])
    finance = people[Role.FINANCE_BUDGET]

    def open_it():
        unit = make_unit(budget.unit.code)
        cycle.open_next_stage([unit], fresh(budget).campaign, "second", by=User.objects.get(pk=finance.pk))

    results = race(open_it, open_it, seed=number)
    assert Budget.objects.filter(unit=budget.unit, stage="second").count() == 1
    return sorted(results)


def test_a_stage_is_opened_once():
    for number in range(1, ROUNDS + 1):
        assert open_twice(number) == ["lost", "won"]


def test_without_the_lock_both_would_win(monkeypatch):
    """The negative control: a state that is read without the lock and written without condition has two winners."""
    budget = make_filled()
    people = People(budget.unit)
    met = threading.Barrier(2)

    def unguarded(budget, by):
        seen = Budget.objects.get(pk=budget.pk).state
        met.wait(10)
        if seen != "draft":
            raise cycle.Refused("x")
        try:
            Transition.objects.create(budget=budget, move="submit", to_state="passed", by_name="x", at=budget.created)
        except OperationalError as error:  # SQLite may find the other one writing
            raise cycle.Refused("x") from error

    results = race(*(act(unguarded, budget, people[role]) for role in (Role.CLERK, Role.REVIEWER)))
    assert results == ["won", "won"], connection.vendor
