"""Lists: one declaration of columns for the page and for its files. Disclosure tables are Grids, not these."""

from decimal import Decimal

import django_tables2 as tables

from .reporting import money

PER_PAGE = 100


class AmountColumn(tables.Column):
    """Money (元 in the row): on screen in the table's unit, rounded; in a file in that unit, exact."""

    attrs = {"th": {"class": "num"}, "td": {"class": "num"}, "tf": {"class": "num"}}

    def __init__(self, *args, label: str = "金额", **kwargs):
        self.label = label
        kwargs.setdefault("initial_sort_descending", True)
        super().__init__(*args, **kwargs)

    def render(self, value, table):
        return money.printed(money.fen(value), table.unit, thousands=True)

    def value(self, value, table):
        return exactly(value, table.unit)


class NumberColumn(tables.Column):
    """A count."""

    attrs = AmountColumn.attrs

    def value(self, value):
        return value


class CodeColumn(tables.Column):
    attrs = {"td": {"class": "code"}}


class List(tables.Table):
    """The base of every list.

    `unit`: what its amounts are shown in; `total`: the sum (元) of all its rows, not of the page; `place`: whose it is.
    """

    def __init__(self, data, *, unit: str, total: Decimal | None = None, place=None, **kwargs):
        self.unit, self.total, self.place = unit, total, place
        super().__init__(data, **kwargs)
        for column in self.columns:
            if isinstance(column.column, AmountColumn):
                column.column.verbose_name = f"{column.column.label}（{unit}）"

    @property
    def has_total(self) -> bool:
        return self.total is not None and bool(self.rows)


def exactly(yuan: Decimal, unit: str) -> Decimal:
    """元 in the unit without rounding: two decimals, or as many as it takes."""
    value = (yuan / 10_000).normalize() if unit == money.WAN else yuan
    return value if value.as_tuple().exponent < -2 else value.quantize(Decimal("0.01"))


def total_of(table: List) -> str:
    """For the footer under the amounts."""
    return money.printed(money.fen(table.total), table.unit, thousands=True) if table.has_total else ""


DIM = {"td": {"class": "dim"}}


class LineList(List):
    unit_name = tables.Column("单位", accessor="item__budget__unit_name", order_by="item__budget__unit__path")
    item = tables.Column("项目", accessor="item__name", order_by="item__name", attrs={"td": {"class": "name"}})
    category = tables.Column("项目类别", accessor="item__get_category_display", order_by="item__category")
    function = tables.Column("功能分类", order_by=("function__is_unspecified", "function__code"), attrs=DIM)
    economic = tables.Column("部门经济分类", order_by=("economic__is_unspecified", "economic__code"), attrs=DIM)
    government = tables.Column("政府经济分类", order_by=("government__is_unspecified", "government__code"), attrs=DIM)
    fund = tables.Column("资金性质", order_by="fund__code", attrs=DIM)
    carried_over = tables.Column("上年结转", empty_values=())
    amount = AmountColumn(footer=total_of)

    class Meta:
        row_attrs = {"id": lambda record: f"line-{record.uid}"}

    def render_carried_over(self, value):
        return "是" if value else ""

    def value_carried_over(self, value):
        return "是" if value else "否"


class ItemList(List):
    """Items with the sum of their lines: rows annotated with `amount` (元) and `line_count`."""

    unit_name = tables.Column("单位", accessor="budget__unit_name", order_by="budget__unit__path")
    category = tables.Column("项目类别", accessor="get_category_display", order_by=("category", "position"))
    name = tables.Column(
        "项目名称", linkify=lambda record, table: table.address_of(record), attrs={"td": {"class": "name"}}
    )
    nature = tables.Column("性质", accessor="get_nature_display", order_by="nature")
    line_count = NumberColumn("明细条数")
    amount = AmountColumn(footer=total_of)

    class Meta:
        row_attrs = {"id": lambda record: f"item-{record.uid}"}

    def address_of(self, item) -> str:
        return f"{self.place.url('lines')}?item={item.uid}"


class OrganisationList(List):
    """Departments and units with their newest budget of the year (home)."""

    code = CodeColumn("代码", accessor="organisation__code", order_by="organisation__path")
    name = tables.Column("名称", linkify=lambda record: record.url, attrs={"td": {"class": "name"}})
    kind = tables.Column("性质")
    stage = tables.Column("阶段", accessor="stage_name", order_by="stage_order")
    state = tables.Column("状态", orderable=False)
    lacking = NumberColumn("缺报单位")

    def render_lacking(self, value):
        return value or ""
