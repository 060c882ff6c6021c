"""A predicate means the same in the database as in Python."""

import random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings

from budget import sql
from budget.models import DepartmentEconomicClass, FunctionalClass, FundSource, GovernmentEconomicClass, Item, Line
from budget.reporting.where import ANYTHING, NOTHING, And, Not, Or, Where
from organisation.models import Unit
from tests.factories import make_budget, make_unit
from tests.predicates import VALUES, predicates

pytestmark = pytest.mark.django_db
DIMENSIONS = (*VALUES, "item")
CODES = {
    "function": (FunctionalClass, ["2060101", "2060199", "2080505", "2101101", "0000000"]),
    "economic": (DepartmentEconomicClass, ["30101", "30201", "30217", "30239", "31204", "00000"]),
    "government": (GovernmentEconomicClass, ["50101", "50201", "50502", "00000"]),
    "fund": (FundSource, ["11111", "11112", "121", "2", "39"]),
}


@pytest.fixture
def facts() -> dict[int, tuple]:
    """Eighty lines by chance, of four units in two departments: the fact of each by its primary key."""
    chance = random.Random(2024)
    below = Unit.objects.create(code="566002", name="下属单位", parent=make_unit("566001"))
    budgets = [make_budget(unit) for unit in ("566", "566001", below, "567001")]
    items = Item.objects.bulk_create(
        Item(budget=budget, category=category, name=f"项目{category}")
        for budget in budgets
        for category in ("1", "21", "22", "3")
    )
    codes = {name: list(model.objects.filter(code__in=some)) for name, (model, some) in CODES.items()}
    drawn = {
        (chance.choice(items), *(chance.choice(codes[name]) for name in CODES), chance.random() < 0.5)
        for _ in range(80)
    }
    Line.objects.bulk_create(
        Line(
            item=item,
            function=function,
            economic=economic,
            government=government,
            fund=fund,
            carried_over=over,
            amount=at,
        )
        for at, (item, function, economic, government, fund, over) in enumerate(drawn, 1)
    )
    return {
        line.pk: (
            line.item.budget.unit.department_code,
            line.item.budget.unit.code,
            line.item.category,
            line.function.code,
            line.economic.code,
            line.government.code,
            line.fund.code,
            line.carried_over,
            True,  # a line is spent money
            str(line.item.uid),
        )
        for line in Line.objects.with_dimensions()
    }


def found(where) -> set[int]:
    return set(Line.objects.filter(sql.to_q(where)).order_by().values_list("pk", flat=True))


def held(where, facts) -> set[int]:
    test = where.compiled(DIMENSIONS)
    return {pk for pk, fact in facts.items() if test(fact)}


@given(where=predicates)
@settings(
    max_examples=200,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],  # the lines are only read
)
def test_a_predicate_finds_the_lines_that_it_holds_for(facts, where):
    assert found(where) == held(where, facts)


EVERYTHING = [
    ANYTHING,
    ~NOTHING,
    Where(spent=True),
    Where(fund="2") | Where(spent=True),
    Or((ANYTHING, Where(fund="2"))),
    Or((Where(fund="2"), And(()))),
    Not(Where(spent=False)),
    Where(department=("566", "567")),
]


@pytest.mark.parametrize("where", EVERYTHING, ids=lambda where: str(where.as_json()))
def test_what_holds_for_everything_finds_everything(facts, where):
    assert found(where) == set(facts)


@pytest.mark.parametrize(
    "where",
    [NOTHING, ~Where(), Or(()), Where(spent=False), Where(function=""), Not(And(())), Where(fund="2") & NOTHING],
    ids=lambda where: str(where.as_json()),
)
def test_what_holds_for_nothing_finds_nothing(facts, where):
    """Behind a cell that is no figure there are no lines: an empty Q would find all of them."""
    assert found(where) == set()


def test_an_item_is_found_by_its_uid(facts):
    uid = str(Item.objects.order_by("pk")[1].uid)
    assert found(Where(item=uid)) == held(Where(item=uid), facts) != set()


def test_a_department_is_everything_below_it_and_a_unit_itself(facts):
    assert held(Where(unit="566"), facts) == found(Where(unit="566"))
    assert found(Where(unit="566001")) < found(Where(department="566"))
    assert not found(Where(department="566001"))


def test_what_is_no_predicate_is_refused():
    with pytest.raises(TypeError, match="not a predicate"):
        sql.to_q({"fund": ["11"]})


ASKED = """SELECT 'item', id, name FROM budget_item WHERE budget_id IN {} AND category = '3'
UNION ALL SELECT 'unit', id, name FROM organisation_unit WHERE id IN {} OR code LIKE '566%'"""


def test_what_is_planned_once_says_the_same_for_any_ids(facts):
    items = list(Item.objects.values_list("budget_id", flat=True).distinct())
    units = list(Unit.objects.values_list("pk", flat=True))
    for some in ((items, units), (items[:1], []), ([], units[1:]), ([], [])):
        for _ in range(7):  # PostgreSQL makes a plan for all values at the sixth
            assert sorted(sql.rows_planned_once("asked", ASKED, *some)) == sorted(sql.rows(ASKED, *some))
    assert len(sql.rows(ASKED, items, units)) > 5


@pytest.mark.parametrize("is_pooled_outside", [False, True])
def test_a_connection_plans_a_statement_once(monkeypatch, is_pooled_outside):
    """It is one question each time; a pool outside may give another connection at every turn: nothing is kept there."""
    monkeypatch.setitem(connection.settings_dict, "DISABLE_SERVER_SIDE_CURSORS", is_pooled_outside)
    name, statement = f"units_{is_pooled_outside}", "SELECT code FROM organisation_unit WHERE id IN {}"
    unit = make_unit()
    for _ in range(2):
        with CaptureQueriesContext(connection) as asked:
            assert sql.rows_planned_once(name, statement, [unit.pk]) == [(unit.code,)]
        assert len(asked) == 1
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT COUNT(*) FROM pg_prepared_statements WHERE name = %s", [name.lower()])
            assert cursor.fetchone() == (0 if is_pooled_outside else 1,)


def test_one_cursor_serves_what_is_asked_within_and_none_after_it():
    unit, statement = make_unit(), "SELECT code FROM organisation_unit WHERE id IN {}"
    with pytest.raises(ValueError, match="halfway"), sql.one_cursor():
        assert sql.rows(statement, [unit.pk]) == [(unit.code,)]
        with sql.one_cursor():
            assert sql.rows(statement, [unit.pk]) == [(unit.code,)]
        assert sql.rows(statement, [unit.pk]) == [(unit.code,)]  # not the one within, which is closed
        raise ValueError("halfway")
    assert sql.rows(statement, [unit.pk]) == [(unit.code,)]
