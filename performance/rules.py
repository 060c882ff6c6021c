"""X20–X22 and G12–G14: goals and indicators against the tables, and of the department as a whole."""

import csv
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from budget.reporting.comparing import At, Equal, InRows, compared
from budget.reporting.matter import Matter, rows_of
from budget.reporting.rules import Finding, Heading, Severity, Side, Spot, Tally, rule
from budget.reporting.truths import Whole
from budget.rules.names import plain

from . import indicator_rules
from .indicator_rules import BENEFIT, OUTPUT

__all__ = ["indicator_rules"]

MONEY = "department_performance.money"
BALANCE = "revenue_and_expenditure"

rule(
    "X20",
    "部门预算总额等于收入总计，按来源、按结构相加都等于总额",
    Equal((At(MONEY, "total", "total"),), (At(BALANCE, "total", "income.amount"),)),
    InRows(MONEY, "total", ("sources.government", "sources.special_account", "sources.unit_funds")),
    Equal(
        (At(MONEY, "total", "total"),),
        (
            At(MONEY, "total", "structure.basic"),
            At(MONEY, "total", "structure.project"),
            At(BALANCE, "carried_out", "expenditure.amount"),
        ),
    ),
    source="表1、表14",
    related=("X01",),
)
rule(
    "X21",
    "项目资金总额等于三种资金之和",
    InRows("project_performance", "money.total", ("money.government", "money.special_account", "money.unit_funds")),
    source="表15",
    related=("X22",),
)


def _amounts(matter: Matter, table: str, column: str) -> dict[str, int]:
    """The projects of a table by their plain names, 分."""
    grid, found = matter.grid(table), defaultdict(int)
    at, name_at = grid.column_at(column), grid.column_at("name")
    for row in rows_of(grid, ("item",)):
        found[plain(row.cells[name_at])] += row.cells[at] or 0
    return found


def _same_projects(matter: Matter, tally: Tally) -> Iterator[Finding]:
    """Every project of table 12 is in table 15 under the same name with the same amount, and the other way."""
    if tally.pairs is None and (same := _amounts(matter, "projects", "total")) == _amounts(
        matter, "project_performance", "money.total"
    ):
        tally.compared += len(same)
        return
    listed: dict[str, dict[str, list]] = defaultdict(dict)
    for table, amount in (("projects", "total"), ("project_performance", "money.total")):
        grid = matter.grid(table)
        at, name_at = grid.column_at(amount), grid.column_at("name")
        for row in rows_of(grid, ("item",)):
            found = listed[plain(row.cells[name_at])].setdefault(table, [0, [], row.cells[name_at]])
            found[0] += row.cells[at] or 0
            found[1].append((table, row.key, amount))
    for key, tables in listed.items():
        if len(tables) == 2:
            twelve, fifteen = tables["projects"], tables["project_performance"]
            if twelve[0] == fifteen[0] and tally.pairs is None:
                tally.compared += 1
                continue
            left = Side(f"{matter.title('projects')}“{twelve[2]}”", twelve[0], tuple(twelve[1]))
            right = Side(f"{matter.title('project_performance')}“{fifteen[2]}”", fifteen[0], tuple(fifteen[1]))
            yield from compared(matter, tally, left, right, subject=key)
            continue
        tally.compared += 1
        ((there, (amount, cells, name)),) = tables.items()
        other = "project_performance" if there == "projects" else "projects"
        yield Finding(
            f"{matter.title(there)}有项目“{name}”，{matter.title(other)}没有",
            key,
            tuple(Spot("cell", cell, f"{matter.title(there)} {name}") for cell in cells),
            Side(matter.title(there), amount, tuple(cells)),
            Side(matter.title(other), 0),
        )


rule(
    "X22",
    "项目绩效目标表列出项目支出表的每个项目，名称、金额相同",
    Whole(
        _same_projects,
        ("projects", "project_performance"),
        (),
        (("projects", "name"), ("projects", "total"), ("project_performance", "money.total")),
    ),
    source="表12、表15；《预算法实施条例》第二十条（项目绩效目标）",
    related=("X17", "X21", "N07"),
)


@cache
def template() -> tuple[str, ...]:
    """The names of the province's 投入管理指标, which table 14 prints in any case."""
    path = Path(__file__).parent / "data" / "management_indicators.csv"
    with path.open(encoding="utf-8") as file:
        return tuple(row["name"] for row in csv.DictReader(file))


TABLE_14 = Spot("page", ("performance", "indicators"), "部门整体绩效")


def _template(matter: Matter, tally: Tally) -> Iterator[Finding]:
    found = {one["name"] for one in matter.records("department_indicators")}
    tally.compared += len(template())
    lacks = [name for name in template() if name not in found]
    if lacks:
        yield Finding(
            f"缺少投入管理指标 {len(lacks)} 项：{'、'.join(lacks[:4])}{'等' if len(lacks) > 4 else ''}",
            "template",
            (TABLE_14,),
            Side("已列", str(len(template()) - len(lacks))),
            Side("省定模板", str(len(template()))),
        )


rule(
    "G12",
    "部门整体绩效列出省定的投入管理指标",
    Whole(_template, ("department_performance",), ("department_indicators",)),
    severity=Severity.WARNING,
    heading=Heading.COMPLETE,
    source="表14；省级部门整体绩效目标模板（19项投入管理指标）",
)


def _department_goal(matter: Matter, tally: Tally) -> Iterator[Finding]:
    tally.compared += 1
    if not any(one["text"].strip() for one in matter.records("department_goals")):
        yield Finding("没有年度履职目标", "goals", (Spot("page", ("performance", "goals"), "部门整体绩效"),))


rule(
    "G13",
    "部门有年度履职目标",
    Whole(_department_goal, ("department_performance",), ("department_goals",)),
    severity=Severity.WARNING,
    heading=Heading.COMPLETE,
    source="表14",
)


def _department_levels(matter: Matter, tally: Tally) -> Iterator[Finding]:
    has = matter.grouped("department_indicators", "level_1")
    for level in (OUTPUT, BENEFIT):
        tally.compared += 1
        if (level,) not in has:
            yield Finding(f"部门整体绩效没有{level}", f"level/{level}", (TABLE_14,), Side(level, "没有"))


rule(
    "G14",
    "部门整体绩效有产出指标和效益指标",
    Whole(_department_levels, ("department_performance",), ("department_indicators",)),
    severity=Severity.WARNING,
    heading=Heading.COMPLETE,
    source="表14",
)
