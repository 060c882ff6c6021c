"""A new source, new tables and a new set need no change to the engine: this little app adds them."""

import importlib
import sys

import pytest

from budget import books
from budget.models import LastYearFigure
from budget.reporting import registry
from budget.reporting.csv_text import csv_bytes
from budget.reporting.spec import Amount, By, Discovered, Placed, Table, TableSet
from budget.reporting.where import Where
from tests.factories import make_budget, make_item, make_line
from tests.toy.registry_state import kept


@pytest.fixture
def toy():
    """The app, declared while the test runs."""
    with kept():
        for name in ("tests.toy.disclosure", "tests.toy.sources"):
            sys.modules.pop(name, None)  # imported a second time it would declare nothing
            importlib.import_module(name)
        yield registry.sets()["toy"]


@pytest.fixture
def budget(db):
    budget = make_budget()
    LastYearFigure.objects.bulk_create(
        LastYearFigure(budget=budget, table="payments", row=row, column="paid", amount=amount, source="上年公开")
        for row, amount in (("total", 1_000_000), ("566001/206", 1_300_000))
    )
    make_line(make_item(budget), 1000)
    return budget


def book_of(budget, table_set):
    return books.read_book(books.select(budget.unit.parent, 2024), table_set=table_set)


def test_its_declarations_are_sound(toy):
    assert registry.problems() == []


def test_nothing_of_it_is_left_afterwards():
    assert "toy" not in registry.sets()
    with pytest.raises(KeyError):
        registry.dimensions_of("payments")


def test_a_source_and_a_table_of_its_own(toy, budget):
    grid = book_of(budget, toy).grid("payments")
    assert [column.path[-1] for column in grid.columns[4:]] == [
        "单位（科目名称）",
        "已支付",
        "其中：公务卡",
        "上年数",
        "增减额",
        "增减％",
    ]
    assert [row[4:] for row in grid.printed_rows()] == [
        ["合计", "1,300,499.10", "65,432.10", "1,000,000.00", "300,499.10", "30.05%"],
        [budget.unit_name, "1,300,499.10", "65,432.10", "上年数缺", "上年数缺", "上年数缺"],
        ["科学技术支出", "1,299,999.10", "65,432.10", "1,300,000.00", "-0.90", "0.00%"],
        ["社会保障和就业支出", "500.00", "", "上年数缺", "上年数缺", "上年数缺"],
    ]
    assert grid.behind("566001/206", "by_card")[0] == "payments"


def test_records_of_its_own(toy, budget):
    grid = book_of(budget, toy).grid("visits")
    assert list(grid.printed_rows()) == [["3月1日", "甲"], ["3月1日", "乙"]]
    assert [tuple(merge) for merge in grid.merges()] == [(0, 0, 2)]
    assert csv_bytes(grid).decode("utf-8-sig").splitlines() == ["日期,来宾", "3月1日,甲", "3月1日,乙"]


def test_a_table_of_the_product_in_its_set(toy, budget):
    grid = book_of(budget, toy).grid("expenditure")
    assert (grid.number, grid.title, grid.unit) == (3, "2024年支出表", "元")
    assert [row[5:] for row in grid.printed_rows()] == [["1,000.00", "1,000.00", ""]] * 3


def test_a_name_that_nothing_has_is_reported(toy):
    columns = (Amount("red", "红", Where(colour="红")),)
    registry.table("coloured")(
        lambda table_set: Table("coloured", columns, Discovered(By("month", {})), source="payments")
    )
    placed = (Placed("coloured", 1, "表"), Placed("nonsense", 2, "表"))
    registry.table_set(TableSet("wrong", "错", "元", placed, (), Where()))
    assert registry.problems() == [
        "wrong: coloured: payments has no dimension colour",
        "wrong: coloured: payments has no dimension month",
        "wrong: no table is called nonsense",
    ]
