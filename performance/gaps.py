"""What a draft lacks of goals and indicators."""

from django.db.models import Exists, OuterRef

from budget.gaps import Gap, Link, Looked, finds, lacking
from budget.models import Item

from .models import DepartmentGoal, DepartmentIndicator, ProjectGoal, ProjectIndicator


@finds()
def _projects(looked: Looked):
    """Projects without a goal, and without indicators."""
    projects = Item.objects.projects().filter(budget=looked.budget)
    rows = projects.annotate(
        has_goal=Exists(ProjectGoal.objects.filter(item=OuterRef("pk")).exclude(text="")),
        has_indicator=Exists(ProjectIndicator.objects.filter(item=OuterRef("pk"))),
    )
    links = [(row, Link(row.name, looked.project(row.uid))) for row in rows]
    for words, flag in (("绩效目标", "has_goal"), ("绩效指标", "has_indicator")):
        without = [link for row, link in links if not getattr(row, flag)]
        if without:
            yield lacking(f"{len(without)} 个项目没有{words}", looked.url("projects"), without)


@finds(
    has_department_goal=Exists(DepartmentGoal.objects.filter(budget=OuterRef("pk"))),
    has_department_indicator=Exists(DepartmentIndicator.objects.filter(budget=OuterRef("pk"))),
)
def _department(looked: Looked):
    if looked.place.table_set.placed("department_performance"):
        asked = (("年度目标", "has_department_goal"), ("绩效指标", "has_department_indicator"))
        if lacks := [words for words, question in asked if not looked.asked[question]]:
            yield Gap(f"部门整体没有{'和'.join(lacks)}", looked.url("performance", "indicators"))
