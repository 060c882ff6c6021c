"""T-45: what changed in the database, held against what the history and the access log say of it.

An `Office` does one thing at a time as a person would (page, grid, paste, file, management, command, move); after each
the rows that are others now must be the rows that the history tells of, and what was refused must be in the log.
"""

import random
from collections import Counter
from io import StringIO
from pathlib import Path

from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from budget.importing.line_csv import line_csv
from budget.models import Budget, BudgetOwned, Campaign, CampaignStage, ControlNumber, Line, ReviewStep
from budget.owned import plain
from organisation.models import Membership, SecondFactor, Unit, User
from organisation.roles import Role
from records import keeping
from records.history import faults
from records.models import AccessRecord, Attachment, ChangeRecord, Comment
from tests.cycle.world import People, explained, make_filled, make_steps, newest
from tests.entry.pages import Page
from tests.factories import PASSWORD, make_item, make_line, make_user
from tests.grids.speaking import Grid

KEPT = (Unit, User, Membership, SecondFactor, Campaign, CampaignStage, ReviewStep, ControlNumber)
TOLD_BESIDES = {"budget.upload"}  # what an import says of its file
AT = "/566001/2024/second/"

Row = tuple[str, str, str]  # chain ("" where it is no budget's), kind, uid


def snapshot() -> dict[Row, dict]:
    """Every row that the history is to tell of, with its values as the history keeps them."""
    found = {}
    for model in apps.get_models():
        if issubclass(model, BudgetOwned):
            path = "__".join(model.BUDGET_PATH)
            for row in model._default_manager.select_related(*_relations(model), path):
                found[_owner(row).chain, model._meta.label_lower, str(row.uid)] = plain(row)
    for budget in Budget.objects.all():
        values = {"state": budget.state, "step": budget.step, "document_number": budget.document_number}
        found[budget.chain, "budget.budget", str(budget.uid)] = values
    for model in KEPT:
        for row in model._default_manager.all():
            found["", model._meta.label_lower, str(keeping.uid_of(row))] = keeping.plain(row)
    for model in (Comment, Attachment):
        for row in model.objects.all():
            values = {"resolved": str(row.resolved)} if model is Comment else {"gone_from": str(row.gone_from)}
            found["", model._meta.label_lower, str(row.uid)] = values
    return found


def _relations(model) -> list[str]:
    return [field.name for field in model._meta.concrete_fields if field.is_relation]


def _owner(row) -> Budget:
    for name in row.BUDGET_PATH:
        row = getattr(row, name)
    return row


