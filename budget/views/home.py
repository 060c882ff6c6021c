"""Where a person begins: the departments and units they may see."""

from collections import Counter, defaultdict
from dataclasses import dataclass

from django import forms
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from budget.lists import list_page
from budget.models import Budget, Campaign, stage_name, stage_order
from budget.pages import state_of
from budget.tables import OrganisationList
from organisation.models import Unit


@dataclass(frozen=True)
class Entry:
    """A department or unit with the newest stage that any of its units has."""

    organisation: Unit
    year: int
    stage: str
    budgets: tuple[Budget, ...]
    lacking: int

    @property
    def name(self) -> str:
        return self.organisation.name

    @property
    def kind(self) -> str:
        return "部门" if self.organisation.is_department else self.organisation.get_kind_display()

    @property
    def stage_name(self) -> str:
        return stage_name(self.stage)

    @property
    def stage_order(self) -> int:
        return stage_order(self.stage)

    @property
    def state(self) -> str:
        return state_of(self.budgets)

    @property
    def url(self) -> str:
        return reverse("budget", args=(self.organisation.code, self.year, self.stage))


class Narrowed(forms.Form):
    q = forms.CharField(label="查找", required=False)
    year = forms.TypedChoiceField(label="年度", required=False, coerce=int, empty_value=None)

    def __init__(self, data, years):
        super().__init__(data)
        self.fields["year"].choices = [(year, f"{year}年") for year in years]


@require_safe
def home(request):
    """首页: straight to the budget for who has one place, a list for who has many."""
    years = list(
        Campaign.objects.filter(budgets__in=Budget.objects.visible_to(request.user))
        .order_by("-year")
        .values_list("year", flat=True)
        .distinct()
    )
    form = Narrowed(request.GET or None, years)
    asked = form.cleaned_data if form.is_bound and form.is_valid() else {}
    year = asked.get("year") or (years[0] if years else None)
    entries = _entries(request.user, year) if year else []
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
        raise Http404
    return redirect("budget", unit, newest.year)


def _entries(user, year: int) -> list[Entry]:
    """Every organisation the person may see that has a budget of the year, in the order of the tree."""
    units = list(Unit.objects.visible_to(user).filter(is_active=True))
    parents = {unit.parent_id for unit in units}
    leaves = Counter(path for unit in units if unit.pk not in parents for path in _upwards(unit.path))
    below: dict[str, list[Budget]] = defaultdict(list)
    for budget in Budget.objects.visible_to(user).of_year(year).latest_revisions().select_related("unit"):
        for path in _upwards(budget.unit.path):
            below[path].append(budget)
    entries = []
    for unit in units:
        if found := below[unit.path]:
            stage = max((budget.stage for budget in found), key=stage_order)
            having = tuple(budget for budget in found if budget.stage == stage)
            there = sum(budget.unit_id not in parents for budget in having)
            entries.append(Entry(unit, year, stage, having, leaves[unit.path] - there))
    return entries


def _upwards(path: str) -> list[str]:
    """The path and those above it: 566/566001/ → 566/, 566/566001/."""
    codes = path.rstrip("/").split("/")
    return ["/".join(codes[:end]) + "/" for end in range(1, len(codes) + 1)]


def _holds(entry: Entry, word: str) -> bool:
    unit = entry.organisation
    return unit.code.startswith(word) or word in unit.name or word in unit.short_name
