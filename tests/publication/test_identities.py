"""The check rules X01–X24 (勾稽关系) as identities between cells: of the reference, the demonstration, any budgets."""

from dataclasses import replace
from decimal import Decimal
from unicodedata import normalize

import pytest
from hypothesis import given, settings

from budget.books import read_book, select
from budget.reporting.grid import Grid
from organisation.models import Unit
from publication.sets.henan_jiaozuo_2024 import HENAN_JIAOZUO_2024
from tests import beginnings
from tests.plain_books import NAMES, book_of, budgets, reference

FUND_ROWS = ("general", "government_fund", "state_capital", "special_account")
OWN_ROWS = ("undertakings", "operations", "from_above", "from_below", "other")


def cell(book, table: str, row, column: str) -> int:
    return book.grid(table).fen(row, column)


def rows(book, table: str, kind: str) -> list:
    return [row for row in book.grid(table).rows if row.kind == kind and not row.continues]


def money_of(book, table: str) -> Grid:
    return next(one.grid for one in book.grid(table).sections if one.grid.key == "money")


def everywhere(book, table: str):
    """A function of a column for each row of a table: its figure there."""
    grid = book.grid(table)
    for row in grid.rows:
        if not row.continues:
            yield lambda column, key=row.key: grid.fen(key, column)


# ---- the rules


def x01(book):
    income = cell(book, "revenue_and_expenditure", "total", "income.amount")
    assert income == cell(book, "revenue_and_expenditure", "total", "expenditure.amount")


def x02(book):
    for half, carried in (("income", "carried_over"), ("expenditure", "carried_out")):
        total, year, rest = (
            cell(book, "revenue_and_expenditure", key, f"{half}.amount") for key in ("total", "this_year", carried)
        )
        assert year + rest == total


def x03(book):
    for code, _ in book.table_set.function_classes:
        of_class = sum(
            cell(book, "expenditure", row.key, "total")
            for row in rows(book, "expenditure", "function")
            if row.key.split("/")[-1].startswith(code)
        )
        assert cell(book, "revenue_and_expenditure", code, "expenditure.amount") == of_class, code


def x04(book):
    assert cell(book, "revenue", "total", "total") == cell(book, "revenue_and_expenditure", "total", "income.amount")
    for key in (*FUND_ROWS, *OWN_ROWS):
        column = f"this_year.{key}" if key != "general" else "this_year.general.total"
        assert cell(book, "revenue", "total", column) == cell(book, "revenue_and_expenditure", key, "income.amount"), (
            key
        )
    carried_over = cell(book, "revenue_and_expenditure", "carried_over", "income.amount")
    assert cell(book, "revenue", "total", "carried_over.total") == carried_over
    appropriation = cell(book, "revenue_and_expenditure", "appropriation", "income.amount")
    assert cell(book, "revenue", "total", "this_year.general.appropriation") == appropriation


def x05(book):
    for table in ("expenditure", "general_expenditure", "government_fund_expenditure", "state_capital_expenditure"):
        for at in everywhere(book, table):
            assert at("total") == at("basic.total") + at("project.total")


def x06(book):
    for at in everywhere(book, "expenditure"):
        assert at("basic.total") == at("basic.personnel.total") + at("basic.operating.total")
        assert at("basic.personnel.total") == at("basic.personnel.wages") + at("basic.personnel.assistance")
        assert at("basic.operating.total") == at("basic.operating.goods") + at("basic.operating.capital")


def x07(book):
    for at in everywhere(book, "expenditure"):
        assert at("project.total") == at("project.other_running") + at("project.targeted")


def x08(book):
    for table in ("expenditure", "general_expenditure", "revenue", "basic_items", "projects"):
        total = cell(book, table, "total", "total")
        for kind in ("department", "unit", "function", "item"):
            found = rows(book, table, kind)
            assert not found or sum(cell(book, table, row.key, "total") for row in found) == total, (table, kind)


def x09(book):
    income = cell(book, "fiscal_appropriation", "total", "income.amount")
    assert income == cell(book, "fiscal_appropriation", "total", "expenditure.total")
    spent = cell(book, "fiscal_appropriation", "this_year", "expenditure.total")
    tables = ("general_expenditure", "government_fund_expenditure", "state_capital_expenditure")
    assert spent == sum(cell(book, table, "total", "total") for table in tables)
    assert income == spent + cell(book, "fiscal_appropriation", "carried_out", "expenditure.total")


def x10(book):
    other = {row[5] for row in book.facts("lines").rows if row[6][:2] != "11"}
    for row in book.grid("general_expenditure").rows:
        for column in ("total", "basic.total", "project.total", "basic.personnel.wages", "basic.operating.goods"):
            general, all_funds = (cell(book, t, row.key, column) for t in ("general_expenditure", "expenditure"))
            assert general <= all_funds
            assert general == all_funds or other


def x11(book):
    carried = sum(
        row[-1] for row in book.facts("lines").rows if row[7] and row[6][:2] == "11" and row[2] in ("1", "21")
    )
    pairs = (("total", ("total",)), ("personnel", ("personnel.wages", "personnel.assistance")))
    for here, there in (*pairs, ("operating", ("operating.goods", "operating.capital"))):
        basic = sum(cell(book, "general_expenditure", "total", f"basic.{key}") for key in there)
        six = cell(book, "general_basic_by_economic", "total", f"basic.{here}")
        assert basic - carried <= six <= basic


def x12(book):
    for at in everywhere(book, "general_basic_by_economic"):
        assert at("basic.total") == at("basic.personnel") + at("basic.operating")
    for row in rows(book, "general_basic_by_economic", "economic+government"):
        assert 0 in [cell(book, "general_basic_by_economic", row.key, f"basic.{k}") for k in ("personnel", "operating")]


