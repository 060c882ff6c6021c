"""批复通知 of an approved budget with its tables, laid out for paper."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from budget import headlines
from budget.comparison import last_year_of
from budget.models import Budget
from budget.pages import place_of
from budget.reporting import html


@require_safe
def approval(request, unit, year, stage=None):
    """批复通知; where nothing is approved yet the page says so."""
    place = place_of(request, unit, year, stage)
    approved = [one for one in place.budgets if one.state == Budget.State.APPROVED]
    if not approved:
        return render(request, "cycle/approval.html", {"place": place, "section": "cycle"})
    book = place.book()
    figures = headlines.headlines(place, book, last_year_of(book, place.selection))
    context = {
        "place": place,
        "section": "cycle",
        "budgets": approved,
        "first": approved[0],
        "numbers": list(dict.fromkeys(budget.document_number for budget in approved)),
        "last_day": max(budget.document_date for budget in approved),
        "lacking": [] if approved[0].adjustment else place.selection.lacking,
        "figures": [figures[one] for one in headlines.FIGURES if one in figures],
        "tables": [(grid, html.table_of(grid)) for grid in book.grids()],
    }
    return render(request, "cycle/approval.html", context)
