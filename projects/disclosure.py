"""The table of project spending (table 12)."""

from budget.disclosure.parts import FUND_COLUMNS, PROJECT, item_rows
from budget.reporting import registry
from budget.reporting.spec import Table, TableSet, Text, Total


@registry.table("projects")
def projects(table_set: TableSet) -> Table:
    """项目支出: every item of the categories 其他运转类 and 特定目标类."""
    return Table(
        "projects",
        (
            Text("category", "类型"),
            Text("name", "项目名称"),
            Text("unit", "项目单位"),
            Total("total", "合计"),
            *FUND_COLUMNS,
        ),
        item_rows(code="name", name="unit"),
        source="items",
        where=PROJECT,
    )
