"""Entry of a unit's own budget: basic spending, income, facts."""

from django.views.decorators.http import require_http_methods

from budget import controls
from budget.entry.answer import answer, chooses_unit, own_budget, place_to_write
from budget.entry.facts import FIGURES, FactsEditing
from budget.entry.income import IncomeEditing
from budget.entry.kept import keeps_typing
from budget.entry.lines import BasicEditing
from budget.filters import BasicItemFilter
from budget.models import DraftRow, Item


@keeps_typing
@require_http_methods(["GET", "HEAD", "POST"])
@chooses_unit
def basic(request, unit, year, stage=None):
    """基本支出 as a form, for who has no JavaScript: every item with its lines on one page."""
    place = place_to_write(request, unit, year, stage, "basic-form")
    budget = own_budget(place)
    found = BasicItemFilter(request.GET, Item.objects.of(budget).basic(), budgets=(budget,))

    def make(draft, posted):
        return BasicEditing(draft, posted, items=None if posted else found.qs)

    return answer(
        request,
        place,
        make,
        template="entry/basic.html",
        title="基本支出",
        section="basic",
        address=place.url("basic-form"),
        filter_form=found.form,
        is_narrowed=bool(request.GET.get("q") or request.GET.get("category")),
        quotas=controls.quotas(budget),
        unfinished=DraftRow.objects.filter(budget=budget, item=None).count(),
    )


@keeps_typing
@require_http_methods(["GET", "HEAD", "POST"])
@chooses_unit
def income(request, unit, year, stage=None):
    """收入: what follows from the lines, and the estimates."""
    place = place_to_write(request, unit, year, stage, "income")
    return answer(
        request,
        place,
        IncomeEditing,
        template="entry/income.html",
        title="收入",
        section="income",
        address=place.url("income"),
    )


@keeps_typing
@require_http_methods(["GET", "HEAD", "POST"])
@chooses_unit
def facts(request, unit, year, stage=None):
    """其他情况: people, assets, procurement, transfers, last year and its execution, reasons, duties."""
    place = place_to_write(request, unit, year, stage, "facts")
    tables = {one.this_year[0] for one in FIGURES if one.topic and place.table_set.placed(one.this_year[0])}
    book = place.book(tables)
    return answer(
        request,
        place,
        lambda draft, posted: FactsEditing(draft, posted, book=book),
        template="entry/facts.html",
        title="其他情况",
        section="facts",
        address=place.url("facts"),
    )
