"""How the goals and indicators of a book are read."""

from budget import sql
from budget.books import Reading, reads

from .values import printed


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
        """SELECT level_1, level_2, name, operator, target, measure, wording, explanation, CAST(uid AS text)
        FROM performance_departmentindicator WHERE budget_id IN {} ORDER BY position, id""",
        reading.ids,
    )
    return [
        {
            "level_1": level_1,
            "level_2": level_2,
            "name": name,
            "value": printed(operator, target, measure, wording),
            "explanation": explanation,
            "uid": sql.text_of(uid),
        }
        for level_1, level_2, name, operator, target, measure, wording, explanation, uid in rows
    ]


@reads("project_indicators")
def project_indicators(reading: Reading) -> list[dict]:
    rows = sql.rows(
        """SELECT p.item_id, p.level_1, p.level_2, p.name, p.operator, p.target, p.measure, p.wording,
        p.explanation, CAST(p.uid AS text) FROM performance_projectindicator p JOIN budget_item i ON i.id = p.item_id
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
            "value": printed(operator, target, measure, wording),
            "explanation": explanation,
            "uid": sql.text_of(uid),
        }
        for item, level_1, level_2, name, operator, target, measure, wording, explanation, uid in rows
    ]
