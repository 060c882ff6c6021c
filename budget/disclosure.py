"""The tables about appropriations, under semantic keys (tables.md; numbers and titles belong to the sets).

Sources: `lines` (spending without items), `items` (spending by item), `receipts` (every 分 received: what was spent of
it, and what is carried out of the year).
"""

from .models.items import BASIC_CATEGORIES, PROJECT_CATEGORIES
from .reporting import registry
from .reporting.spec import (
    Amount,
    By,
    Discovered,
    Group,
    Member,
    OfWhich,
    Row,
    RowOfWhich,
    RowTotal,
    SideBySide,
    Single,
    Skeleton,
    Sum,
    Table,
    TableSet,
    Text,
    Total,
)
from .reporting.where import Where

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

ABROAD = Where(economic="30212")
VEHICLE_PURCHASE = Where(economic=("30913", "31013"))
VEHICLE_RUNNING = Where(economic="30231")
RECEPTION = Where(economic="30217")

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


def _function_rows(table_set: TableSet) -> Discovered:
    cells = {
        "code.class": lambda function: function.code[:3],
        "code.kind": lambda function: function.code[3:5],
        "code.item": lambda function: function.code[5:7],
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


# ---- 1 and 4: both sides


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


# ---- 2, 3, 5, 10, 11: by function


def _project_columns(total: str) -> Group:
    return Group(
        "project",
        "项目支出",
        Total("total", total),
        Amount("other_running", "其他运转类", Where(category="22")),
        Amount("targeted", "特定目标类", Where(category="3")),
        where=PROJECT,
    )


@registry.table("revenue")
def revenue(table_set: TableSet) -> Table:
    """收入总表: what the money of each function is paid from."""
    return Table(
        "revenue",
        (
            *FUNCTION_COLUMNS,
            Total("total", "总计"),
            Group(
                "this_year",
                "本年收入",
                Total("total", "小计"),
                Group(
                    "general",
                    "一般公共预算",
                    Amount("total", "小计", GENERAL),
                    OfWhich("appropriation", "其中：财政拨款", APPROPRIATION),
                ),
                Amount("government_fund", "政府性基金预算", GOVERNMENT_FUND),
                Amount("state_capital", "国有资本经营预算", STATE_CAPITAL),
                *(Amount(key, label, where) for key, label, where in OWN_FUNDS),
                where=THIS_YEAR,
            ),
            Group(
                "carried_over",
                "上年结转结余",
                Total("total", "小计"),
                Amount("general", "一般公共预算", GENERAL),
                Amount("government_fund", "政府性基金预算", GOVERNMENT_FUND),
                Amount("state_capital", "国有资本经营预算", STATE_CAPITAL),
                Amount("special_account", "财政专户管理资金", SPECIAL_ACCOUNT),
                Amount("unit_funds", "单位资金", UNIT_FUNDS),
                where=CARRIED_OVER,
            ),
        ),
        _function_rows(table_set),
        source="receipts",
    )


@registry.table("expenditure")
def expenditure(table_set: TableSet) -> Table:
    """支出总表: every line, by function, basic and project."""
    return Table(
        "expenditure",
        (
            *FUNCTION_COLUMNS,
            Total("total", "总计"),
            Group(
                "basic",
                "基本支出",
                Total("total", "合计"),
                Group(
                    "personnel",
                    "人员经费",
                    Total("total", "小计"),
                    Amount("wages", "工资福利支出", Where(economic="301")),
                    Amount("assistance", "对个人和家庭的补助", Where(economic="303")),
                ),
                Group(
                    "operating",
                    "公用经费",
                    Total("total", "小计"),
                    Amount("goods", "商品和服务支出", Where(economic="302")),
                    Amount("capital", "资本性支出", Where(economic="310")),
                ),
                where=BASIC,
            ),
            _project_columns("合计"),
        ),
        _function_rows(table_set),
    )


def _of_fund(key: str, where, table_set: TableSet) -> Table:
    """Tables 5, 10 and 11: the spending of one fund, with fewer subtotals than table 3."""
    return Table(
        key,
        (
            *FUNCTION_COLUMNS,
            Total("total", "合计"),
            Group(
                "basic",
                "基本支出",
                Total("total", "小计"),
                Group(
                    "personnel",
                    "人员经费",
                    Amount("wages", "工资福利支出", Where(economic="301")),
                    Amount("assistance", "对个人和家庭的补助", Where(economic="303")),
                ),
                Group(
                    "operating",
                    "公用经费",
                    Amount("goods", "商品和服务支出", Where(economic="302")),
                    Amount("capital", "资本性支出", Where(economic="310")),
                ),
                where=BASIC,
            ),
            _project_columns("小计"),
        ),
        _function_rows(table_set),
        where=where,
    )


@registry.table("general_expenditure")
def general_expenditure(table_set: TableSet) -> Table:
    """一般公共预算支出."""
    return _of_fund("general_expenditure", GENERAL, table_set)


@registry.table("government_fund_expenditure")
def government_fund_expenditure(table_set: TableSet) -> Table:
    """政府性基金支出."""
    return _of_fund("government_fund_expenditure", GOVERNMENT_FUND, table_set)


@registry.table("state_capital_expenditure")
def state_capital_expenditure(table_set: TableSet) -> Table:
    """国有资本经营支出."""
    return _of_fund("state_capital_expenditure", STATE_CAPITAL, table_set)


# ---- 6, 8, 9, 13: by economic class


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


def _printed_code(member: Member, begin: int, end: int) -> str:
    """A part of a code; nothing for 未细化."""
    return "" if member.more.get("unspecified") else member.code[begin:end]


@registry.table("by_economic")
def by_economic(table_set: TableSet) -> Table:
    """支出经济分类汇总: all spending, projects too; what is not yet coded stands under 未细化."""
    cells = {
        "economic.class": lambda economic, government: _printed_code(economic, 0, 3),
        "economic.kind": lambda economic, government: _printed_code(economic, 3, 5),
        "economic.name": lambda economic, government: economic.name,
        "government.class": lambda economic, government: _printed_code(government, 0, 3),
        "government.kind": lambda economic, government: _printed_code(government, 3, 5),
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
        where=GENERAL & BASIC & table_set.agency_operating,
    )


# ---- 7: by item


def item_rows(*, category: str, name: str, unit: str) -> Discovered:
    """Tables 7 and 12: 合计, the department, its units, and each item with money."""
    return Discovered(
        Sum({name: "合计"}),
        *node_rows(category, name),
        By(
            "item",
            {
                category: lambda item: item.more["category"],
                name: lambda item: item.name,
                unit: lambda item: item.more["unit"],
            },
        ),
    )


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
        item_rows(category="category", name="name", unit="unit"),
        source="items",
        where=BASIC,
    )
