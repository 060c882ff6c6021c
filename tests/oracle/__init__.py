"""The fifteen tables computed a second time, from plain lines with dictionaries and loops, as tables.md words them.

Nothing here comes from the engine: no import, no declaration. A table is a list of rows in print order; a row maps the
header path (joined by `/`) to a word, an amount in 分, or None where nothing is printed.
"""

from .both_sides import table_1, table_4
from .by_class import table_6, table_8, table_9, table_13
from .by_function import table_2, table_3, table_5
from .by_item import table_7, table_12, table_15
from .ledger import Ledger, table_14

__all__ = ["Ledger", "all_tables"]


def all_tables(of: Ledger) -> dict[str, list[dict]]:
    """Every table of the budgets by key. `of.lost` then holds, by table, the money that no row or column prints."""
    return {
        "revenue_and_expenditure": table_1(of),
        "revenue": table_2(of),
        "expenditure": table_3(of),
        "fiscal_appropriation": table_4(of),
        "general_expenditure": table_5(of, "general_expenditure", "11"),
        "general_basic_by_economic": table_6(of),
        "basic_items": table_7(of),
        "by_economic": table_8(of),
        "three_public": table_9(of),
        "government_fund_expenditure": table_5(of, "government_fund_expenditure", "12"),
        "state_capital_expenditure": table_5(of, "state_capital_expenditure", "13"),
        "projects": table_12(of),
        "agency_operating": table_13(of),
        "department_performance.money": table_14(of),
        "project_performance": table_15(of),
    }
