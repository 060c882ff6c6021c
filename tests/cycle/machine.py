"""T-24: somebody does anything at any time; whatever they do, the budgets of a unit stay in order."""

from contextlib import suppress
from decimal import Decimal

from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from budget import cycle, writing
from budget.importing import uploads
from budget.importing.line_csv import line_csv
from budget.models import Budget, Line, Transition
from budget.owned import plain, rows_of
from organisation.roles import ROLES, Role
from records.history import broken
from records.models import ChangeRecord
from tests.cycle.world import DAY, NUMBER, People, explained, make_filled, make_steps
from tests.grids.speaking import Grid

MOVES = ("submit", "withdraw", "pass", "return", "approve", "reopen", "adjust", "open", "edit", "import", "grid")
REFUSED = (cycle.Refused, writing.Locked, writing.Refused)


class Year(RuleBasedStateMachine):
    """One unit's year. What was frozen is remembered, and must never change."""

    @initialize(stage=st.sampled_from(("first", "second")))
    def begin(self, stage):
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        budget = make_filled(stage=stage)
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
            explained(newest)
            self.attempt("submit", Role.CLERK, 0, 0)
        elif newest.state == "submitted":
            self.attempt("pass", turn[newest.step], 0, 0)
        elif newest.state == "passed":
            self.attempt("open" if newest.stage == "first" else "approve", Role.FINANCE_BUDGET, 0, 0)

    @rule(how=st.sampled_from(("edit", "import", "grid")))
    def the_clerk_works(self, how):
        self.attempt(how, Role.CLERK, 0, 0)

    def attempt(self, move, role, which, to):
        budget = self.budgets()[::-1][which % len(self.budgets())]
        by = self.people[role]
        before = self.told()
        with suppress(*REFUSED), transaction.atomic():
            match move:
                case "submit":
                    cycle.submit(explained(budget) if budget.is_draft else budget, by=by)
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
                    line = Line.objects.of(budget).first()
                    values = {"amount": line.amount + Decimal(100)}
                    writing.write(budget, [writing.Edit(Line, line.uid, line.version, values)], by=by, via="form")
                case "open":
                    cycle.open_next_stage([budget.unit], budget.campaign, "second", by=by)
                case "import":
                    self.send(budget, by)
                case "grid":
                    self.type_into_the_grid(budget, by)
            self.done += 1
            assert before != self.told()  # whatever was done, the history tells of it
            return
        assert before == self.told()  # what was refused left nothing

    def told(self):
        return ChangeRecord.objects.count()

    def send(self, budget, by):
        """The budget's own lines as a file, one amount raised."""
        content = line_csv(budget).replace(b".", b"1.", 1)
        upload = uploads.receive("明细.csv", content, budget, by=by)
        upload = uploads.examine(upload)
        if upload.state != "ready":
            raise cycle.Refused("not read")
        uploads.confirm(upload, seen=upload.seen, by=by)

    def type_into_the_grid(self, budget, by):
        """The same as a request: to the newest budget of the stage, as its address has it."""
        grid = Grid(by, at=f"/{self.unit.code}/{budget.year}/{budget.stage}/")
        status, told = grid.ask("")
        rows = told["rows"] if status == 200 else []
        if not rows or status != 200:
            raise cycle.Refused("not shown")
        changed = {"id": rows[0]["id"], "seen": rows[0]["version"], "cells": {"amount": f"{self.done + 1}.23"}}
        if grid.try_save(changed)[0] != 200:
            raise cycle.Refused("not saved")

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
