"""Every model × every role × list, new, own row, another unit's row, removal: as the roles say, nothing else."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.urls import reverse

from budget.models import BudgetOwned, DraftRow, Explanation, ReviewStep
from config.admin_site import SECTIONS
from organisation.administration import GuardedAdmin
from organisation.models import Membership, RecoveryCode, SecondFactor, Unit, UsedPassword, User
from organisation.roles import ROLES, UNIT_ROLES, Role
from records.models import SavedOperation
from tests.beginnings import OURS
from tests.factories import fingerprint, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

# view (any of), add, change, remove; and how far: a role of units reaches its units' rows, or rows have no unit
READ = ({"view"}, None, None, None)
BUDGET_ROW = ({"view"}, "edit", "edit", "edit")
SETTING = ({"view"}, "configure", "configure", None)
CODE = ({"view"}, "configure", "configure", "configure")
MINE = (frozenset().union(*(powers.actions for powers in ROLES.values())), None, None, None)
ACTIONS = {
    "organisation.unit": ({"view", "manage_units", "grant_roles"}, "manage_units", "manage_units", "manage_units"),
    "organisation.user": ({"manage_users", "grant_roles"}, "manage_users", "manage_users", None),
    "organisation.membership": ({"grant_roles"}, "grant_roles", "grant_roles", None),
    "records.changerecord": ({"view", "read_logs"}, None, None, None),
    "records.accessrecord": ({"read_logs"}, None, None, None),
    "records.historyanchor": ({"read_logs"}, None, None, None),
    "records.job": MINE,
    "records.notice": MINE,
    "records.comment": READ,
    "records.attachment": READ,
    "budget.edition": SETTING,
    "budget.campaign": SETTING,
    "budget.campaignstage": ({"view"}, None, "configure", None),
    "budget.controlnumber": READ,
    "budget.transition": READ,
    "publication.publication": READ,
    "publication.publishedfile": READ,
    "publication.secrecyreview": READ,
    "publication.textoverride": ({"view"}, "configure", None, None),
    "budget.functionalclass": CODE,
    "budget.departmenteconomicclass": CODE,
    "budget.governmenteconomicclass": CODE,
    "budget.fundsource": CODE,
    "budget.economicpair": CODE,
    "budget.budget": ({"view"}, "edit", "configure", None),
    "budget.draftrow": READ,
    "budget.upload": READ,
}


def expected(model):
    if issubclass(model, BudgetOwned) and model is not DraftRow:
        return BUDGET_ROW
    return ACTIONS[model._meta.label_lower]


def registered():
    return list(admin.site._registry)


def address(model, page: str, *args) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def test_every_model_of_ours_has_its_pages():
    ours = {model for model in apps.get_models() if model._meta.app_label in OURS}
    # on its stage's page; what the checks page and the grid keep for themselves
    secrets = {UsedPassword, SecondFactor, RecoveryCode}
    assert ours - set(registered()) == {ReviewStep, Explanation, SavedOperation} | secrets
    assert set(registered()) <= ours
    assert all(isinstance(page, GuardedAdmin) for page in admin.site._registry.values())


def test_every_page_stands_in_one_section():
    listed = [key for keys in SECTIONS.values() for key in keys]
    assert sorted(listed) == sorted(model._meta.label_lower for model in registered())


def rows_of(model, own, other):
    """A row within the reach of a role of 566001, and one that is not (None where rows belong to no unit)."""
    if model is Unit:
        return Unit.objects.get(code="566001"), Unit.objects.get(code="777001")
    if model in (User, Membership):
        return (User.objects.get(username="writer-566001") if model is User else Membership.objects.first()), None
    if model in own:
        return own[model], other[model]
    return model._default_manager.last(), None


@pytest.mark.parametrize("role", sorted(ROLES))
def test_a_role_may_what_it_may_and_nothing_else(role, log_in, own, other):
    make_user(Role.CLERK, "566001")  # somebody's membership
    client = log_in(role)
    before = fingerprint()
    wrong = []

    def ask(model, what, method, url, wanted):
        got = getattr(client, method)(url, {"unit": "1"} if method == "post" else None).status_code
        if got not in (wanted if isinstance(wanted, tuple) else (wanted,)):
            wrong.append(f"{model._meta.label_lower} {what} {method}: {got}, not {wanted}")

    actions = ROLES[role].actions
    for model in registered():
        label = model._meta.label_lower
        view, add, change, remove = expected(model)
        sees, adds, changes, removes = bool(view & actions), add in actions, change in actions, remove in actions
        mine, strange = rows_of(model, own, other)
        ask(model, "list", "get", address(model, "changelist"), 200 if sees else 403)
        ask(model, "new", "get", address(model, "add"), 200 if adds else 403)
        ask(model, "new", "post", address(model, "add"), 200 if adds else 403)
        if label == "records.notice" or (label == "records.job" and "view" not in actions):
            sees = False  # somebody else's
        reached = [(mine, True)]
        if strange is not None:
            reached.append((strange, role not in UNIT_ROLES))
        for row, within in reached:
            there = sees and within
            what = "own" if row is mine else "other"
            ask(model, what, "get", address(model, "change", row.pk), 200 if there else 404)
            refused = 403 if there else 404
            saved = (200, 302) if changes and there else refused  # the form again, or nothing to save
            ask(model, what, "post", address(model, "change", row.pk), saved)
            ask(model, what, "get", address(model, "delete", row.pk), 200 if removes and there else refused)
            if not (removes and there):
                ask(model, what, "post", address(model, "delete", row.pk), refused)
    assert wrong == []
    assert fingerprint() == before
