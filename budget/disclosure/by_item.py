"""Table 7: basic spending by item."""

from budget.reporting import registry
from budget.reporting.spec import Table, TableSet, Text, Total

from .parts import BASIC, FUND_COLUMNS, item_rows


@registry.table("basic_items")
def basic_items(table_set: TableSet) -> Table:
    """基本支出明细, by item: the categories 人员类 and 公用经费 (not 人员经费 and 公用经费)."""
    return Table(
        "basic_items",
        (
            Text("unit", "项目单位"),
            Text("category", "类型"),
            Text("name", "项目名称"),
            Total("total", "合计"),
            *FUND_COLUMNS,
        ),
        item_rows(code="category", name="name"),
        source="items",
        where=BASIC,
    )
