"""The busiest pages of somebody logged in, each beside an empty view (`/health`) behind the same middleware."""

import uuid

from django.conf import settings
from django.test import Client
from django.urls import reverse

from budget import writing
from budget.models import Budget, Item, Line
from organisation.models import Membership, Unit, User
from organisation.roles import Role

PAGES = ("page_home", "page_table", "page_lines", "page_basic", "page_project")
LARGEST = 2_000  # lines of a department: beyond, nobody opens a page of all


def requests(department: Unit) -> dict:
    """For each page a function that asks for it; `empty` asks for the empty view. Any answer but 200 is an error."""
    someone = client()
    budget = Budget.objects.filter(unit__path__startswith=department.path).select_related("unit", "campaign").first()
    whole = (department.code, budget.year, budget.stage)
    own = (budget.unit.code, budget.year, budget.stage)
    addresses = {
        "empty": reverse("health"),
        "page_home": reverse("budget", args=whole),
        "page_table": reverse("table", args=(*whole, "expenditure")),
        "page_lines": reverse("lines", args=whole),
        "page_basic": reverse("basic", args=own),
    }
    if project := Item.objects.of(budget).projects().first():
        addresses["page_project"] = reverse("project-edit", args=(*own, project.uid))
    return {name: asking(someone, address) for name, address in addresses.items()}


def grid_state(budget: Budget):
    """A function that asks for the rows of a budget's grid, as its browser side does."""
    address = reverse("grid", args=(budget.unit.code, budget.year, budget.stage))
    return asking(client(), f"{address}?unit=万元")


def recheck(department: Unit):
    """A function that changes one amount and asks for the number of findings, as an entry page does after a save."""
    someone = client()
    line = Line.objects.filter(item__budget__unit__path__startswith=department.path).select_related("item").first()
    budget = Budget.objects.select_related("unit", "campaign").get(pk=line.item.budget_id)
    address = reverse("checks", args=(department.code, budget.year, budget.stage))
    count = asking(someone, f"{address}?format=count")

    def ask():
        line.refresh_from_db()
        edit = writing.Edit(Line, line.uid, line.version, {"amount": line.amount + 100})
        writing.write(budget, [edit], by=None, via="form")
        return count()

    return ask


def grid_save(budget: Budget):
    """A function that saves one amount of a budget's grid, another one each time, as its browser side does."""
    someone = client()
    address = reverse("grid", args=(budget.unit.code, budget.year, budget.stage))
    row = asking(someone, f"{address}?unit=元")().json()["rows"][0]

    def ask():
        nonlocal row
        amount = str(int(row["fen"]) // 100 % 10**9 + 100)
        change = {"id": row["id"], "seen": row["version"], "cells": {"amount": amount}}
        body = {"operation": str(uuid.uuid4()), "via": "grid", "unit": "元", "changes": [change]}
        response = someone.post(f"{address}save/", body, content_type="application/json")
        if response.status_code != 200:
            raise AssertionError(f"{address}：{response.status_code}")
        [row] = response.json()["rows"]

    return ask


def client() -> Client:
    """Somebody who sees everything, logged in."""
    user, _ = User.objects.get_or_create(username="bench", defaults={"name": "测速"})
    Membership.objects.get_or_create(user=user, role=Role.FINANCE_ADMIN, unit=None)
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # the middleware warns of a folder that is not there
    found = Client(headers={"host": settings.ALLOWED_HOSTS[0]})
    found.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[-1])
    return found


def asking(client: Client, address: str):
    """A function that asks for the address. Any answer but 200 is an error."""

    def ask():
        response = client.get(address)
        if response.status_code != 200:
            raise AssertionError(f"{address}：{response.status_code}")
        return response

    return ask
