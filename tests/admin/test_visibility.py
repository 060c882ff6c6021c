"""What another unit has is not there: no page, list, search, filter, picker or message says that it is."""

import re

import pytest
from django.contrib import admin
from django.urls import reverse

from budget.models import Budget, BudgetOwned, Item, Line
from organisation.administration import GuardedAdmin
from organisation.models import Unit, User
from organisation.roles import Role
from tests.admin.world import CANARY, also
from tests.factories import make_unit

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
NOWHERE = 987654
TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="\w+"')


def address(model, page: str, *args) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def leaks(client, other) -> list[str]:
    """Where a person of 566001 comes upon anything of 777001."""
    found = []

    def look(url, data=None):
        response = client.get(url, data)
        if CANARY in response.content.decode() or "777001" in response.content.decode():
            found.append(f"{url} {data or ''}")
        return response

    look(reverse("admin:index"))
    for model, page in admin.site._registry.items():
        lists = address(model, "changelist")
        look(lists)
        look(lists, {"q": CANARY[:2]})
        look(lists, {"unit": "566001"})
        look(address(model, "add"))
        strange = other.get(model)
        if strange is None:
            continue
        for place in ("change", "delete", "history"):
            theirs, none = (client.get(address(model, place, pk)) for pk in (strange.pk, NOWHERE))
            same = TOKEN.sub(b"", theirs.content) == TOKEN.sub(b"", none.content)
            if (theirs.status_code, none.status_code) != (404, 404) or not same:
                found.append(f"{model._meta.label} {place}: {theirs.status_code}")
        for field in model._meta.fields:
            if field.is_relation:
                asked = {
                    "app_label": model._meta.app_label,
                    "model_name": model._meta.model_name,
                    "field_name": field.name,
                }
                look(reverse("admin:autocomplete"), {**asked, "term": ""})
                look(reverse("admin:autocomplete"), {**asked, "term": CANARY})
        if issubclass(model, BudgetOwned):
            look(lists, {f"{page.path}__id__exact": other[Budget].pk})
            look(address(model, "add"), {"budget": other[Budget].pk, "item": other[Item].pk})
    return found


def test_nothing_of_another_unit_is_met_anywhere(clerk, own, other):
    Unit.objects.filter(code="777001").update(name=f"单位{CANARY}")
    assert leaks(clerk, other) == []


def test_the_search_for_leaks_finds_them(clerk, own, other, monkeypatch):
    """Negative control: without the one check of visibility the other unit is everywhere."""
    monkeypatch.setattr(GuardedAdmin, "visible", lambda self, rows, user: rows)
    monkeypatch.setattr(GuardedAdmin, "unit_path", None)
    for page in admin.site._registry.values():
        if "unit_path" in page.__dict__:
            monkeypatch.setattr(page, "unit_path", None)
    found = leaks(clerk, other)
    missed = [
        model._meta.label
        for model in other
        if model in admin.site._registry
        and model._meta.model_name not in ("notice", "job", "changerecord")  # these have a rule of their own besides
        and not any(one.startswith(address(model, "changelist")) for one in found)
    ]
    assert missed == []


@pytest.mark.parametrize("number", ["abc", "99999999999999999999999", "-1", "1/2", "1.0", "_3A"])
def test_what_is_no_number_is_not_there(clerk, number):
    for page in ("change", "delete", "history"):
        assert clerk.get(address(Line, page, number)).status_code == 404


def test_another_units_row_is_refused_where_it_is_posted(clerk, own, other):
    """Numbers of rows that one may not see, in the body of a form."""
    line = own[Line]
    codes = {name: getattr(line, f"{name}_id") for name in ("function", "economic", "government", "fund")}
    response = clerk.post(address(Line, "add"), {"item": other[Item].pk, **codes, "amount": "100"})
    missing = clerk.post(address(Line, "add"), {"item": NOWHERE, **codes, "amount": "100"})
    told = [one.context["adminform"].form.errors["item"] for one in (response, missing)]
    assert told[0] == told[1]
    assert Line.objects.count() == 2
    response = clerk.post(address(Budget, "add"), {"unit": other[Budget].unit_id, "campaign": 1, "stage": "first"})
    assert "unit" in response.context["adminform"].form.errors
    assert Budget.objects.count() == 2


def test_a_picker_offers_leaf_codes_of_the_budgets_edition_only(clerk, own):
    asked = {"app_label": "budget", "model_name": "line", "field_name": "function", "edition": ""}
    form = clerk.get(address(Line, "change", own[Line].pk)).content.decode()
    edition = own[Budget].campaign.edition_id
    assert f"/admin/autocomplete/?edition={edition}" in form
    found = clerk.get(reverse("admin:autocomplete"), {**asked, "edition": edition, "term": "20601"}).json()["results"]
    assert found
    assert all(len(one["text"].split()[0]) == 7 for one in found)
    none = clerk.get(reverse("admin:autocomplete"), {**asked, "edition": edition + 1, "term": "20601"}).json()
    assert none["results"] == []


def test_who_holds_no_role_does_not_come_in(client, log_in):
    for user in (
        User.objects.create_user("nobody", password="x", name="无角色"),
        User.objects.create_superuser("root", password="x", name="超级用户"),
    ):
        assert log_in(None, user=user).get(reverse("admin:index")).status_code == 403
    response = client.get(reverse("admin:index"), follow=True)
    assert response.redirect_chain[-1][0].startswith("/login/")
    assert client.get("/admin/login/?next=//evil.example/")["Location"] == "/login/?next=/admin/"


def test_a_role_in_two_units_does_not_spread(log_in, own, other):
    client = log_in(Role.CLERK)
    also(client.user, Role.REVIEWER, make_unit("777001"))
    assert client.get(address(Line, "change", other[Line].pk)).status_code == 200
    assert client.post(address(Line, "change", other[Line].pk), {"amount": "1"}).status_code == 403
    lines = reverse("admin:budget_budget_lines", args=[other[Budget].pk])
    assert client.get(lines).status_code == 200
    assert client.post(lines, "", content_type="application/x-www-form-urlencoded").status_code == 403
    item = {"app_label": "budget", "model_name": "line", "field_name": "item", "term": ""}
    offered = [one["text"] for one in client.get(reverse("admin:autocomplete"), item).json()["results"]]
    assert offered
    assert not any(CANARY in text for text in offered)


def test_no_hash_of_a_password_is_shown_or_searched(log_in, own):
    client = log_in(Role.SYSTEM_ADMIN)
    user = User.objects.get(username="writer-566001")
    for page in (address(User, "changelist"), address(User, "change", user.pk)):
        assert user.password not in client.get(page).content.decode()
    found = client.get(address(User, "changelist"), {"password__startswith": user.password[:5]})
    assert found.status_code in (302, 400)


def test_the_pages_of_djangos_own_are_not_there(clerk, own, other):
    assert clerk.get("/admin/auth/group/").status_code == 404
    assert clerk.get(f"/admin/r/{1}/{other[Budget].pk}/").status_code == 404
