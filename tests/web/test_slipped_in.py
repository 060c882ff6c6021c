"""T-35, T-36, T-42: fields that no form has, ids of other units' rows in a body, posts that are not from our pages."""

import pytest
from django.test import Client
from django.urls import reverse

from budget.models import Budget, ControlNumber, Item, Line
from organisation.models import Membership, User
from organisation.roles import ROLES, Role
from records.models import Notice
from tests.factories import fingerprint, make_user
from tests.grids.speaking import Grid
from tests.records.auditing import Office, snapshot
from tests.web.rights import addresses, filled
from tests.web.rights_world import FOREIGN, OWN, make_world
from tests.web.rules import ANYONE, OPEN, RULES, Rule

pytestmark = pytest.mark.django_db
SETTLED = ("pk", "uid", "unit_id", "campaign_id", "stage", "revision", "unit_name", "based_on_id", "is_demo")
PRIVILEGES = ("pk", "is_superuser", "is_staff", "date_joined")


# ---- T-35


class Slipping(Office):
    """An office in which every form comes with fields that it does not have."""

    def client(self, role):
        client = super().client(role)
        post = client.post
        foreign = {"unit_id": "1", "budget": "1", "budget_id": "1", "campaign": "1", "item_id": "1", "owner": "1"}
        claims = {"state": "approved", "status": "approved", "stage": "approved", "step": "3", "revision": "9"}
        more = {
            "year": "2030",
            "amount_total": "1",
            "approved_by": "1",
            "by": "1",
            "is_superuser": "on",
            "is_staff": "on",
        }
        extra = (
            foreign | claims | more | {"version": "99", "is_demo": "on", "document_number": "伪〔2024〕1号", "pk": "1"}
        )

        def slip(path, data=None, content_type=None, **how):
            if content_type is None:
                return post(path, {**extra, **(data or {})}, **how)
            return post(path, data, content_type, **how)

        client.post = slip
        return client


def test_a_field_that_a_form_does_not_have_sets_nothing():
    office = Slipping(35)
    for role in Role:
        office.people[role]
    settled = set(Budget.objects.values_list(*SETTLED))
    people = set(User.objects.values_list(*PRIVILEGES))
    own = [one for one in Office.OPERATIONS if one.__name__ not in ("moves", "gives_a_role", "makes_a_person")]
    for operation in [*own, Office.makes_a_person]:
        office.do(operation)
        assert set(Budget.objects.values_list(*SETTLED)) == settled, operation
        assert set(Budget.objects.values_list("state", "step", "document_number")) == {("draft", 0, "")}
    assert people <= set(User.objects.values_list(*PRIVILEGES))
    assert not User.objects.filter(is_superuser=True).exists() and not User.objects.filter(is_staff=True).exists()
    for _ in range(4):
        office.do(Office.moves)
    assert set(Budget.objects.values_list(*SETTLED)) >= settled
    assert not Budget.objects.exclude(document_number="").exists()
    assert office.wrong == []


# ---- T-36


