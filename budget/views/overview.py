"""A budget's own page: what comes next, four figures, what it is spent on, deadlines, units, tables."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from budget import charts, controls, headlines, home_charts, next_steps
from budget.comparison import last_year_of
from budget.models import Budget
from budget.pages import place_of
from budget.progress import progress_of
from budget.tables import UnitList


@require_safe
def overview(request, unit, year, stage=None):
    """首页 of a budget."""
    place = place_of(request, unit, year, stage)
    book = place.book({*headlines.tables_of(place.table_set), *charts.TABLES}, charts.SOURCES)
    last = last_year_of(book, place.selection)
    figures = headlines.headlines(place, book, last)
    units = progress_of(place.selection) if place.is_of_department else []
    selection = place.selection
    own = Budget(unit=selection.organisation, campaign=selection.campaign, stage=selection.stage)
    return render(
        request,
        "budget/overview.html",
        {
            "place": place,
            "section": "overview",
            "next": next_steps.next_of(place, book, figures),
            "operating": figures.get(headlines.OPERATING),
            "figures": [figures[one] for one in headlines.FIGURES if one in figures],
            "last_year": last.source if last.selection else "",
            "charts": home_charts.of_place(place, book, figures),
            "deadlines": next_steps.deadlines(place),
            "quotas": controls.quotas(own),
            "units": UnitList(units, unit=place.unit, orderable=False) if units else None,
            "is_current": stage is None,
        },
    )