class Office:
    """One unit's year with people of every role, each at an address of their own."""

    def __init__(self, seed: int):
        self.chance = random.Random(seed)
        budget = make_filled()
        make_line(make_item(budget, "信息化项目", "3"), 60_000, function="2060499")
        make_steps(budget.campaign)
        self.unit, self.people = budget.unit, People(budget.unit)
        self.addresses: dict[int, str] = {}
        self.done: Counter = Counter()
        self.expected: list[tuple] = []  # events that the access log is to have, of the operation in hand
        self.wrong: list[str] = []

    # ---- who does something, and what the log is to say of it

    def client(self, role: str) -> Client:
        """Somebody logged in, whose answers are listened to."""
        user = self.people[role]
        address = self.addresses.setdefault(user.pk, f"10.0.0.{len(self.addresses) + 1}")
        client = Client(REMOTE_ADDR=address)
        client.force_login(user)
        self.expected.append(("log_in", user.pk, address, 200))
        plainly = client.request

        def request(**environ):
            response = plainly(**environ)
            if response.status_code in (403, 404):
                self.expected.append(("refused", user.pk, address, response.status_code))
            elif response.headers.get("Content-Disposition", "").startswith("attachment"):
                self.expected.append(("export", user.pk, address, 200))
            return response

        client.request = request
        return client

    @property
    def budget(self) -> Budget:
        return newest(Budget.objects.filter(unit=self.unit, stage="second").select_related("unit", "campaign").first())

    def amount(self) -> str:
        return f"{self.chance.randint(1, 99)}.{self.chance.randint(0, 99):02}"

    def grid(self) -> Grid:
        grid = Grid(self.people[Role.CLERK])
        self.expected.append(("log_in", self.people[Role.CLERK].pk, "127.0.0.1", 200))
        grid.client = self.client(Role.CLERK)
        return grid

    # ---- what people do; each is (how the history calls it, who)

    def types_on_a_form(self):
        page = Page(self.client(Role.CLERK), f"{AT}basic/form/")
        name = next((one for one in page.fields if one.endswith("amount") and page.fields[one]), None)
        if name:
            page.fields[name] = self.amount()
            page.post()
        return "form", Role.CLERK

    def types_in_the_grid(self):
        grid = self.grid()
        row = self.chance.choice(grid.state()["rows"])
        grid.try_save({"id": row["id"], "seen": row["version"], "cells": {"amount": self.amount()}})
        return "grid", Role.CLERK

    def adds_in_the_grid(self):
        cells = {"category": "公用经费", "name": f"水费{self.chance.randint(1, 10**6)}", "function": "2060101"}
        cells |= {"economic": "30205", "fund": "一般公共预算", "amount": self.amount()}
        if self.chance.random() < 0.3:
            del cells["amount"]  # a row that is not yet a line
        self.grid().try_save({"id": f"{self.chance.getrandbits(128):032x}", "seen": "", "cells": cells})
        return "grid", Role.CLERK

    def removes_in_the_grid(self):
        grid = self.grid()
        rows = grid.state()["rows"]
        if len(rows) > 1:
            row = self.chance.choice(rows)
            grid.try_save({"id": row["id"], "seen": row["version"], "remove": True})
        return "grid", Role.CLERK

    def pastes(self):
        grid = self.grid()
        first = grid.state()["rows"][0]
        text = {"unit": "万元", "text": self.amount(), "at": {"row": first["id"], "column": "amount"}}
        order = [one["id"] for one in grid.state()["rows"]]
        answer = grid.client.post(f"{grid.at}paste/", text | {"order": order}, content_type="application/json")
        if answer.status_code == 200 and answer.json().get("changes"):
            body = grid.body(*answer.json()["changes"]) | {"via": "paste", "whole": True}
            grid.send(body)
        return "paste", Role.CLERK

    def imports(self):
        client = self.client(Role.CLERK)
        content = line_csv(self.budget).replace(b".", f"{self.chance.randint(1, 9)}.".encode(), 1)
        client.post(f"{AT}import/", {"file": SimpleUploadedFile("明细.csv", content)})
        upload = self.budget.uploads.order_by("pk").last()
        if upload is not None:
            client.post(f"{AT}import/{upload.uid}/", {"action": "confirm", "seen": upload.seen})
        return "import", Role.CLERK

    def imports_by_command(self, folder=Path("/tmp")):
        file = folder / f"audit-{self.chance.getrandbits(64):x}.csv"
        file.write_bytes(line_csv(self.budget).replace(b".", b"2.", 1))
        how = {"unit": "566001", "year": 2024, "user": self.people[Role.CLERK].username}
        try:
            call_command("import_lines", str(file), **how, stdout=StringIO(), stderr=StringIO())
        except CommandError:
            pass
        finally:
            file.unlink()
        return "import", Role.CLERK

    def changes_in_the_management(self):
        line = self.chance.choice(list(Line.objects.of(self.budget).order_by("pk")))
        codes = {name: getattr(line, f"{name}_id") for name in ("function", "economic", "government", "fund")}
        posted = {**codes, "amount": f"{self.chance.randint(1, 9)}0000.00", "seen": line.version}
        self.client(Role.CLERK).post(reverse("admin:budget_line_change", args=[line.pk]), posted)
        return "admin", Role.CLERK

    def remarks(self):
        client, line = self.client(Role.DEPARTMENT), Line.objects.of(self.budget).first()
        there = Comment.objects.filter(unit=self.unit, answers=None).last()
        if there is not None and self.chance.random() < 0.6:
            what = self.chance.choice(("reply", "resolve", "reopen"))
            client.post(f"{AT}comments/{there.uid}/", {"do": what, "text": "请核对"})
        else:
            pinned = {"subject": "budget.line", "uid": line.uid, "subject_uid": line.uid, "text": "偏高"}
            client.post(f"{AT}comments/", pinned)
        return "form", Role.DEPARTMENT

    def moves(self):
        budget = self.budget
        if budget.is_draft:
            explained(budget)  # else it is not submitted
            self.look()
        turn = {0: Role.CLERK, 1: Role.REVIEWER, 2: Role.DEPARTMENT, 3: Role.FINANCE_BUDGET}
        role = turn[budget.step] if self.chance.random() < 0.8 else self.chance.choice(list(turn.values()))
        move = {"draft": "submit", "submitted": self.chance.choice(("pass", "pass", "return"))}.get(
            budget.state, "return"
        )
        role = Role.FINANCE_BUDGET if budget.state == "passed" else role
        seen = f"{budget.uid}:{budget.state}:{budget.step}"
        self.client(role).post(f"{AT}cycle/{move}/", {"seen": seen, "reason": "请核对", "to": "0"})
        return "cycle", role

    def issues_a_control_number(self):
        posted = {"new-unit": "566", "new-kind": "total", "new-fund": "", "unit_shown": "元"}
        posted["new-amount"] = str(self.chance.randint(10**9, 10**10))
        self.client(Role.FINANCE_BUDGET).post("/566/2024/second/controls/", posted)
        return "form", Role.FINANCE_BUDGET

    def gives_a_role(self):
        user = make_user(None)
        self.look()  # the person was made by the test
        posted = {"user": user.pk, "role": "reviewer", "unit": self.unit.pk, "starts": "2024-01-01"}
        self.client(Role.SECURITY_ADMIN).post(reverse("admin:organisation_membership_add"), posted)
        return "admin", Role.SECURITY_ADMIN

    def makes_a_person(self):
        name = f"p{self.chance.getrandbits(40):x}"
        posted = {"username": name, "name": "新来的", "is_active": "on", "initial_password": "Chushi-mima-77!"}
        self.client(Role.SYSTEM_ADMIN).post(reverse("admin:organisation_user_add"), posted)
        return "admin", Role.SYSTEM_ADMIN

    # ---- what is refused, given out, printed

    def asks_for_what_is_not_theirs(self):
        role = self.chance.choice((Role.CLERK, Role.REVIEWER, Role.AUDITOR))
        client = self.client(role)
        client.get(self.chance.choice(("/777001/2024/second/", "/566/2024/second/", "/999999/", "/admin/nothing/")))
        client.post(f"{AT}cycle/approve/", {"number": "x", "day": "2024-01-01"})
        return "", role

    def guesses_a_password(self):
        name = self.people[Role.CLERK].username
        Client(REMOTE_ADDR="10.9.9.9").post("/login/", {"username": name, "password": "falsch"})
        self.expected.append(("failed", None, "10.9.9.9", 401))
        return "", Role.CLERK

    def takes_a_file(self):
        address = self.chance.choice(("lines/?format=xlsx", "lines.csv", "template/", "tables/expenditure/?format=csv"))
        self.client(Role.DEPARTMENT).get(f"{AT}{address}")
        return "", Role.DEPARTMENT

    def prints(self):
        client, user = self.client(Role.REVIEWER), self.people[Role.REVIEWER]
        assert client.post("/printed/", {"path": f"{AT}tables/expenditure/"}).status_code == 204
        self.expected.append(("print", user.pk, self.addresses[user.pk], 200))
        return "", Role.REVIEWER

    def changes_the_password(self):
        role = Role.PERFORMANCE_OFFICE
        client, user = self.client(role), self.people[role]
        new = f"Xin-mima-{self.chance.getrandbits(40):x}"
        posted = {"old_password": self.password or PASSWORD, "new_password1": new, "new_password2": new}
        if client.post("/password/", posted).status_code == 302:
            self.password = new
            self.expected.append(("password", user.pk, self.addresses[user.pk], 302))
        return "", role

    password = ""
    OPERATIONS = (
        types_on_a_form,
        types_in_the_grid,
        adds_in_the_grid,
        removes_in_the_grid,
        pastes,
        imports,
        imports_by_command,
        changes_in_the_management,
        remarks,
        issues_a_control_number,
        gives_a_role,
        makes_a_person,
        asks_for_what_is_not_theirs,
        guesses_a_password,
        takes_a_file,
        prints,
        changes_the_password,
        moves,
        moves,
    )

    # ---- one operation, and whether the logs say what happened

    def work(self, times: int) -> list[str]:
        """So many operations, each once while the budget is a draft, then in any order.

        Everything that the logs do not say as it was, and a broken chain.
        """
        later = [*self.OPERATIONS] * (times // len(self.OPERATIONS))
        self.chance.shuffle(later)
        for operation in [*self.OPERATIONS, *later][:times]:
            self.do(operation)
        return [*self.wrong, *faults()]

    def look(self) -> None:
        """Everything as it is; what is done from now on is to be told."""
        self.before, self.began = snapshot(), timezone.now()
        self.told, self.logged = ChangeRecord.objects.count(), AccessRecord.objects.count()

    def do(self, operation) -> None:
        for role in Role:
            self.people[role]  # are there before it is looked at
        self.expected = []
        self.look()
        via, role = operation(self)
        changes = _changes(self.before, snapshot())
        records = list(ChangeRecord.objects.order_by("pk")[self.told :])
        self.done[operation.__name__, bool(changes)] += 1
        say = [f"{operation.__name__}: {one}" for one in _disagreements(changes, records, via)]
        user, ended = self.people[role], timezone.now()
        address = None if operation.__name__ == "imports_by_command" else self.addresses.get(user.pk)
        for one in records:
            if (one.by_id, one.by_name, one.address) != (user.pk, str(user), address):
                say.append(f"{operation.__name__}: by {one.by_name} from {one.address}")
            if not self.began <= one.at <= ended or not one.operation:
                say.append(f"{operation.__name__}: at {one.at}")
        kept = [
            (one.event, one.by_id, one.address, one.status)
            for one in AccessRecord.objects.order_by("pk")[self.logged :]
        ]
        expected = [one if one[0] != "log_in" else (*one[:2], None, 200) for one in self.expected]
        kept = [one if one[0] != "log_in" else (*one[:2], None, 200) for one in kept]
        if Counter(kept) != Counter(expected):
            say.append(f"{operation.__name__}: the log says {kept}, not {expected}")
        self.wrong += say


def _changes(before: dict[Row, dict], after: dict[Row, dict]) -> dict[Row, tuple]:
    """row → (action, values before, values after), the fields that are others now. Copies come with their budget."""
    begun = {chain for chain, kind, _ in after if kind == "budget.budget"}
    begun -= {chain for chain, kind, _ in before if kind == "budget.budget"}
    found = {}
    for row in before.keys() | after.keys():
        old, new = before.get(row), after.get(row)
        if old == new or (row[0] in begun and row[1] != "budget.budget"):
            continue
        names = [name for name in (old or new) if old is None or new is None or old[name] != new[name]]
        action = "add" if old is None else "remove" if new is None else "edit"
        found[row] = (action, *({name: one[name] for name in names} if one else None for one in (old, new)))
    return found


def _disagreements(changes: dict[Row, tuple], records: list[ChangeRecord], via: str):
    told = {}
    for one in records:
        if one.subject in TOLD_BESIDES:
            continue
        owned = one.chain if one.chain.startswith("budget:") and not one.subject.startswith("records.") else ""
        row = (owned, one.subject, str(one.subject_uid))
        if row in told:
            yield f"{row} is told twice"
        told[row] = one
        if one.via != via and not (one.via == "copy" and via == "cycle"):
            yield f"{row} is told to be by {one.via}"
    for row in changes.keys() - told.keys():
        yield f"{row} {changes[row]} is not told"
    for row in told.keys() - changes.keys():
        yield f"{row} is told, but did not change"
    for row in changes.keys() & told.keys():
        action, old, new = changes[row]
        one = told[row]
        if one.action != action and not (one.action == "state" and action == "edit"):
            yield f"{row} is told as {one.action}, not {action}"
        if row[1] in ("records.comment", "records.attachment", "budget.budget") and action == "add":
            continue
        for values, kept in ((old, one.before), (new, one.after)):
            resolved = row[1] == "records.comment"
            if values and not resolved and any((kept or {}).get(name) != value for name, value in values.items()):
                yield f"{row} was {values}, told as {kept}"
