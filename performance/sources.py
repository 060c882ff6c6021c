"""How the goals and indicators of a book are read."""

from budget import sql
from budget.books import Reading, reads
from budget.models import PROJECT_CATEGORIES
from budget.reporting import registry
from budget.reporting.rules import named

from .models import printed_value

registry.records(
    "checked_indicators",
    *("item", "project", "unit", "level_1", "level_2", "name"),
    *("operator", "target", "measure", "value", "weight", "uid"),
)
registry.records("checked_goals", "item", "unit", "name", "text")
named("checked_indicators", "项目绩效指标")
named("department_indicators", "部门整体绩效指标")
named("department_goals", "年度履职目标")


@reads("organisation")
def organisation(reading: Reading) -> list[dict]:
    return [{"code": reading.selection.organisation.code, "name": reading.selection.name}]


@reads("department_goals")
def department_goals(reading: Reading) -> list[dict]:
    rows = sql.rows(
        "SELECT text, CAST(uid AS text) FROM performance_departmentgoal WHERE budget_id IN {} ORDER BY position, id",
        reading.ids,
    )
    return [{"text": text, "uid": sql.text_of(uid)} for text, uid in rows]


@reads("department_tasks")
def department_tasks(reading: Reading) -> list[dict]:
    rows = sql.rows(
        """SELECT name, content, CAST(uid AS text) FROM performance_departmenttask
        WHERE budget_id IN {} ORDER BY position, id""",
        reading.ids,
    )
    return [{"name": name, "content": content, "uid": sql.text_of(uid)} for name, content, uid in rows]


@reads("department_indicators")
def department_indicators(reading: Reading) -> list[dict]:
    rows = sql.rows(
        """SELECT level_1, level_2, name, operator, target, measure, explanation, CAST(uid AS text)
        FROM performance_departmentindicator WHERE budget_id IN {} ORDER BY position, id""",
        reading.ids,
    )
    return [
        {
            "level_1": level_1,
            "level_2": level_2,
            "name": name,
            "value": printed_value(operator, target, measure),
            "explanation": explanation,
            "uid": sql.text_of(uid),
        }
        for level_1, level_2, name, operator, target, measure, explanation, uid in rows
    ]


@reads("project_indicators")
def project_indicators(reading: Reading) -> list[dict]:
    rows = sql.rows(
        """SELECT p.item_id, p.level_1, p.level_2, p.name, p.operator, p.target, p.measure, p.explanation,
        CAST(p.uid AS text) FROM performance_projectindicator p JOIN budget_item i ON i.id = p.item_id
        WHERE i.budget_id IN {} ORDER BY p.position, p.id""",
        reading.ids,
    )
    items = reading.items
    return [
        {
            "item": items[item].uid,
            "level_1": level_1,
            "level_2": level_2,
            "name": name,
            "value": printed_value(operator, target, measure),
            "explanation": explanation,
            "uid": sql.text_of(uid),
        }
        for item, level_1, level_2, name, operator, target, measure, explanation, uid in rows
    ]


# ---- what the rules look at


@reads("checked_indicators")
def checked_indicators(reading: Reading) -> list[dict]:
    """The indicators of projects as they were typed, with the project they belong to."""
    rows = sql.rows(
        """SELECT p.item_id, p.level_1, p.level_2, p.name, p.operator, p.target, p.measure, p.weight,
        CAST(p.uid AS text) FROM performance_projectindicator p JOIN budget_item i ON i.id = p.item_id
        WHERE i.budget_id IN {} ORDER BY p.position, p.id""",
        reading.ids,
    )
    items = reading.items
    return [
        {
            "item": items[item].uid,
            "project": items[item].name,
            "unit": reading.units[items[item].budget][1],
            "level_1": level_1,
            "level_2": level_2,
            "name": name,
            "operator": operator,
            "target": target,
            "measure": measure,
            "value": printed_value(operator, target, measure),
            "weight": None if weight is None else str(weight),
            "uid": sql.text_of(uid),
        }
        for item, level_1, level_2, name, operator, target, measure, weight, uid in rows
    ]


@reads("checked_goals")
def checked_goals(reading: Reading) -> list[dict]:
    """A record a project: its goal in words."""
    texts = dict(
        sql.rows(
            """SELECT g.item_id, g.text FROM performance_projectgoal g JOIN budget_item i ON i.id = g.item_id
            WHERE i.budget_id IN {}""",
            reading.ids,
        )
    )
    return [
        {
            "item": one.uid,
            "unit": reading.units[one.budget][1],
            "name": one.name,
            "text": texts.get(one.id, ""),
        }
        for one in reading.items.values()
        if one.category in PROJECT_CATEGORIES
    ]
