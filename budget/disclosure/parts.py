"""What the tables about appropriations share: their sources, predicates, rows and columns.

Sources: `lines` (spending without items), `items` (spending by item), `receipts` (every 分 received: what was spent of
it, and what is carried out of the year).
"""

from collections.abc import Callable

from budget.models.items import BASIC_CATEGORIES, PROJECT_CATEGORIES
from budget.reporting import registry
from budget.reporting.spec import Amount, By, Discovered, Group, Member, Sum, TableSet, Text
from budget.reporting.where import Where
from budget.three_public import PARTS

registry.facts("lines", "department", "unit", "category", "function", "economic", "government", "fund", "carried_over")
registry.facts("items", "department", "unit", "category", "item", "fund", "carried_over")
registry.facts("receipts", "department", "unit", "category", "function", "fund", "carried_over", "spent")

BASIC = Where(category=BASIC_CATEGORIES)
PROJECT = Where(category=PROJECT_CATEGORIES)

GENERAL = Where(fund="11")
APPROPRIATION = Where(fund="11111")
GOVERNMENT_FUND = Where(fund="12")
STATE_CAPITAL = Where(fund="13")
FISCAL = Where(fund=("11", "12", "13"))
SPECIAL_ACCOUNT = Where(fund="2")
UNIT_FUNDS = Where(fund="3")
GOVERNMENT_MONEY = Where(fund="1")

THIS_YEAR = Where(carried_over=False)
CARRIED_OVER = Where(carried_over=True)
SPENT = Where(spent=True)
CARRIED_OUT = Where(spent=False)

ABROAD, VEHICLE_PURCHASE, VEHICLE_RUNNING, RECEPTION = (Where(economic=codes) for codes in PARTS.values())

# 九类其他资金, as tables 1 and 2 list them
OWN_FUNDS = (
    ("special_account", "财政专户管理资金", SPECIAL_ACCOUNT),
    ("undertakings", "事业收入", Where(fund="31")),
    ("operations", "事业单位经营收入", Where(fund="34")),
    ("from_above", "上级补助收入", Where(fund="32")),
    ("from_below", "附属单位上缴收入", Where(fund="33")),
    ("other", "其他收入", Where(fund="39")),
)


# ---- rows that many tables share


def in_departments(book) -> bool:
    return book.is_department


def in_several_units(book) -> bool:
    """A department of one unit prints the department's row only."""
    return not book.is_department or len(book.units) > 1


def node_rows(code: str, name: str) -> tuple[By, By]:
    """The rows of the department and of its units: their code and name in the columns of these keys."""
    cells = {code: lambda node: node.code, name: lambda node: node.name}
    return By("department", cells, when=in_departments), By("unit", cells, when=in_several_units)


def printed_code(begin: int, end: int, *, of: int = 0) -> Callable[..., str]:
    """A function that tells a part of a code: of a row's first member or of another; nothing for 未细化."""

    def told(*members: Member) -> str:
        member = members[of]
        return "" if member.more.get("unspecified") else member.code[begin:end]

    return told


def function_rows(table_set: TableSet) -> Discovered:
    cells = {
        "code.class": printed_code(0, 3),
        "code.kind": printed_code(3, 5),
        "code.item": printed_code(5, 7),
        "name": lambda function: function.name,
    }
    levels = [By("function", cells, length=None if length == 7 else length) for length in table_set.function_lengths]
    return Discovered(Sum({"name": "合计"}), *node_rows("unit_code", "name"), *levels)


FUNCTION_COLUMNS = (
    Group("code", "科目编码", Text("class", "类"), Text("kind", "款"), Text("item", "项")),
    Text("unit_code", "单位代码"),
    Text("name", "单位（科目名称）"),
)

FUND_COLUMNS = (
    Group(
        "this_year",
        "本年拨款",
        Amount("general", "一般公共预算", GENERAL),
        Amount("government_fund", "政府性基金预算", GOVERNMENT_FUND),
        Amount("state_capital", "国有资本经营预算", STATE_CAPITAL),
        where=THIS_YEAR,
    ),
    Group(
        "carried_over",
        "财政拨款结转结余",
        Amount("general", "一般公共预算", GENERAL),
        Amount("government_fund", "政府性基金预算", GOVERNMENT_FUND),
        Amount("state_capital", "国有资本经营预算", STATE_CAPITAL),
        where=CARRIED_OVER,
    ),
    Amount("special_account", "财政专户管理资金", SPECIAL_ACCOUNT),
    Amount("unit_funds", "单位资金", UNIT_FUNDS),
)


def item_rows(*, code: str, name: str) -> Discovered:
    """Tables 7 and 12: 合计, the department, its units, and each item with money.

    `code`, `name`: the columns in which the rows above the items print theirs (the table's second and third).
    """
    return Discovered(
        Sum({name: "合计"}),
        *node_rows(code, name),
        By(
            "item",
            {
                "category": lambda item: item.more["category"],
                "name": lambda item: item.name,
                "unit": lambda item: item.more["unit"],
            },
        ),
    )
