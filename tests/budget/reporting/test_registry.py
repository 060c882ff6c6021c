"""What the apps declare: found by name, refused where a name is unknown or taken."""

import pytest

from budget.apps import BudgetConfig
from budget.reporting import registry
from budget.reporting.spec import (
    Amount,
    Beside,
    By,
    Change,
    Discovered,
    Group,
    OfWhich,
    Placed,
    Previous,
    Records,
    Row,
    RowTotal,
    Section,
    SideBySide,
    Single,
    Skeleton,
    Sum,
    Table,
    TableSet,
    Text,
)
from budget.reporting.where import NOTHING, Where
from tests.toy.registry_state import kept

AMOUNT = Amount("amount", "金额")
WORD = Text("name", "名称")


@pytest.fixture(autouse=True)
def _registry():
    with kept():
        yield


def declare(*tables, **placing) -> TableSet:
    for table in tables:
        registry.table(table.key)(lambda table_set, table=table: table)
    placed = tuple(Placed(table.key, at, "表", **placing) for at, table in enumerate(tables, 1))
    return registry.table_set(TableSet("toy", "试验", "元", placed, (), NOTHING))


def toy(columns, rows=None, **fields) -> Table:
    return Table("toy", columns, rows or Single(), **fields)


def test_the_declarations_of_the_product_are_sound():
    assert registry.problems() == []


WRONG = {
    "no source is called nonsense": toy((AMOUNT,), source="nonsense"),
    "lines has no dimension nature": toy((Amount("amount", "金额", Where(nature="行政")),)),
    "lines has no dimension item": toy((AMOUNT,), Discovered(By("item", {}))),
    "lines has no dimension spent": toy(
        (AMOUNT,), Skeleton((Row("a", "甲", Where(spent=True)),), label_column="amount")
    ),
    "lines has no dimension colour": toy((AMOUNT,), where=Where(colour="红")),
    "no records are called nonsense": toy((WORD,), Records("nonsense", {"name": "name"}, ("name",))),
    "department_tasks has no field colour": toy((WORD,), Records("department_tasks", {"name": "colour"}, ("name",))),
    "no text column is called nome": toy((WORD, AMOUNT), Discovered(Sum({"nome": "合计"}))),
    "no text column is called item": toy((WORD, AMOUNT), Skeleton((Row("a", "甲"),))),
    "no text column is called word": toy((WORD, AMOUNT), Single({"word": "合计"})),
    "no row to add up is called b": toy(
        (WORD, AMOUNT), Skeleton((Row("a", "甲"), RowTotal("t", "计", of=("a", "b"))), label_column="name")
    ),
    "row declared twice: a": toy((WORD, AMOUNT), Skeleton((Row("a", "甲"), Row("a", "乙")), label_column="name")),
    "no money column is called amounts": toy((AMOUNT, Previous("before", "上年", of="amounts"))),
    "no money column is called name": toy((WORD, AMOUNT, Change("change", "增减", of="name"))),
    "toy: part is part of no column before it": toy((OfWhich("part", "其中", Where()),)),
    "toy: column declared twice: amount": toy((AMOUNT, AMOUNT)),
    "project_indicators has no field colour": toy(
        (AMOUNT, Beside("a", "甲", "project_indicators", Where(), (Text("colour", "色"),)))
    ),
    "project_indicators has no field owner": toy(
        (AMOUNT, Beside("a", "甲", "project_indicators", Where(), (Text("name", "名"),), by="owner"))
    ),
}


@pytest.mark.parametrize("problem", WRONG)
def test_a_name_that_nothing_has_is_an_error_at_start_up(problem):
    declare(WRONG[problem])
    assert f"toy: toy: {problem}" in registry.problems()


def test_a_wrong_half_and_a_wrong_section_are_found():
    right, wrong = Table("right", (AMOUNT,), Single()), Table("wrong", (AMOUNT,), Single(), source="nonsense")
    declare(
        SideBySide("halves", right, wrong, "左", "右"),
        Table(
            "form", (WORD,), Records("department_tasks", {"name": "name"}, ("name",)), sections=(Section("节", wrong),)
        ),
    )
    assert registry.problems() == [
        "toy: halves: no source is called nonsense",
        "toy: form: no source is called nonsense",
    ]


@pytest.mark.parametrize(
    ("placing", "problem"),
    [
        ({"collapse": frozenset({"basics"})}, "no group to collapse is called basics"),
        ({"relabel": {"amount": "预算"}}, "no column to relabel is called amount"),
    ],
)
def test_what_a_set_changes_must_be_there(placing, problem):
    declare(toy((Group("basic", "基本", AMOUNT),)), **placing)
    assert registry.problems() == [f"toy: toy: {problem}"]


def test_a_set_with_a_table_nobody_declared():
    registry.table_set(
        TableSet("toy", "试验", "元", (Placed("nonsense", 1, "表"), Placed("nonsense", 1, "表")), (), NOTHING)
    )
    assert registry.problems() == [
        "toy: a table number is used twice",
        "toy: a table is placed twice",
        "toy: no table is called nonsense",
        "toy: no table is called nonsense",
    ]
    with pytest.raises(KeyError, match="no table is called nonsense; there are"):
        registry.table_in(registry.sets()["toy"], "nonsense")


def test_the_start_up_check_reports_them():
    from django.core import checks

    declare(toy((AMOUNT,), source="nonsense"))
    found = [error for error in checks.run_checks() if error.id == "budget.E001"]
    assert [error.msg for error in found] == ["toy: toy: no source is called nonsense"]
    assert BudgetConfig.name == "budget"


def test_a_key_is_declared_by_one_app():
    def elsewhere(table_set):
        return toy((AMOUNT,))

    elsewhere.__module__ = "toy.disclosure"
    with pytest.raises(ValueError, match="table expenditure is declared in"):
        registry.table("expenditure")(elsewhere)
    with pytest.raises(ValueError, match="is declared twice"):
        registry.table_set(TableSet("mof_minimum", "又一个", "元", (), (), NOTHING))


def test_the_builder_of_a_table_is_asked_once_a_set():
    asked = []

    @registry.table("counted")
    def counted(table_set):
        asked.append(table_set.key)
        return toy((AMOUNT,))

    one, other = (registry.sets()[key] for key in ("mof_minimum", "henan_jiaozuo_2024"))
    assert registry.table_in(one, "counted") is registry.table_in(one, "counted")
    assert registry.table_in(other, "counted") is not registry.table_in(one, "counted")
    assert asked == ["mof_minimum", "henan_jiaozuo_2024"]


def test_a_fault_inside_a_builder_is_not_taken_for_an_unknown_table():
    @registry.table("broken")
    def broken(table_set):
        return {}["an error of its own"]

    with pytest.raises(KeyError, match="an error of its own"):
        registry.table_in(registry.sets()["mof_minimum"], "broken")


def test_the_sources_of_a_table_are_those_of_all_its_parts():
    sets = registry.sets()["henan_jiaozuo_2024"]
    sources = {placed.table: registry.sources_of(registry.table_in(sets, placed.table)) for placed in sets.tables}
    assert sources["revenue_and_expenditure"] == {"receipts"}
    assert sources["project_performance"] == {"items", "project_indicators"}
    assert sources["department_performance"] == {
        "receipts",
        "organisation",
        "department_goals",
        "department_tasks",
        "department_indicators",
    }
