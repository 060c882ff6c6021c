"""How the goals and indicators of a book are read."""

from budget.books import Reading, reads

from .models import DepartmentGoal, DepartmentIndicator, DepartmentTask, ProjectIndicator


@reads("organisation")
def organisation(reading: Reading) -> list[dict]:
    return [{"code": reading.selection.organisation.code, "name": reading.selection.name}]


@reads("department_goals")
def department_goals(reading: Reading) -> list[dict]:
    return list(DepartmentGoal.objects.filter(budget__in=reading.budgets).values("text", "uid"))


@reads("department_tasks")
def department_tasks(reading: Reading) -> list[dict]:
    return list(DepartmentTask.objects.filter(budget__in=reading.budgets).values("name", "content", "uid"))


@reads("department_indicators")
def department_indicators(reading: Reading) -> list[dict]:
    return [_record(row) for row in DepartmentIndicator.objects.filter(budget__in=reading.budgets)]


@reads("project_indicators")
def project_indicators(reading: Reading) -> list[dict]:
    rows = ProjectIndicator.objects.filter(item__budget__in=reading.budgets).select_related("item")
    return [{"item": str(row.item.uid), **_record(row)} for row in rows]


def _record(row) -> dict:
    return {
        "level_1": row.level_1,
        "level_2": row.level_2,
        "name": row.name,
        "value": row.printed,
        "explanation": row.explanation,
        "uid": str(row.uid),
    }