def x13(book):
    six = cell(book, "general_basic_by_economic", "total", "basic.total")
    assert cell(book, "basic_items", "total", "this_year.general") == six


def x14(book):
    assert cell(book, "by_economic", "total", "total") == cell(book, "expenditure", "total", "total")


def x15_x16(book):
    columns = {"abroad": ("30212",), "vehicles.purchase": ("30913", "31013"), "vehicles.running": ("30231",)}
    parts = {column: cell(book, "three_public", "total", column) for column in (*columns, "reception")}
    assert cell(book, "three_public", "total", "total") == sum(parts.values())
    vehicles = parts["vehicles.purchase"] + parts["vehicles.running"]
    assert cell(book, "three_public", "total", "vehicles.total") == vehicles
    for column, classes in {**columns, "reception": ("30217",)}.items():
        general = [row for row in book.facts("lines").rows if row[6][:2] == "11" and row[4] in classes]
        assert parts[column] == sum(row[-1] for row in general), column


def x17_x18(book):
    assert cell(book, "projects", "total", "total") == cell(book, "expenditure", "total", "project.total")
    for column, name in (("other_running", "其他运转类"), ("targeted", "特定目标类")):
        of_kind = [row.key for row in rows(book, "projects", "item") if row.cells[0] == name]
        projects = sum(cell(book, "projects", key, "total") for key in of_kind)
        assert projects == cell(book, "expenditure", "total", f"project.{column}"), name
    for row in rows(book, "projects", "item"):
        lines = [fact[-1] for fact in book.facts("items").rows if fact[3] == row.key.split("/")[-1]]
        assert cell(book, "projects", row.key, "total") == sum(lines)


def x19(book):
    chosen = [
        row.key
        for row in rows(book, "general_basic_by_economic", "economic+government")
        if row.key[:3] == "302" and row.key[:5] not in ("30239", "30217")
    ]
    six = sum(cell(book, "general_basic_by_economic", key, "basic.total") for key in chosen)
    assert cell(book, "agency_operating", "total", "operating.total") == six


def x20(book):
    money = money_of(book, "department_performance")
    total = money.fen("total", "total")
    assert total == cell(book, "revenue_and_expenditure", "total", "income.amount")
    assert total == sum(money.fen("total", f"sources.{key}") for key in ("government", "special_account", "unit_funds"))
    carried_out = cell(book, "revenue_and_expenditure", "carried_out", "expenditure.amount")
    assert total == sum(money.fen("total", f"structure.{key}") for key in ("basic", "project")) + carried_out


def x21(book):
    for at in everywhere(book, "project_performance"):
        assert at("money.total") == sum(at(f"money.{key}") for key in ("government", "special_account", "unit_funds"))


def x22(book):
    def listed(table, name, amount):
        grid = book.grid(table)
        names = [(row.cells[grid.column_at(name)], grid.fen(row.key, amount)) for row in rows(book, table, "item")]
        return sorted((normalize("NFKC", words), fen) for words, fen in names)

    assert listed("projects", "name", "total") == listed("project_performance", "name", "money.total")


def x24(book):
    for table in ("government_fund_expenditure", "state_capital_expenditure"):
        grid = book.grid(table)
        assert grid.statement
        assert grid.is_empty is (grid.fen("total", "total") == 0)


RULES = {rule.__name__: rule for rule in (x01, x02, x03, x04, x05, x06, x07, x08, x09, x10, x11, x12, x13, x14)}
RULES |= {rule.__name__: rule for rule in (x15_x16, x17_x18, x19, x20, x21, x22, x24)}
OF_ANY_BUDGETS = set(RULES)


@pytest.fixture(scope="module")
def plain():
    return book_of(reference(), HENAN_JIAOZUO_2024)


@pytest.fixture
def demo(db):
    beginnings.demonstration()
    return read_book(select(Unit.objects.get(code="566"), 2024))


@pytest.mark.parametrize("rule", RULES)
def test_the_rules_hold_for_the_reference(plain, rule):
    RULES[rule](plain)


def test_the_rules_hold_for_the_demonstration(demo):
    for rule in RULES.values():
        rule(demo)
    assert cell(demo, "revenue_and_expenditure", "total", "income.amount") == 393_520_000
    assert len(rows(demo, "projects", "item")) == 7  # X23: “涉及项目7个”
    assert demo.previous("revenue_and_expenditure")["total", "income.amount"] == 242_730_000


@given(budgets(fitting=True))
@settings(max_examples=60, deadline=None, derandomize=True)
def test_the_rules_hold_for_any_budgets_whose_lines_have_their_place(plain_budgets):
    book = book_of(plain_budgets, HENAN_JIAOZUO_2024)
    for rule in OF_ANY_BUDGETS:
        RULES[rule](book)


def test_a_hundredth_on_one_side_is_seen(plain):
    """Negative control: take 0.01 万元 from one line of one source and the rules between the sources fail."""
    facts = plain.facts("lines")
    tampered = [(*facts.rows[0][:-1], facts.rows[0][-1] - 10_000), *facts.rows[1:]]
    book = replace(plain, money={**plain.money, "lines": facts._replace(rows=tampered)})
    failing = {name for name, rule in RULES.items() if not _holds(rule, book)}
    assert failing == {"x03", "x09", "x13"}
    assert Decimal(cell(book, "expenditure", "total", "total")).scaleb(-6) == Decimal("393.51")


def _holds(rule, book) -> bool:
    try:
        rule(book)
    except AssertionError:
        return False
    return True


def test_every_class_of_the_edition_has_its_place_in_the_rules():
    codes = {code for code in NAMES["function"] if len(code) == 7 and code != "0000000"}
    assert {code[:3] for code in codes} <= {code for code, _ in HENAN_JIAOZUO_2024.function_classes}
