"""Books from the database: which budgets are in one, what is read of them, how often, and that it is of one state."""

import re
from collections import Counter

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings

from budget import books, sql, writing
from budget.models import FundSource, IncomeEstimate, LastYearFigure
from organisation.models import Unit
from publication.sets.henan_jiaozuo_2024 import HENAN_JIAOZUO_2024
from publication.sets.mof_minimum import MOF_MINIMUM
from tests.factories import make_budget, make_campaign, make_edition, make_item, make_line, make_unit
from tests.plain_books import Plain, book_of, budgets, reference
from tests.stored_books import store

pytestmark = pytest.mark.django_db
SETS = (HENAN_JIAOZUO_2024, MOF_MINIMUM)


def drawn(book) -> dict:
    """Every cell of every table, with the keys of its row."""
    grids = [one for grid in book.grids() for one in (grid, *(section.grid for section in grid.sections))]
    return {
        (grid.number, grid.key): (
            ["/".join(column.path) for column in grid.columns],
            [(row.key, row.cells) for row in grid.rows],
            sorted((misfit.reason, misfit.amount_fen) for misfit in grid.misfits),
        )
        for grid in grids
    }


def read(code="566", **fields):
    return books.read_book(books.select(Unit.objects.get(code=code), 2024), **fields)


# ---- what is read


class _Undone(Exception):
    pass


@given(plain=budgets())
@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_book_from_the_database_is_that_of_the_plain_lines(db, plain):
    make_edition()
    with pytest.raises(_Undone), transaction.atomic():
        organisation = store(plain)
        for table_set in SETS:
            book = books.read_book(books.select(organisation, 2024), table_set=table_set)
            expected = drawn(book_of(plain, table_set))
            for key, cells in drawn(book).items():
                if key[1] != "organisation":
                    assert cells == expected[key], key
        raise _Undone


def test_each_estimate_less_what_is_spent_of_its_fund_is_carried_out():
    receipts = [
        ("566", "566001", "1", "2060101", "31", False, True, 60),
        ("566", "566001", "3", "2060199", "31", False, True, 10),
        ("566", "566001", "1", "2060101", "31", True, True, 5),
        ("566", "566002", "1", "2060101", "31", False, True, 7),
    ]
    estimates = [
        ("566", "566001", "31", False, 100),  # 70 of it are spent
        ("566", "566001", "31", True, 5),  # all of it
        ("566", "566001", "39", False, 8),  # nothing of it
        ("566", "566002", "31", False, 3),  # more than there is
    ]
    assert books.carried_out(receipts, estimates) == [
        ("566", "566001", "", "", "31", False, False, 30),
        ("566", "566001", "", "", "39", False, False, 8),
        ("566", "566002", "", "", "31", False, False, -4),
    ]


def test_last_years_figures_are_added_over_the_budgets_that_say_them():
    for code, amount in (("566001", "242.73"), ("566002", "0.01")):
        LastYearFigure.objects.create(
            budget=make_budget(code), table="expenditure", row="total", column="total", amount=amount, source="公开文本"
        )
    assert read().previous("expenditure") == {("total", "total"): 24_274}
    assert read("566002").previous("expenditure") == {("total", "total"): 1}
    assert read().previous("revenue") == {}


def test_only_the_sources_that_the_tables_need_are_read():
    make_line(make_item(make_budget()), 100)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        book = read(tables=["expenditure"])
    assert set(book.money) == {"lines"}
    assert book.lists == {}
    assert not [one for one in queries if "performance" in one["sql"]]
    assert book.grid("expenditure").fen("total", "total") == 10_000


def test_what_is_not_coded_by_function_is_named_at_every_level():
    make_campaign(allow_unspecified_function=True)
    make_line(make_item(make_budget(), category="3"), 100, function="0000000", economic="00000", government="00000")
    grid = read(table_set=MOF_MINIMUM, tables=["expenditure"]).grid("expenditure")
    assert [row.cells[4] for row in grid.rows[2:]] == ["未细化"] * 3


# ---- which budgets


