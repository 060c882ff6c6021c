"""T-24: somebody does anything at any time; whatever they do, the budgets of a unit stay in order."""

from contextlib import suppress
from decimal import Decimal

from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from budget import cycle, writing
from budget.models import Budget, Line, Transition
from budget.owned import plain, rows_of
from organisation.roles import ROLES, Role
from records.history import broken
from tests.cycle.world import DAY, NUMBER, People, make_filled, make_steps

MOVES = ("submit", "withdraw", "pass", "return", "approve", "reopen", "adjust", "edit")


class Year(RuleBasedStateMachine):
    """One unit's year. What was frozen is remembered, and must never change."""

    @initialize()
    def begin(self):
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        budget = make_filled()
        make_steps(budget.campaign)
        self.unit, self.people, self.frozen, self.done = budget.unit, People(budget.unit), {}, 0

    def teardown(self):
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    def budgets(self):
        return list(Budget.objects.filter(unit=self.unit).select_related("unit", "campaign").order_by("pk"))

    @rule(
        move=st.sampled_from(MOVES), role=st.sampled_from(sorted(ROLES)), which=st.integers(0, 3), to=st.integers(-1, 4)
    )
    def somebody_does_something(self, move, role, which, to):
        self.attempt(move, role, which, to)

    @rule()
    def the_next_one_does_what_is_right(self):
        """Else few walks would come far."""
        newest = self.budgets()[-1]
        turn = {1: Role.REVIEWER, 2: Role.DEPARTMENT, 3: Role.FINANCE_BUDGET}
        if newest.state == "draft":
            self.attempt("submit", Role.CLERK, 0, 0)
        elif newest.state == "submitted":
            self.attempt("pass", turn[newest.step], 0, 0)
        elif newest.state == "passed":
            self.attempt("approve", Role.FINANCE_BUDGET, 0, 0)

    def attempt(self, move, role, which, to):
        budget = self.budgets()[::-1][which % len(self.budgets())]
        by = self.people[role]
        with suppress(cycle.Refused, writing.Locked), transaction.atomic():
            match move:
                case "submit":
                    cycle.submit(budget, by=by)
                case "withdraw":
                    cycle.withdraw(budget, by=by)
                case "pass":
                    cycle.pass_(budget, by=by)
                case "return":
                    cycle.return_(budget, by=by, reason="请核对", to_step=to)
                case "approve":
                    cycle.approve([budget], by=by, number=NUMBER, day=DAY)
                case "reopen":
                    cycle.reopen(budget, by=by, reason="人大要求")
                case "adjust":
                    cycle.adjust(budget, by=by, kind="move", reason="调剂")
                case "edit":
                    line = Line.objects.of(budget).get()
                    values = {"amount": line.amount + Decimal(100)}
                    writing.write(budget, [writing.Edit(Line, line.uid, line.version, values)], by=by, via="form")
            self.done += 1

    @invariant()
    def what_is_frozen_stays(self):
        for budget in self.budgets():
            if budget.state == "draft":
                assert budget.pk not in self.frozen
                continue
            held = (budget.version, budget.unit_name, [plain(row) for row in rows_of(Line, budget)])
            assert self.frozen.setdefault(budget.pk, held) == held

    @invariant()
    def there_is_one_draft_and_one_approval_at_most(self):
        budgets = self.budgets()
        for stage in {one.stage for one in budgets}:
            of_stage = [one for one in budgets if one.stage == stage]
            live = [one for one in of_stage if one.state not in ("returned", "withdrawn")]
            assert len(live) == 1 and live[0].revision == max(one.revision for one in of_stage)
            assert [one.revision for one in of_stage] == list(range(1, len(of_stage) + 1))

    @invariant()
    def every_state_was_reached_by_a_transition(self):
        for budget in self.budgets():
            last = Transition.objects.filter(budget=budget).order_by("pk").last()
            assert (last.to_state if last else "draft") == budget.state
            assert (budget.submitted is not None) == (budget.state not in ("draft",) and budget.stage != "approved")
            assert bool(budget.document_number) == (budget.state == "approved")
            assert broken(budget.chain) is None
