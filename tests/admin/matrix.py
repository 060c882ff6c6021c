"""What every role may on the pages of the management entrance, and a checker that asks them all."""

from django.contrib import admin
from django.urls import reverse

from budget.models import BudgetOwned, DraftRow
from organisation.models import Membership, Unit, User
from organisation.roles import ROLES, UNIT_ROLES

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


def rows_of(model, own, other):
    """A row within the reach of a role of 566001, and one that is not (None where rows belong to no unit)."""
    if model is Unit:
        return Unit.objects.get(code="566001"), Unit.objects.get(code="777001")
    if model in (User, Membership):
        return (User.objects.get(username="writer-566001") if model is User else Membership.objects.first()), None
    if model in own:
        return own[model], other[model]
    return model._default_manager.last(), None


def wrong_answers(role, client, own, other, *, whole: bool = False) -> list[str]:
    """Every answer that is not as ACTIONS and ROLES have it.

    Every model by every role: its list, a new row, an own row and another unit's row. What is granted is asked by
    every page and method, and so is each right that somebody who sees a row does not have. Where one refusal stands
    before several pages (a row that is not there, a new row that nobody of the role may begin, the two steps of a
    removal) one of them is asked, by turns of model and role: each of every role, and each of every model's strange row
    by a role of units. All of them: `whole`.
    """
    wrong = []
    actions = ROLES[role].actions
    turn = list(ROLES).index(role)

    def ask(model, what, method, url, *wanted):
        got = getattr(client, method)(url, {"unit": "1"} if method == "post" else None).status_code
        if got not in wanted:
            wrong.append(f"{model._meta.label_lower} {what} {method}: {got}, not {wanted}")

    def refused(model, what, status, *pages, turn):
        """One or all of the pages that answer the same."""
        for method, url in pages if whole else (pages[turn % len(pages)],):
            ask(model, what, method, url, status)

    for model in registered():
        turn += 1
        label = model._meta.label_lower
        view, add, change, remove = expected(model)
        sees, adds, changes, removes = bool(view & actions), add in actions, change in actions, remove in actions
        mine, strange = rows_of(model, own, other)
        ask(model, "list", "get", address(model, "changelist"), 200 if sees else 403)
        new = address(model, "add")
        if adds:
            ask(model, "new", "get", new, 200)
            ask(model, "new", "post", new, 200)
        else:
            refused(model, "new", 403, ("get", new), ("post", new), turn=turn)
        if label == "records.notice" or (label == "records.job" and "view" not in actions):
            sees = False  # somebody else's
        reached = [(mine, True)]
        if strange is not None:
            reached.append((strange, role not in UNIT_ROLES))
        for at, (row, within) in enumerate(reached):
            what = ("own", "other")[at]
            form, removal = (address(model, page, row.pk) for page in ("change", "delete"))
            if not (sees and within):
                pages = [(method, url) for url in (form, removal) for method in ("get", "post")]
                refused(model, what, 404, *pages, turn=turn + at)  # not the same of both rows
                continue
            ask(model, what, "get", form, 200)
            ask(model, what, "post", form, *((200, 302) if changes else (403,)))  # the form again, or nothing to save
            if removes:
                ask(model, what, "get", removal, 200)
            else:
                refused(model, what, 403, ("get", removal), ("post", removal), turn=turn)
    return wrong