def test_a_department_has_all_its_units_and_a_unit_itself():
    for code in ("566001", "566002", "567001"):
        make_line(make_item(make_budget(code)), 100)
    assert read("566").grid("expenditure").fen("total", "total") == 20_000
    assert [unit.code for unit in read("566").units] == ["566001", "566002"]
    assert read("566001").grid("expenditure").fen("total", "total") == 10_000
    assert (read("566").is_department, read("566001").is_department) == (True, False)


def test_the_newest_revision_of_the_furthest_stage_is_chosen():
    unit = make_unit()
    old = make_budget(unit, stage="first", state="submitted", submitted="2023-09-01T00:00:00Z")
    new = make_budget(unit, stage="first", revision=2)
    assert books.select(unit, 2024).budgets == (new,)
    second = make_budget(unit, stage="second")
    assert books.select(unit, 2024).budgets == (second,)
    assert books.select(unit, 2024, "first").budgets == (new,)
    assert old not in books.select(unit.parent, 2024, "first").budgets


def test_what_is_chosen_are_objects_as_the_orm_makes_them():
    budget = make_budget(stage="second")
    selection = books.select(budget.unit, 2024)
    (chosen,) = selection.budgets
    for ours in (chosen, chosen.unit, selection.campaign, selection.campaign.edition):
        theirs = type(ours).objects.get(pk=ours.pk)
        names = [one.attname for one in ours._meta.concrete_fields]
        assert [getattr(ours, name) for name in names] == [getattr(theirs, name) for name in names]
        assert (ours._state.adding, ours._state.db) == (theirs._state.adding, theirs._state.db)
    chosen.unit.name = "改名"
    chosen.unit.save()  # it changes the row that there is
    assert Unit.objects.get(code=budget.unit.code).name == "改名"


def test_a_unit_without_the_stage_is_named():
    make_budget("566001", stage="second")
    make_budget("566002", stage="first")
    selection = books.select(Unit.objects.get(code="566"), 2024)
    assert (selection.stage, [unit.code for unit in selection.lacking]) == ("second", ["566002"])


def test_no_budget_is_said_so():
    with pytest.raises(books.NoBudget, match="566001 没有2024年的预算"):
        books.select(make_unit(), 2024)
    make_budget()
    with pytest.raises(books.NoBudget, match="阶段 approved"):
        books.select(make_unit(), 2024, "approved")


def test_the_name_is_that_which_the_budget_fixed():
    unit = make_unit("566001", name="新名")
    make_budget(unit, unit_name="旧名")
    assert read("566001").name == "旧名"


# ---- law 1


def tables_read(code="566", table_set=HENAN_JIAOZUO_2024) -> Counter:
    """The table each query reads first, in one reading of a book."""
    selection = books.select(Unit.objects.get(code=code), 2024)
    with CaptureQueriesContext(connection) as queries:
        books.read_book(selection, table_set=table_set).grids()
    return Counter(re.search(r'FROM "?(\w+)"?', query["sql"])[1] for query in queries)


@pytest.mark.parametrize("table_set", SETS, ids=lambda table_set: table_set.key)
def test_one_query_a_source(table_set):
    store(reference_in_units(1))
    read_once = tables_read(table_set=table_set)
    assert set(read_once.values()) == {1}
    # estimates and last year's figures come in one query
    assert {"budget_line", "budget_item", "budget_incomeestimate", "budget_budget"} <= set(read_once)


def test_the_number_of_queries_does_not_grow_with_the_book():
    store(reference_in_units(1))
    small = tables_read()
    for code in ("567001", "567002", "567003"):
        budget = make_budget(code)
        for at in range(6):
            item = make_item(budget, f"项目{at}", "3" if at % 2 else "21")
            make_line(item, 100 * (at + 1))
            make_line(item, 100 * (at + 1), function="2060199", economic="30207")
        fund = FundSource.objects.get(code="39")
        IncomeEstimate.objects.create(budget=budget, fund=fund, amount=500)
    assert tables_read("567") == small


