"""Lists: one declaration of columns for the page and for its files. Disclosure tables are Grids, not these."""

from decimal import Decimal
from urllib.parse import urlencode

import django_tables2 as tables
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.timezone import localtime

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
    `KEY` names it where a person's choice of columns is kept; those in ALWAYS cannot be put away.
    """

    KEY = ""
    ALWAYS = frozenset({"code", "name", "item", "owner", "amount"})

    def __init__(self, data, *, unit: str, total: Decimal | None = None, place=None, **kwargs):
        self.unit, self.total, self.place = unit, total, place
        super().__init__(data, **kwargs)
        for column in self.columns:
            if isinstance(column.column, AmountColumn):
                column.column.verbose_name = f"{column.column.label}（{unit}）"

    @property
    def has_total(self) -> bool:
        return self.total is not None and bool(self.rows)

    @property
    def choices(self) -> list:
        """The columns that a person may put away or bring back."""
        columns = self.columns.iterall()
        return [one for one in columns if one.name not in self.ALWAYS and not one.column.exclude_from_export]

    def put_away(self, names) -> list[str]:
        """Hide the columns of these names, on the page; which they were."""
        hidden = [column.name for column in self.choices if column.name in names]
        for name in hidden:
            self.columns.hide(name)
        return hidden


def list_of(key: str, base: type[List] = List) -> type[List] | None:
    """The list of that key."""
    for one in base.__subclasses__():
        found = one if key == one.KEY else list_of(key, one)
        if found:
            return found
    return None


def exactly(yuan: Decimal, unit: str) -> Decimal:
    """元 in the unit without rounding: two decimals, or as many as it takes."""
    value = (yuan / 10_000).normalize() if unit == money.WAN else yuan
    return value if value.as_tuple().exponent < -2 else value.quantize(Decimal("0.01"))


def total_of(table: List) -> str:
    """For the footer under the amounts."""
    return money.printed(money.fen(table.total), table.unit, thousands=True) if table.has_total else ""


DIM = {"td": {"class": "dim"}}


class LineList(List):
    KEY = "lines"

    unit_name = tables.Column("单位", accessor="item__budget__unit_name", order_by="item__budget__unit__path")
    item = tables.Column("项目", accessor="item__name", order_by="item__name", attrs={"td": {"class": "name"}})
    category = tables.Column("项目类别", accessor="item__get_category_display", order_by="item__category")
    function = tables.Column("功能分类", order_by=("function__is_unspecified", "function__code"), attrs=DIM)
    economic = tables.Column("部门经济分类", order_by=("economic__is_unspecified", "economic__code"), attrs=DIM)
    government = tables.Column("政府经济分类", order_by=("government__is_unspecified", "government__code"), attrs=DIM)
    fund = tables.Column("资金性质", order_by="fund__code", attrs=DIM)
    carried_over = tables.Column("上年结转", empty_values=())
    amount = AmountColumn(footer=total_of)
    remark = tables.Column("批注", accessor="uid", orderable=False, exclude_from_export=True)

    class Meta:
        row_attrs = {"id": lambda record: f"line-{record.uid}"}

    def render_carried_over(self, value):
        return "是" if value else ""

    def value_carried_over(self, value):
        return "是" if value else "否"

    def render_remark(self, value, record):
        """Where a remark is pinned on the line, with its history."""
        unit = record.item.budget.unit.code
        query = urlencode({"subject": "budget.line", "uid": value, "unit": unit})
        return format_html('<a href="{}?{}" aria-label="批注：{}">批注</a>', self.place.url("comments"), query, record)


class ItemList(List):
    """Items with the sum of their lines: rows annotated with `amount` (元) and `line_count`."""

    KEY = "items"

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
    """Departments and units with their budgets of the year: rows are progress.Progress."""

    KEY = "organisations"

    code = CodeColumn("代码", accessor="organisation__code", order_by="organisation__path")
    name = tables.Column("名称", linkify=lambda record: record.url or None, attrs={"td": {"class": "name"}})
    kind = tables.Column("性质")
    stage = tables.Column("阶段", accessor="stage_name", order_by="stage_order")
    state = tables.Column("状态")
    lacking = NumberColumn("缺报单位")
    line_count = NumberColumn("明细条数", initial_sort_descending=True)
    changed = tables.Column("最近修改", initial_sort_descending=True, empty_values=())
    amount = AmountColumn(label="支出总计")

    def render_lacking(self, value):
        return value or ""

    def render_changed(self, value):
        return date_format(localtime(value), "Y年n月j日 H:i") if value else ""

    def value_changed(self, value):
        return f"{localtime(value):%Y-%m-%d %H:%M}" if value else ""


class UnitList(OrganisationList):
    """The units of one department, on its own page."""

    KEY = ""

    class Meta:
        exclude = ("kind", "lacking")
