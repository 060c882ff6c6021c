"""比较: two budgets of a unit, stages or years or revisions, on screen and as a workbook."""

from django.shortcuts import render
from django.utils.timezone import localtime
from django.views.decorators.http import require_safe

from budget import versions
from budget.downloads import list_response
from budget.entry.answer import chooses_unit, own_budget, place_to_write
from budget.models import Budget, Transition, stage_order
from budget.reporting.money import fen, printed
from budget.tables import exactly

from .lists import file_name

TABLES = "tables"
HEADING = ("部分", "项目或表", "动作", "字段或列", "原来", "现在", "增减", "修改人", "时间", "方式", "理由")


@require_safe
@chooses_unit
def compare(request, unit, year, stage=None):
    """比较 with another budget of the unit: `with` = year/stage/revision, `to` = a revision of this one's stage."""
    place = place_to_write(request, unit, year, stage, "compare")
    now = own_budget(place)
    all_of_unit = sorted(
        Budget.objects.filter(unit=now.unit_id).select_related("unit", "campaign__edition"),
        key=lambda one: (one.year, stage_order(one.stage), one.revision),
    )
    by_name = {_name(one): one for one in all_of_unit}
    after = by_name.get(request.GET.get("to", ""), by_name[_name(now)])
    before = by_name.get(request.GET.get("with", "")) or _one_before(all_of_unit, after)
    rows, cells = [], []
    if before is not None and before.pk != after.pk:
        form = request.GET.get("format")
        shows_tables = request.GET.get("part") == TABLES
        rows = versions.row_differences(before, after) if form or not shows_tables else []
        cells = versions.cell_differences(before, after) if form or shows_tables else []
        if form:
            name = f"{file_name(place, '比较')}_{before.year}年{before.stage_name}第{before.revision}稿"
            return list_response([HEADING, *_lines(rows, cells, place.unit)], form, name)
    unit_shown = place.unit
    context = {
        "place": place,
        "section": "compare",
        "choices": [(_name(one), _words(one)) for one in reversed(all_of_unit)],
        "before": before,
        "shows_tables": request.GET.get("part") == TABLES,
        "after": after,
        "before_name": _name(before) if before else "",
        "after_name": _name(after),
        "before_words": _words(before) if before else "",
        "after_words": _words(after),
        "rows": [_row(one, unit_shown) for one in rows],
        "cells": [
            (one, *(printed(value, unit_shown, thousands=True) or "0.00" for value in (one.old, one.new, one.change)))
            for one in cells
        ],
        "reasons": _reasons(before, after) if before else [],
    }
    return render(request, "cycle/compare.html", context)


def _row(one: versions.Difference, unit: str) -> tuple:
    change = "" if one.change is None else printed(fen(one.change), unit, thousands=True)
    return one, versions.words_of(one.old, unit, one.is_money), versions.words_of(one.new, unit, one.is_money), change


def _name(budget: Budget) -> str:
    return f"{budget.year}/{budget.stage}/{budget.revision}"


def _words(budget: Budget) -> str:
    return f"{budget.year}年{budget.stage_name}第{budget.revision}稿（{budget.get_state_display()}）"


def _one_before(budgets: list[Budget], after: Budget) -> Budget | None:
    """What a budget is compared with if nothing is said: what it was made from, else the one before it."""
    source = next((one for one in budgets if one.pk == after.based_on_id), None)
    at = next(at for at, one in enumerate(budgets) if one.pk == after.pk)
    return source or (budgets[at - 1] if at else None)


def _reasons(before: Budget, after: Budget) -> list[Transition]:
    """Why there is a newer one: the returns between the two."""
    rows = Transition.objects.filter(
        budget__unit=after.unit_id, budget__campaign=after.campaign_id, move__in=("return", "reopen")
    ).select_related("budget")
    return [one for one in rows if one.at >= before.created]


def _lines(rows, cells, unit: str):
    for one in rows:
        old, new = (exactly(value, unit) if one.is_money and value != "" else value for value in (one.old, one.new))
        change = exactly(one.change, unit) if one.is_money else ""
        at = f"{localtime(one.at):%Y-%m-%d %H:%M}" if one.at else ""
        how = (one.by, at, one.via, one.why)
        yield ("明细与内容", f"{one.kind} {one.row}", one.action, one.field, old, new, change, *how)
    for one in cells:
        figures = [exactly(versions.money.yuan(value), unit) for value in (one.old, one.new, one.change)]
        yield (f"表{one.number}", f"{one.table} {one.row}", versions.CHANGED, one.column, *figures, "", "", "", "")