def reference_in_units(number: int) -> Plain:
    plain = reference()
    uids = {uid: f"00000000-0000-0000-0000-{at:012}" for at, uid in enumerate(plain.items, number)}
    return Plain(
        lines=tuple({**line, "item": uids[line["item"]]} for line in plain.lines),
        items={uids[uid]: item for uid, item in plain.items.items()},
        units=plain.units,
        indicators=tuple({**one, "item": uids[one["item"]]} for one in plain.indicators),
    )


# ---- law 10


@pytest.fixture
def moving(monkeypatch):
    """A budget into which somebody writes between two sources of a reading: own income, estimated and spent alike.

    `moving(times)` says how often; it counts the readings.
    """
    budget = make_budget()
    item = make_item(budget)
    fund = FundSource.objects.get(edition=budget.campaign.edition, code="31")
    original = books._readers["organisation"]
    left, readings = [0], [0]

    def write_and_read(reading):
        assert "lines" in reading._read
        assert "receipts" not in reading._read
        readings[0] += 1
        if left[0]:
            left[0] -= 1
            write()
        return original(reading)

    def write():
        """One write: an estimate and the line that spends it, of another class every time."""
        number = 30201 + readings[0]
        with transaction.atomic():
            make_line(item, 500, economic=str(number), fund="31")
            estimates = IncomeEstimate.objects.filter(budget=budget)
            if seen := estimates.first():
                change = writing.Edit(IncomeEstimate, seen.uid, seen.version, {"amount": seen.amount + 500})
            else:
                change = writing.Add(IncomeEstimate(budget=budget, fund=fund, amount=500))
            writing.write(budget, [change], by=None, via="command")

    monkeypatch.setitem(books._readers, "organisation", write_and_read)

    def move(times: int):
        left[0] = times
        return readings

    return move


def carried_out_of(book) -> int:
    return book.grid("revenue_and_expenditure").fen("carried_out", "expenditure.amount")


def spent_in(book) -> int:
    return book.grid("expenditure").fen("total", "total")


def test_a_book_is_of_one_state(moving):
    readings = moving(1)
    book = read()
    assert readings == [2]
    assert (spent_in(book), carried_out_of(book)) == (50_000, 0)
    assert drawn(book) == drawn(read())
    assert book.version == read().version


def test_a_book_without_looking_at_the_version_would_be_of_two(moving, monkeypatch):
    """Negative control: what the law forbids does happen when nobody looks."""
    readings = moving(1)
    monkeypatch.setattr(sql, "versions", dict)
    book = read()
    assert readings == [1]
    assert (spent_in(book), carried_out_of(book)) == (0, 50_000)  # income that nobody ever had left over


def test_a_write_after_the_budgets_were_chosen_is_seen(moving):
    moving(0)
    selection = books.select(Unit.objects.get(code="566"), 2024)
    make_line(make_item(selection.budgets[0], "另一项"), 700)
    book = books.read_book(selection)
    assert spent_in(book) == 70_000
    assert book.version == str(selection.budgets[0].version + 2)


def test_a_budget_that_never_rests_is_said_so(moving):
    readings = moving(100)
    with pytest.raises(RuntimeError, match="频繁修改"):
        read()
    assert readings == [books.ATTEMPTS]


def test_a_fault_of_a_book_at_rest_is_not_read_again(monkeypatch):
    make_budget()
    asked = []

    def faulty(reading):
        asked.append(1)
        raise KeyError("its own fault")

    monkeypatch.setitem(books._readers, "organisation", faulty)
    with pytest.raises(KeyError, match="its own fault"):
        read()
    assert len(asked) <= 2


def test_a_dissolved_unit_keeps_its_budgets_and_lacks_none(db):
    gone = make_budget("566002").unit
    make_budget("566001")
    gone.is_active = False
    gone.save()
    selection = books.select(gone.parent, 2024)
    assert [budget.unit.code for budget in selection.budgets] == ["566001", "566002"]
    make_budget("566001", stage="approved")
    assert books.select(gone.parent, 2024, "approved").lacking == ()
