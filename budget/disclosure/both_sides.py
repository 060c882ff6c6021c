"""Tables 1 and 4: income beside spending."""

from budget.reporting import registry
from budget.reporting.spec import (
    Amount,
    Group,
    OfWhich,
    Row,
    RowOfWhich,
    RowTotal,
    SideBySide,
    Skeleton,
    Table,
    TableSet,
    Text,
    Total,
)
from budget.reporting.where import Where

from .parts import (
    APPROPRIATION,
    CARRIED_OUT,
    CARRIED_OVER,
    FISCAL,
    GENERAL,
    GOVERNMENT_FUND,
    OWN_FUNDS,
    STATE_CAPITAL,
    THIS_YEAR,
)


@registry.table("revenue_and_expenditure")
def revenue_and_expenditure(table_set: TableSet) -> SideBySide:
    """收支总表: income by fund beside spending by 类."""
    income = Skeleton(
        rows=(
            Row("general", "一、一般公共预算", GENERAL & THIS_YEAR),
            RowOfWhich("appropriation", "其中：财政拨款", APPROPRIATION),
            Row("government_fund", "二、政府性基金预算拨款收入", GOVERNMENT_FUND & THIS_YEAR),
            Row("state_capital", "三、国有资本经营预算拨款收入", STATE_CAPITAL & THIS_YEAR),
            *(
                Row(key, f"{number}、{label}{'收入' if key == 'special_account' else ''}", where & THIS_YEAR)
                for number, (key, label, where) in zip("四五六七八九", OWN_FUNDS, strict=True)
            ),
            RowTotal("this_year", "本年收入合计"),
            Row("carried_over", "上年结转结余", CARRIED_OVER),
            RowTotal("total", "收入总计"),
        ),
        tail=3,
    )
    spending = Skeleton(
        rows=(
            *(Row(code, label, Where(function=code, spent=True)) for code, label in table_set.function_classes),
            RowTotal("this_year", "本年支出合计"),
            Row("carried_out", "年终结转结余", CARRIED_OUT),
            RowTotal("total", "支出总计"),
        ),
        tail=3,
        hidden_when_empty=frozenset({"carried_out"}),
    )
    columns = (Text("item", "项目"), Amount("amount", "金额"))
    return SideBySide(
        "revenue_and_expenditure",
        Table("income", columns, income, source="receipts"),
        Table("expenditure", columns, spending, source="receipts"),
        "收入",
        "支出",
    )


@registry.table("fiscal_appropriation")
def fiscal_appropriation(table_set: TableSet) -> SideBySide:
    """财政拨款收支总表: the three fiscal funds only."""
    kinds = (
        ("general", "（一）一般公共预算", GENERAL),
        ("government_fund", "（二）政府性基金预算", GOVERNMENT_FUND),
        ("state_capital", "（三）国有资本经营预算", STATE_CAPITAL),
    )

    def part(prefix: str, number: str, label: str, when) -> tuple:
        rows = []
        for key, name, where in kinds:
            rows.append(Row(f"{prefix}.{key}", name, where & when))
            if key == "general":
                rows.append(RowOfWhich(f"{prefix}.appropriation", "其中：财政拨款", APPROPRIATION))
        return RowTotal(prefix, f"{number}、{label}", tuple(f"{prefix}.{key}" for key, _, _ in kinds)), *rows

    income = Skeleton(
        rows=(
            *part("this_year", "一", "本年收入", THIS_YEAR),
            *part("carried_over", "二", "上年结转", CARRIED_OVER),
            RowTotal("total", "收入合计"),
        ),
        tail=1,
    )
    classes = tuple(code for code, _ in table_set.function_classes)
    spending = Skeleton(
        rows=(
            RowTotal("this_year", "一、本年支出", classes),
            *(Row(code, label, Where(function=code, spent=True)) for code, label in table_set.function_classes),
            Row("carried_out", "二、年终结转结余", CARRIED_OUT),
            RowTotal("total", "支出合计"),
        ),
        tail=2,
    )
    return SideBySide(
        "fiscal_appropriation",
        Table("income", (Text("item", "项目"), Amount("amount", "金额")), income, source="receipts", where=FISCAL),
        Table(
            "expenditure",
            (
                Text("item", "项目"),
                Total("total", "合计"),
                Group(
                    "general",
                    "一般公共预算",
                    Amount("total", "小计", GENERAL),
                    OfWhich("appropriation", "其中：财政拨款", APPROPRIATION),
                ),
                Amount("government_fund", "政府性基金预算", GOVERNMENT_FUND),
                Amount("state_capital", "国有资本经营预算", STATE_CAPITAL),
            ),
            spending,
            source="receipts",
            where=FISCAL,
        ),
        "收入",
        "支出",
    )
