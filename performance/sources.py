"""How the goals and indicators of a book are read."""

from budget import sql
from budget.books import Reading, reads
from budget.models import PROJECT_CATEGORIES
from budget.reporting import registry
from budget.reporting.rules import named

from .values import printed

registry.records("project_goals", "item", "unit", "name", "text")
named("project_indicators", "项目绩效指标")
named("project_goals", "项目绩效目标")
named("department_indicators", "部门整体绩效指标")
named("department_goals", "年度履职目标")


@reads("organisation")
def organisation(reading: Reading) -> list[dict]:
    return [{"code": reading.selection.organisation.code, "name": reading.selection.name}]


@reads("of_departments")
def of_departments(reading: Reading) -> list[tuple]:
    """The department's goals (1: text), tasks (2: name, content) and indicators (3) in one query, in their order."""
    return sql.rows(
        """SELECT 1, text, '', '', '', '', '', '', '', CAST(uid AS text), position, id
        FROM performance_departmentgoal WHERE budget_id IN {}
        UNION ALL SELECT 2, name, content, '', '', '', '', '', '', CAST(uid AS text), position, id
        FROM performance_departmenttask WHERE budget_id IN {}
        UNION ALL
        SELECT 3, level_1, level_2, name, operator, target, measure, wording, explanation, CAST(uid AS text),
        position, id
        FROM performance_departmentindicator WHERE budget_id IN {} ORDER BY 1, 11, 12""",
        reading.ids,
        reading.ids,
        reading.ids,
    )


@reads("department_goals")
def department_goals(reading: Reading) -> list[dict]:
    return [{"text": row[1], "uid": sql.text_of(row[9])} for row in reading.source("of_departments") if row[0] == 1]


@reads("department_tasks")
def department_tasks(reading: Reading) -> list[dict]:
    return [
        {"name": row[1], "content": row[2], "uid": sql.text_of(row[9])}
        for row in reading.source("of_departments")
        if row[0] == 2
    ]


@reads("department_indicators")
def department_indicators(reading: Reading) -> list[dict]:
    return [
        {
            "level_1": level_1,
            "level_2": level_2,
            "name": name,
            "value": printed(operator, target, measure, wording),
            "explanation": explanation,
            "uid": sql.text_of(uid),
        }
        for kind, level_1, level_2, name, operator, target, measure, wording, explanation, uid, *_ in reading.source(
            "of_departments"
        )
        if kind == 3
    ]


@reads("of_projects")
def of_projects(reading: Reading) -> list[tuple]:
    """Indicators of projects (1) and their goals (2, the text for a name) in one query."""
    return sql.rows(
        """SELECT 1, p.item_id, p.level_1, p.level_2, p.name, p.operator, p.target, p.measure, p.wording,
        p.explanation, CAST(p.weight AS text), CAST(p.uid AS text), p.position, p.id
        FROM performance_projectindicator p JOIN budget_item i ON i.id = p.item_id WHERE i.budget_id IN {}
        UNION ALL SELECT 2, g.item_id, '', '', g.text, '', '', '', '', '', NULL, '', 0, g.id
        FROM performance_projectgoal g JOIN budget_item i ON i.id = g.item_id WHERE i.budget_id IN {}
        ORDER BY 13, 14""",
        reading.ids,
        reading.ids,
    )


@reads("project_indicators")
def project_indicators(reading: Reading) -> list[dict]:
    items, found = reading.items, []
    for row in reading.source("of_projects"):
        if row[0] == 1:
            item, level_1, level_2, name, operator, target, measure, wording, explanation, weight, uid = row[1:12]
            owner = items[item]
            found.append(
                {
                    "item": owner.uid,
                    "project": owner.name,
                    "unit": reading.units[owner.budget][1],
                    "level_1": level_1,
                    "level_2": level_2,
                    "name": name,
                    "operator": operator,
                    "target": target,
                    "measure": measure,
                    "value": printed(operator, target, measure, wording),
                    "explanation": explanation,
                    "weight": weight,
                    "uid": sql.text_of(uid),
                }
            )
    return found


@reads("project_goals")
def project_goals(reading: Reading) -> list[dict]:
    """A record a project: its goal in words."""
    texts = {row[1]: row[4] for row in reading.source("of_projects") if row[0] == 2}
    return [
        {"item": one.uid, "unit": reading.units[one.budget][1], "name": one.name, "text": texts.get(one.id, "")}
        for one in reading.items.values()
        if one.category in PROJECT_CATEGORIES
    ]
