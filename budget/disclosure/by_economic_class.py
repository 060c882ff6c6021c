"""Tables 6, 8, 9 and 13: by economic class."""

from budget.reporting import registry
from budget.reporting.spec import Amount, By, Discovered, Group, Single, Sum, Table, TableSet, Text, Total
from budget.reporting.where import Where

from .parts import (
    ABROAD,
    BASIC,
    FUND_COLUMNS,
    GENERAL,
    RECEPTION,
    THIS_YEAR,
    VEHICLE_PURCHASE,
    VEHICLE_RUNNING,
    printed_code,
)


@registry.table("general_basic_by_economic")
def general_basic_by_economic(table_set: TableSet) -> Table:
    """一般公共预算基本支出, by pairs of economic classes: this year's money."""
    return Table(
        "general_basic_by_economic",
        (
            Group("economic", "部门预算支出经济分类科目", Text("code", "科目编码"), Text("name", "科目名称")),
            Group("government", "政府预算支出经济分类科目", Text("code", "科目编码"), Text("name", "科目名称")),
            Group(
                "basic",
                "本年一般公共预算基本支出",
                Total("total", "合计"),
                Amount("personnel", "人员经费", Where(economic=("301", "303"))),
                Amount("operating", "公用经费", Where(economic=("302", "310"))),
            ),
        ),
        Discovered(
            Sum({"economic.code": "合计"}),
            By(
                ("economic", "government"),
                {
                    "economic.code": lambda economic, government: economic.code,
                    "economic.name": lambda economic, government: economic.name,
                    "government.code": lambda economic, government: government.code,
                    "government.name": lambda economic, government: government.name,
                },
            ),
        ),
        where=GENERAL & THIS_YEAR & BASIC,
    )


@registry.table("by_economic")
def by_economic(table_set: TableSet) -> Table:
    """支出经济分类汇总: all spending, projects too; what is not yet coded stands under 未细化."""
    cells = {
        "economic.class": printed_code(0, 3),
        "economic.kind": printed_code(3, 5),
        "economic.name": lambda economic, government: economic.name,
        "government.class": printed_code(0, 3, of=1),
        "government.kind": printed_code(3, 5, of=1),
        "government.name": lambda economic, government: government.name,
    }
    words = (Text("class", "类"), Text("kind", "款"), Text("name", "科目名称"))
    return Table(
        "by_economic",
        (
            Group("economic", "部门预算经济分类", *words),
            Group("government", "政府预算经济分类", *words),
            Total("total", "总计"),
            *FUND_COLUMNS,
        ),
        Discovered(Sum({"economic.name": "合计"}), By(("economic", "government"), cells)),
    )


@registry.table("three_public")
def three_public(table_set: TableSet) -> Table:
    """“三公”经费: four economic classes over all general-public-budget spending, projects too."""
    return Table(
        "three_public",
        (
            Total("total", "“三公”经费合计"),
            Amount("abroad", "因公出国（境）费", ABROAD),
            Group(
                "vehicles",
                "公务用车购置及运行费",
                Total("total", "小计"),
                Amount("purchase", "公务用车购置费", VEHICLE_PURCHASE),
                Amount("running", "公务用车运行费", VEHICLE_RUNNING),
            ),
            Amount("reception", "公务接待费", RECEPTION),
        ),
        Single(),
        where=GENERAL & (ABROAD | VEHICLE_PURCHASE | VEHICLE_RUNNING | RECEPTION),
    )


@registry.table("agency_operating")
def agency_operating(table_set: TableSet) -> Table:
    """机关（机构）运行经费, as the set defines it."""
    return Table(
        "agency_operating",
        (
            Group("economic", "部门预算支出经济分类科目", Text("code", "科目编码"), Text("name", "科目名称")),
            Group("operating", "机关（机构）运行经费支出", Amount("total", "合计")),
        ),
        Discovered(
            Sum({"economic.code": "合计"}),
            By("economic", {"economic.code": lambda one: one.code, "economic.name": lambda one: one.name}),
        ),
        where=GENERAL & THIS_YEAR & BASIC & table_set.agency_operating,
    )
