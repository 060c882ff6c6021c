"""The list of projects."""

import django_tables2 as tables

from budget.tables import AmountColumn, CodeColumn, List, NumberColumn, total_of


class ProjectList(List):
    """Items of the categories 其他运转类 and 特定目标类, with the sum of their lines."""

    KEY = "projects"

    unit_name = tables.Column("单位", accessor="budget__unit_name", order_by="budget__unit__path")
    category = tables.Column("项目类别", accessor="get_category_display", order_by=("category", "position"))
    name = tables.Column(
        "项目名称",
        linkify=lambda record, table: table.address_of(record),
        attrs={"td": {"class": "name"}},
    )
    code = CodeColumn("项目编码")
    line_count = NumberColumn("明细条数")
    amount = AmountColumn(footer=total_of)

    class Meta:
        row_attrs = {"id": lambda record: f"item-{record.uid}"}

    def address_of(self, item) -> str:
        return self.place.url("project", item.uid)
