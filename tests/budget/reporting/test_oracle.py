"""Every cell of every table against the independent oracle, on budgets made by chance."""

import pytest
from hypothesis import given, settings

from budget.reporting import registry
from publication.sets import henan_jiaozuo_2024, mof_minimum
from tests.oracle import Ledger, all_tables
from tests.plain_books import GOLDEN, NAMES, Plain, book_of, budgets, reference, rows_of

JIAOZUO, MINIMUM = henan_jiaozuo_2024.HENAN_JIAOZUO_2024, mof_minimum.MOF_MINIMUM
CLASSES = [*range(201, 218), *range(219, 225), 227, *range(229, 235)]
quick = settings(max_examples=100, deadline=None, derandomize=True)


def jiaozuo(plain: Plain) -> Ledger:
    """The labels are those of the published table 1, not of the set."""
    labels = [row["支出/项目"] for row in rows_of(GOLDEN / "tables" / "01_revenue_and_expenditure.csv")[: len(CLASSES)]]
    return Ledger(
        plain,
        NAMES,
        zip(map(str, CLASSES), labels, strict=True),
        lambda economic: economic[:3] == "302" and economic not in ("30239", "30217"),
    )


def minimum(plain: Plain) -> Ledger:
    return Ledger(
        plain,
        NAMES,
        MINIMUM.function_classes,
        lambda economic: economic[:3] in ("302", "310"),
        levels=(3, 5, 7),
        coarse=True,
    )


def drawn(grid) -> list[dict]:
    """A grid as the oracle says it: header path → word, 分 or None."""
    paths = ["/".join(column.path) for column in grid.columns]
    assert len(set(paths)) == len(paths)
    return [dict(zip(paths, row.cells, strict=True)) for row in grid.rows]


def engine_tables(book) -> dict:
    grids = {}
    for grid in book.grids():
        if grid.key == "department_performance":
            grid = next(one.grid for one in grid.sections if one.grid.key == "money")
            grids["department_performance.money"] = grid
        else:
            grids[grid.key] = grid
    return grids


def lost_in(grid) -> int:
    return sum(misfit.amount_fen for misfit in grid.misfits)


def assert_equal_in_every_cell(plain: Plain, table_set, ledger: Ledger) -> None:
    grids = engine_tables(book_of(plain, table_set))
    expected = all_tables(ledger)
    for key, grid in grids.items():
        assert drawn(grid) == expected[key], key
        assert lost_in(grid) == ledger.lost[key], key


@given(budgets())
@quick
def test_the_fifteen_tables_are_those_of_the_oracle(plain):
    assert_equal_in_every_cell(plain, JIAOZUO, jiaozuo(plain))


@given(budgets())
@quick
def test_the_eight_tables_of_the_ministry_are_those_of_the_oracle(plain):
    assert_equal_in_every_cell(plain, MINIMUM, minimum(plain))


def test_the_reference_is_that_of_the_oracle():
    assert_equal_in_every_cell(reference(), JIAOZUO, jiaozuo(reference()))
    assert_equal_in_every_cell(reference(), MINIMUM, minimum(reference()))


def test_nothing_at_all_is_that_of_the_oracle():
    nothing = Plain((), {}, {"566001": "局机关"})
    assert_equal_in_every_cell(nothing, JIAOZUO, jiaozuo(nothing))


# table → its column of everything, and whether a piece of money is the table's business
SCOPES = {
    "revenue": ("总计", "receipts", lambda money: True),
    "expenditure": ("总计", "lines", lambda line: True),
    "general_expenditure": ("合计", "lines", lambda line: line["fund"][:2] == "11"),
    "government_fund_expenditure": ("合计", "lines", lambda line: line["fund"][:2] == "12"),
    "state_capital_expenditure": ("合计", "lines", lambda line: line["fund"][:2] == "13"),
    "general_basic_by_economic": (
        "本年一般公共预算基本支出/合计",
        "lines",
        lambda line: line["fund"][:2] == "11" and line["category"] in ("1", "21") and not line["carried_over"],
    ),
    "basic_items": ("合计", "lines", lambda line: line["category"] in ("1", "21")),
    "by_economic": ("总计", "lines", lambda line: True),
    "projects": ("合计", "lines", lambda line: line["category"] in ("22", "3")),
}
FISCAL = ("11", "12", "13")
SIDES = {
    "revenue_and_expenditure": ("收入/金额", "支出/金额", lambda money: True),
    "fiscal_appropriation": ("收入/金额", "支出/合计", lambda money: money["fund"][:2] in FISCAL),
}


@given(budgets())
@quick
def test_total_and_misfits_are_all_money_of_the_scope(plain):
    grids = engine_tables(book_of(plain, JIAOZUO))
    sources = {"lines": plain.lines, "receipts": jiaozuo(plain).receipts}
    for key, (column, source, belongs) in SCOPES.items():
        total = drawn(grids[key])[0][column] or 0
        assert total + lost_in(grids[key]) == sum(m["fen"] for m in sources[source] if belongs(m)), key
    for key, (left, right, belongs) in SIDES.items():
        foot = drawn(grids[key])[-1]
        received = sum(money["fen"] for money in sources["receipts"] if belongs(money))
        assert (foot[left] or 0) == received, key
        assert (foot[right] or 0) + lost_in(grids[key]) == received, key


def test_the_scopes_are_those_of_every_table_that_prints_all_its_money():
    exempt = {"three_public", "agency_operating", "department_performance", "project_performance"}
    assert {placed.table for placed in JIAOZUO.tables} == {*SCOPES, *SIDES, *exempt}


@pytest.mark.parametrize("declared", registry.sets().values(), ids=lambda declared: declared.key)
def test_every_set_of_the_product_draws_the_reference(declared):
    assert [grid.key for grid in book_of(reference(), declared).grids()] == [one.table for one in declared.tables]
