"""How the goals and indicators of a book are read."""

from operator import itemgetter

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


# a row of each: its source, the item, eight texts, the weight, the uid, the position, the id
ORDER = itemgetter(12, 13)
OF_DEPARTMENTS = (
    """SELECT 'department_goals', 0, text, '', '', '', '', '', '', '', '', CAST(uid AS text), position, id
        FROM performance_departmentgoal WHERE budget_id IN {}""",
    """SELECT 'department_tasks', 0, name, content, '', '', '', '', '', '', '', CAST(uid AS text), position, id
        FROM performance_departmenttask WHERE budget_id IN {}""",
    """SELECT 'department_indicators', 0, level_1, level_2, name, operator, target, measure, wording, explanation,
        '', CAST(uid AS text), position, id FROM performance_departmentindicator WHERE budget_id IN {}""",
)
OF_PROJECTS = (
    """SELECT 'project_indicators', p.item_id, p.level_1, p.level_2, p.name, p.operator, p.target, p.measure, p.wording,
        p.explanation, CAST(p.weight AS text), CAST(p.uid AS text), p.position, p.id
        FROM performance_projectindicator p JOIN budget_item i ON i.id = p.item_id WHERE i.budget_id IN {}""",
    """SELECT 'project_goals', g.item_id, g.text, '', '', '', '', '', '', '', '', '', 0, g.id
        FROM performance_projectgoal g JOIN budget_item i ON i.id = g.item_id WHERE i.budget_id IN {}""",
)
SOURCES = {
    "department_goals": OF_DEPARTMENTS,
    "department_tasks": OF_DEPARTMENTS,
    "department_indicators": OF_DEPARTMENTS,
    "project_indicators": OF_PROJECTS,
    "project_goals": OF_PROJECTS,
}


@reads("performance")
def performance(reading: Reading) -> dict[str, list[tuple]]:
    """The goals, tasks and indicators that the reading is for, in one query: by source, in their order."""
    wanted = {part: None for name in SOURCES if name in reading.wanted for part in SOURCES[name]}
    found: dict[str, list[tuple]] = {name: [] for name in SOURCES}
    rows = sql.rows(" UNION ALL ".join(wanted), *[reading.ids] * len(wanted))
    for row in sorted(rows, key=ORDER):
        found[row[0]].append(row)
    return found


@reads("department_goals")
def department_goals(reading: Reading) -> list[dict]:
    return [
        {"text": text, "uid": sql.text_of(uid)}
        for _, _, text, *_, uid, _, _ in reading.source("performance")["department_goals"]
    ]


@reads("department_tasks")
def department_tasks(reading: Reading) -> list[dict]:
    return [
        {"name": name, "content": content, "uid": sql.text_of(uid)}
        for _, _, name, content, *_, uid, _, _ in reading.source("performance")["department_tasks"]
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
        for row in reading.source("performance")["department_indicators"]
        for level_1, level_2, name, operator, target, measure, wording, explanation, _, uid in [row[2:12]]
    ]


@reads("project_indicators")
def project_indicators(reading: Reading) -> list[dict]:
    items, found = reading.items, []
    for row in reading.source("performance")["project_indicators"]:
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
    texts = {item: text for _, item, text, *_ in reading.source("performance")["project_goals"]}
    return [
        {"item": one.uid, "unit": reading.units[one.budget][1], "name": one.name, "text": texts.get(one.id, "")}
        for one in reading.items.values()
        if one.category in PROJECT_CATEGORIES
    ]
