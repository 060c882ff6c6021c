"""Tables 2, 3, 5, 10 and 11: by function."""

from budget.reporting import registry
from budget.reporting.spec import Amount, Group, OfWhich, Table, TableSet, Total
from budget.reporting.where import Where

from .parts import (
    APPROPRIATION,
    BASIC,
    CARRIED_OVER,
    FUNCTION_COLUMNS,
    GENERAL,
    GOVERNMENT_FUND,
    OWN_FUNDS,
    PROJECT,
    SPECIAL_ACCOUNT,
    STATE_CAPITAL,
    THIS_YEAR,
    UNIT_FUNDS,
    function_rows,
)


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
        function_rows(table_set),
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
        function_rows(table_set),
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
        function_rows(table_set),
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
