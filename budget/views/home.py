"""Where a person begins: the departments and units they may see, or, without amounts, what they keep."""

from django import forms
from django.contrib import admin
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from budget import steps_overview
from budget.lists import list_page
from budget.models import Budget, Campaign
from budget.progress import Progress, progress
from budget.starting import start_of, units_without_budget
from budget.tables import OrganisationList
from budget.views.start import first_run
from organisation.models import Unit
from organisation.rights import can, memberships_of


class Narrowed(forms.Form):
    q = forms.CharField(label="查找", required=False)
    year = forms.TypedChoiceField(label="年度", required=False, coerce=int, empty_value=None)

    def __init__(self, data, years):
        super().__init__(data)
        self.fields["year"].choices = [(year, f"{year}年") for year in years]


@require_safe
def home(request):
    """首页: straight to the budget for who has one place, a list for who has many, what they keep for the others."""
    if not can(request.user, "view"):
        return _keepers_home(request)
    years = list(
        Campaign.objects.filter(budgets__in=Budget.objects.visible_to(request.user))
        .order_by("-year")
        .values_list("year", flat=True)
        .distinct()
    )
    form = Narrowed(request.GET or None, years)
    asked = form.cleaned_data if form.is_bound and form.is_valid() else {}
    year = asked.get("year") or (years[0] if years else None)
    entries = progress(request.user, year) if year else []
    if not entries and not request.GET and (waiting := units_without_budget(request.user)):
        if len(waiting) == 1:
            return redirect("organisation", waiting[0].code)
        return render(request, "budget/first_units.html", {"section": "home", "units": waiting})
    if len(entries) == 1 and not request.GET:
        return redirect(entries[0].url)
    words = asked.get("q", "").split()
    shown = [entry for entry in entries if all(_holds(entry, word) for word in words)]

    def build(unit):
        return OrganisationList(shown, unit=unit)

    return list_page(
        request,
        title=f"{year}年部门和单位预算" if year else "首页",
        build=build,
        form=form if entries else None,
        export_unit=request.user.amount_unit,
        file_name=f"{year}年部门和单位预算",
        section="home",
        template="budget/home.html",
        waiting=steps_overview.mine(request.user),
        sees_progress=can(request.user, "remind"),
        address=reverse("home"),
        empty="没有您可以查看的预算。预算由您所在的单位编制；如果您应当看到某个单位，请联系系统管理员核对您的角色和单位。",
    )


@require_safe
def organisation(request, unit):
    """A unit's code alone: its newest budget."""
    found = Unit.objects.visible_to(request.user).filter(code=unit).first()
    if found is None:
        raise Http404
    newest = Campaign.objects.filter(budgets__unit__in=Unit.objects.under(found)).order_by("-year").first()
    if newest is None:
        start = start_of(found, request.user)
        if start is None:
            raise Http404
        return first_run(request, start)
    return redirect("budget", unit, newest.year)


def _keepers_home(request):
    """For administrators without a view of amounts: the pages of the system that they keep."""
    held = memberships_of(request.user)
    apps = admin.site.get_app_list(request) if held and request.user.is_active else []
    groups = [
        (app["name"], [(model["name"], model["admin_url"]) for model in app["models"] if model.get("admin_url")])
        for app in apps
    ]
    roles = [membership.get_role_display() for membership in held]
    return render(
        request,
        "budget/keepers_home.html",
        {"section": "home", "roles": roles, "groups": [group for group in groups if group[1]]},
    )


def _holds(entry: Progress, word: str) -> bool:
    unit = entry.organisation
    return unit.code.startswith(word) or word in unit.name or word in unit.short_name