def test_ids_of_another_unit_in_a_body_reach_nothing():
    world = make_world()
    theirs, line = world.budgets[FOREIGN], Line.objects.of(world.budgets[FOREIGN]).order_by("pk").first()
    number = ControlNumber.objects.get(unit=theirs.unit)
    notice, membership = world.notices[FOREIGN], Membership.objects.filter(unit=theirs.unit).first()
    own = world.budgets[OWN].unit
    clients = {}
    for role in (Role.CLERK, Role.DEPARTMENT, Role.REVIEWER):
        clients[role] = Client()
        clients[role].force_login(make_user(role, own.parent if role == Role.DEPARTMENT else own))
    before = _of(theirs)
    at = f"/{OWN}/2024/second/"
    grid = Grid(make_user(Role.CLERK, own))
    for change in ({"cells": {"amount": "1"}}, {"remove": True}):
        grid.try_save({"id": line.uid.hex, "seen": str(line.version), **change})
    stamps = {"row-1-row": f"{line.uid.hex}:{line.version}", "row-1-amount": "1", "row-1-delete": "on"}
    clients[Role.CLERK].post(f"{at}basic/form/", stamps)
    pinned = {"subject": "budget.line", "uid": str(line.uid), "text": "x"}
    assert clients[Role.DEPARTMENT].post(f"{at}comments/", pinned).status_code == 422
    assert clients[Role.DEPARTMENT].post(f"{at}comments/", {**pinned, "unit": FOREIGN}).status_code == 422
    split = {"unit_shown": "元", f"amount-{number.pk}": "1", f"seen-{number.pk}": str(number.version)}
    clients[Role.DEPARTMENT].post("/566/2024/second/controls/split/", split)
    new = {"unit_shown": "元", "new-unit": FOREIGN, "new-kind": "basic", "new-fund": "", "new-amount": "1"}
    assert clients[Role.DEPARTMENT].post("/566/2024/second/controls/split/", new).status_code == 422
    assert clients[Role.CLERK].post("/notices/read/", {"notice": notice.pk}).status_code == 404
    posted = {"held": membership.pk, "username": "user1", "starts": "2024-01-01", "ends": "2030-01-01"}
    assert clients[Role.REVIEWER].post("/delegations/", posted).status_code == 422
    assert clients[Role.REVIEWER].post("/delegations/", {"back": membership.pk}).status_code == 404
    told = Notice.objects.count()
    clients[Role.DEPARTMENT].post("/progress/remind/", {"year": "2024", "stage": "second", "unit": FOREIGN})
    assert Notice.objects.count() == told
    _through_the_management(clients[Role.CLERK], line)
    assert _of(theirs) == before
    assert Notice.objects.get(pk=notice.pk).read is None


def _through_the_management(client, line: Line) -> None:
    """A row of one's own moved under another unit's, another's row taken by an action."""
    own = Line.objects.filter(item__budget__unit__code=OWN).first()
    codes = {name: getattr(own, f"{name}_id") for name in ("function", "economic", "government", "fund")}
    posted = {**codes, "amount": "1", "seen": own.version, "item": line.item_id}
    client.post(reverse("admin:budget_line_change", args=[own.pk]), posted)
    assert Line.objects.get(pk=own.pk).item_id == own.item_id
    client.post(f"{reverse('admin:budget_line_add')}?item={line.item_id}", posted)
    for model in (Line, Item):
        there = line.pk if model is Line else line.item_id
        chosen = {"action": "delete_selected", "_selected_action": [there], "post": "yes"}
        client.post(reverse(f"admin:budget_{model._meta.model_name}_changelist"), chosen)


def _of(budget: Budget) -> dict:
    numbers = ControlNumber.objects.filter(unit=budget.unit).values_list("amount", "version")
    return {row: values for row, values in snapshot().items() if row[0] == budget.chain} | {"numbers": list(numbers)}


# ---- T-42


@pytest.mark.parametrize("headers", [{}, {"origin": "https://boese.example"}])
def test_a_post_without_a_token_of_ours_does_nothing(headers):
    """That a GET changes nothing the matrix of rights holds: its fingerprint after every page of every person."""
    world = make_world()
    clients = {}
    for person in world.people:
        if person.user and len(person.held) == 1:
            clients[person.held[0][0]] = Client(enforce_csrf_checks=True, headers=headers)
            clients[person.held[0][0]].force_login(User.objects.get(pk=person.user.pk))
    before, tried = fingerprint(), 0
    for name, route in addresses():
        need = RULES.get(name, Rule()).post
        if need in (None, OPEN):
            continue
        role = next(role for role in clients if need == ANYONE or need in ROLES[role].actions)
        unit = OWN if role not in (Role.DEPARTMENT, Role.FINANCE_OFFICE) else "566"
        address = filled(route, world.arguments(OWN) | {"unit": unit if unit == "566" else OWN})
        assert clients[role].post(address).status_code == 403, name
        tried += 1
    assert tried > 50 and fingerprint() == before
