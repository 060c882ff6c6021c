"""The department's goals as a whole (table 14) and each project's indicators (table 15)."""

from budget.disclosure.parts import BASIC, GOVERNMENT_MONEY, PROJECT, SPECIAL_ACCOUNT, UNIT_FUNDS, in_departments
from budget.reporting import registry
from budget.reporting.spec import (
    Amount,
    Beside,
    By,
    Discovered,
    Group,
    OfWhich,
    Records,
    Section,
    Single,
    Table,
    TableSet,
    Text,
    Total,
)
from budget.reporting.where import Where

registry.records("organisation", "code", "name")
registry.records("department_goals", "text", "uid")
registry.records("department_tasks", "name", "content", "uid")
registry.records("department_indicators", "level_1", "level_2", "name", "value", "explanation", "uid")
registry.records(
    "project_indicators",
    *("item", "project", "unit", "level_1", "level_2", "name", "value", "explanation", "uid"),
    *("operator", "target", "measure", "weight"),
)


@registry.table("department_performance")
def department_performance(table_set: TableSet) -> Table:
    """本级部门整体绩效目标表: a form of goals, tasks, money and indicators."""
    money = Table(
        "money",
        (
            Amount("total", "部门预算总额"),
            Group(
                "sources",
                "1、资金来源",
                OfWhich("government", "（1）政府预算资金", GOVERNMENT_MONEY, of="total"),
                OfWhich("special_account", "（2）财政专户管理资金", SPECIAL_ACCOUNT, of="total"),
                OfWhich("unit_funds", "（3）单位资金", UNIT_FUNDS, of="total"),
            ),
            Group(
                "structure",
                "2、资金结构",
                OfWhich("basic", "（1）基本支出", BASIC, of="total"),
                OfWhich("project", "（2）项目支出", PROJECT, of="total"),
            ),
        ),
        Single(),
        source="receipts",
    )
    return Table(
        "department_performance",
        (
            Text("level_1", "一级指标", merge=True),
            Text("level_2", "二级指标", merge=True),
            Text("name", "三级指标"),
            Text("value", "指标值"),
            Text("explanation", "指标值说明"),
        ),
        Records(
            "department_indicators",
            {name: name for name in ("level_1", "level_2", "name", "value", "explanation")},
            keys=("level_1", "level_2", "name"),
        ),
        sections=(
            Section(
                "部门（单位）名称",
                Table(
                    "organisation",
                    (Text("name", "部门（单位）名称"),),
                    Records("organisation", {"name": "name"}, ("code",)),
                ),
            ),
            Section(
                "年度履职目标",
                Table(
                    "goals", (Text("text", "年度履职目标"),), Records("department_goals", {"text": "text"}, ("uid",))
                ),
            ),
            Section(
                "年度主要任务",
                Table(
                    "tasks",
                    (Text("name", "任务名称"), Text("content", "主要内容")),
                    Records("department_tasks", {"name": "name", "content": "content"}, ("uid",)),
                ),
            ),
            Section("预算情况", money),
        ),
    )


@registry.table("project_performance")
def project_performance(table_set: TableSet) -> Table:
    """部门预算项目绩效目标表: each project's money, and its four kinds of indicators downwards beside each other."""
    fields = (Text("name", "三级指标"), Text("value", "指标值"))
    kinds = (
        ("cost", "成本指标"),
        ("output", "产出指标"),
        ("benefit", "效益指标"),
        ("satisfaction", "满意度指标"),
    )
    node = {"code": lambda one: one.code, "name": lambda one: one.name}
    return Table(
        "project_performance",
        (
            Text("code", "单位编码（项目编号）"),
            Text("name", "项目单位（项目名称）"),
            Group(
                "money",
                "项目金额（万元）",
                Total("total", "资金总额"),
                Amount("government", "政府预算资金", GOVERNMENT_MONEY),
                Amount("special_account", "财政专户管理资金", SPECIAL_ACCOUNT),
                Amount("unit_funds", "单位资金", UNIT_FUNDS),
            ),
            Group(
                "goals",
                "绩效目标",
                *(Beside(key, label, "project_indicators", Where(level_1=label), fields) for key, label in kinds),
            ),
        ),
        Discovered(By("department", node, when=in_departments), By("unit", node), By("item", node)),
        source="items",
        where=PROJECT,
    )
