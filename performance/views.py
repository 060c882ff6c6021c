"""Pages about goals: the indicators of a budget, and a project with everything that is said of it.

The project's page stands here and not in `projects`, because it also shows what this app keeps.
"""

from functools import partial

from django import forms
from django.db.models import Sum
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from budget import controls
from budget.lists import list_page
from budget.models import Item, Line
from budget.pages import Place, place_of
from budget.views.lists import file_name, first_steps
from organisation.rights import can
from projects.models import CostDetail, Dossier

from .models import DepartmentIndicator, ProjectGoal, ProjectIndicator
from .tables import IndicatorList
from .views_attachments import shown

DEPARTMENT = "部门整体"
LEVELS = tuple(dict.fromkeys([*DepartmentIndicator.Level1.values, *ProjectIndicator.Level1.values]))
WORDS = ("overview", "basis", "necessity", "feasibility", "plan", "costing")


class Narrowed(forms.Form):
    q = forms.CharField(label="查找", required=False)
    scope = forms.ChoiceField(
        label="范围", required=False, choices=[("", "全部"), ("department", DEPARTMENT), ("project", "项目")]
    )
    level_1 = forms.ChoiceField(
        label="一级指标", required=False, choices=[("", "全部"), *((level, level) for level in LEVELS)]
    )


@require_safe
def indicators(request, unit, year, stage=None):
    """绩效指标: of the department as a whole, then of each project."""
    place = place_of(request, unit, year, stage)
    form = Narrowed(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    rows = [row for row in _indicators(place) if _holds(row, asked)]

    def build(unit):
        return IndicatorList(rows, place=place, unit=unit, exclude=() if place.has_several_units else ("unit_name",))

    return list_page(
        request,
        title="绩效指标",
        build=build,
        form=form,
        export_unit=place.table_set.unit,
        file_name=file_name(place, "绩效指标"),
        place=place,
        section="indicators",
        address=place.url("indicators"),
        empty="还没有绩效指标。部门整体和每个项目各有自己的目标和指标，印在整体绩效目标表和项目绩效目标表中。",
        first_steps=partial(first_steps, place, performance="填部门整体绩效目标", projects="打开项目填写"),
    )


@require_safe
def project(request, unit, year, uid, stage=None):
    """A project: dossier, lines, costing, goal, indicators."""
    place = place_of(request, unit, year, stage)
    item = (
        Item.objects.projects()
        .filter(budget__in=place.budgets, uid=uid)
        .select_related("budget__unit", "budget__campaign")
        .first()
    )
    if item is None:
        raise Http404
    lines = Line.objects.filter(item=item).with_dimensions()
    dossier = Dossier.objects.filter(item=item).first()
    return render(
        request,
        "performance/project.html",
        {
            "place": place,
            "section": "projects",
            "item": item,
            "edit_url": _edit_url(request.user, item),
            "may_comment": can(request.user, "comment", item),
            "comments_url": place.url("comments"),
            "lines": lines,
            "total": lines.aggregate(total=Sum("amount"))["total"],
            "dossier": dossier,
            "words": _words_of(dossier),
            "quotas": controls.quotas(item.budget),
            "costs": CostDetail.objects.filter(item=item),
            "goal": ProjectGoal.objects.filter(item=item).first(),
            "indicators": ProjectIndicator.objects.filter(item=item),
            **shown(place, item),
        },
    )


def _edit_url(user, item: Item) -> str:
    """Where the project is edited, "" for who may not or where it is locked."""
    budget = item.budget
    if not budget.is_draft or not can(user, "edit", budget):
        return ""
    return reverse("project-edit", args=(budget.unit.code, budget.year, budget.stage, item.uid))


def _indicators(place: Place):
    table = place.url("table", "department_performance") if place.table_set.placed("department_performance") else None
    for row in DepartmentIndicator.objects.filter(budget__in=place.budgets).select_related("budget__unit"):
        yield _row(row, "department", DEPARTMENT, table)
    rows = ProjectIndicator.objects.filter(item__budget__in=place.budgets).select_related("item__budget__unit")
    for row in rows.order_by("item__position", "item__pk", "position", "pk"):
        yield _row(row, "project", row.item.name, place.url("project", row.item.uid))


def _row(row, scope: str, owner: str, url: str | None) -> dict:
    return {
        "scope": scope,
        "owner": owner,
        "url": url,
        "level_1": row.level_1,
        "level_2": row.level_2,
        "name": row.name,
        "value": row.printed,
        "explanation": row.explanation,
        "unit_name": row.budget.unit_name,
        "remark": {"subject": row._meta.label_lower, "uid": row.uid, "unit": row.budget.unit.code},
    }


def _holds(row: dict, asked: dict) -> bool:
    texts = (row["owner"], row["level_2"], row["name"], row["explanation"])
    return (
        asked.get("scope") in ("", None, row["scope"])
        and asked.get("level_1") in ("", None, row["level_1"])
        and all(any(word in text for text in texts) for word in asked.get("q", "").split())
    )


def _words_of(dossier: Dossier | None) -> list[tuple[str, str]]:
    """The long texts of a dossier that are not empty, each under its label."""
    found = [(Dossier._meta.get_field(name).verbose_name, getattr(dossier, name, "")) for name in WORDS]
    return [(label, text) for label, text in found if text]
