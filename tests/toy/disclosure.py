"""A little app's declarations: a source of money, two tables and a set, next to those of the product."""

from budget.disclosure.parts import FUNCTION_COLUMNS
from budget.reporting import registry
from budget.reporting.spec import (
    Amount,
    By,
    Change,
    Discovered,
    Group,
    OfWhich,
    Placed,
    Previous,
    Records,
    Sum,
    Table,
    TableSet,
    Text,
)
from budget.reporting.where import Where

registry.facts("payments", "unit", "function", "economic", "by_card")
registry.records("visits", "day", "guests")

NAME = {"name": lambda one: one.name}


@registry.table("payments")
def payments(table_set: TableSet) -> Table:
    """What was paid, beside last year."""
    return Table(
        "payments",
        (
            *FUNCTION_COLUMNS,
            Amount("paid", "已支付"),
            OfWhich("by_card", "其中：公务卡", Where(by_card=True)),
            Group(
                "compared",
                "与上年相比",
                Previous("before", "上年数", of="paid"),
                Change("change", "增减额", of="paid"),
                Change("rate", "增减％", of="paid", rate=True),
            ),
        ),
        Discovered(Sum({"name": "合计"}), By("unit", NAME), By("function", NAME, length=3)),
        source="payments",
    )


@registry.table("visits")
def visits(table_set: TableSet) -> Table:
    """Guests, a row a day."""
    return Table(
        "visits",
        (Text("day", "日期", merge=True), Text("guests", "来宾")),
        Records("visits", {"day": "day", "guests": "guests"}, ("day", "guests")),
    )


TOY = registry.table_set(
    TableSet(
        key="toy",
        title="试验",
        unit="元",
        thousands=True,
        function_classes=(("206", "科技"),),
        function_lengths=(3,),
        agency_operating=Where(economic="302"),
        tables=(
            Placed("payments", 1, "{year}年支付表"),
            Placed("visits", 2, "{year}年接待表", statement="没有接待。"),
            Placed("expenditure", 3, "{year}年支出表", collapse=frozenset({"basic", "project"})),
        ),
    )
)
