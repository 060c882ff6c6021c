"""Last year's execution as rows of a budget: what the database holds to, what is copied, what a book makes of it."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Sum
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from budget import charts, checking, copies, execution, versions, writing
from budget.books import read_book, select
from budget.copying.parts import parts
from budget.models import Budget, Execution
from organisation.models import Unit
from tests.factories import make_budget, make_item, make_line, make_user

pytestmark = pytest.mark.django_db


def told(budget: Budget, **amounts) -> Budget:
    """The budget with (adjusted, paid) in 元 of these kinds."""
    rows = [
        Execution(budget=budget, kind=kind, adjusted=Decimal(adjusted), paid=Decimal(paid))
        for kind, (adjusted, paid) in amounts.items()
    ]
    writing.write(budget, [writing.Add(row) for row in rows], by=None, via="command")
    return Budget.objects.select_related("unit", "campaign__edition").get(pk=budget.pk)


def chart_of(code: str) -> charts.Chart:
    return charts.by_execution(read_book(select(Unit.objects.get(code=code), 2024), more=charts.SOURCES))


@pytest.mark.parametrize(
    ("row", "constraint"),
    [
        ({"kind": "basic", "adjusted": 1, "paid": 1}, "execution_is_one_a_kind|budget_id"),
        ({"kind": "project", "adjusted": Decimal("-0.01"), "paid": 0}, "adjusted_is_not_negative"),
        ({"kind": "project", "adjusted": 0, "paid": Decimal("-0.01")}, "paid_is_not_negative"),
    ],
)
def test_the_database_holds_what_is_true_of_a_row(row, constraint):
    budget = told(make_budget(), basic=(100, 90))
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Execution.objects.bulk_create([Execution(budget=budget, **row)])


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"kind": "basic", "adjusted": 1, "paid": 1}, ["该类支出的执行情况已填写。"]),
        ({"kind": "project", "adjusted": -1, "paid": -1}, ["执行数不能为负。", "调整预算数不能为负。"]),
    ],
)
def test_the_writer_says_so_in_chinese(row, words):
    budget = told(make_budget(), basic=(100, 90))
    with pytest.raises(writing.Refused) as refused:
        writing.write(budget, [writing.Add(Execution(budget=budget, **row))], by=None, via="command")
    assert sorted(problem.message for problem in refused.value.problems) == words


def test_a_budget_that_was_sent_keeps_its_rows_as_they_are():
    budget = told(make_budget(), basic=(100, 90))
    Budget.objects.filter(pk=budget.pk).update(state="submitted", submitted=timezone.now(), submitted_by=make_user().pk)
    for write in (
        lambda: Execution.objects.update(paid=1),
        lambda: Execution.objects.all()._raw_delete("default"),
        lambda: Execution.objects.bulk_create([Execution(budget=budget, kind="project", adjusted=1, paid=1)]),
    ):
        with pytest.raises(IntegrityError, match="上年预算执行：预算已锁定"), transaction.atomic():
            write()
    assert Execution.objects.get().paid == 90


def test_a_copy_within_the_year_has_it_and_another_year_has_not():
    budget = told(make_budget(stage="first"), basic=(100, 90))
    following = make_budget(stage="second", based_on=budget)
    copies.fill([following])
    copied = Execution.objects.get(budget=following)
    assert (copied.uid, copied.adjusted, copied.paid) == (Execution.objects.get(budget=budget).uid, 100, 90)
    assert not any(Execution in part.models for part in parts().values())


def test_what_changed_between_two_budgets_is_told():
    before = told(make_budget(stage="first"), basic=(100, 90))
    after = make_budget(stage="second", based_on=before)
    copies.fill([after])
    row = Execution.objects.get(budget=after)
    writing.write(after, [writing.Edit(Execution, row.uid, row.version, {"paid": Decimal(95)})], by=None, via="command")
    found = [(one.kind, one.row, one.field, one.old, one.new) for one in versions.row_differences(before, after)]
    assert found == [("上年预算执行", "基本支出", "执行数", 90, 95)]


def test_sums_have_their_parts_and_no_rate_of_nothing():
    rows = {one.label: one for one in execution.executed({"basic": (30000, 10000), "abroad": (0, 5)})}
    assert (rows["支出合计"].adjusted, rows["支出合计"].paid, rows["支出合计"].rate) == (30000, 10000, "33.33%")
    assert (rows["“三公”经费合计"].paid, rows["“三公”经费合计"].rate) == (5, "")
    assert rows["公务接待费"].rate == ""


def test_a_department_adds_its_units_up_and_says_how_many_have_filled_it_in():
    told(make_budget("566001"), basic=(100, 90), project=(50, 25))
    make_budget("566002")
    assert chart_of("566").title == "上年预算执行（2 个单位中的 1 个）"
    assert chart_of("566001").title == "上年预算执行"
    told(Budget.objects.get(unit__code="566002"), basic=(200, 160), reception=(3, 1))
    chart = chart_of("566")
    assert chart.title == "上年预算执行"
    assert [(one.label, one.values) for one in chart.slices] == [
        ("支出合计", (35000, 27500)),
        ("基本支出", (30000, 25000)),
        ("项目支出", (5000, 2500)),
        ("公务接待费", (300, 100)),
    ]
    whole = Execution.objects.filter(kind="basic").aggregate(Sum("paid"))["paid__sum"]
    assert whole == Decimal(250)


def test_a_chart_has_every_part_against_its_own_whole():
    told(make_budget(), basic=(100, 50), project=(40, 50), reception=(0, 1), abroad=(10, 0), vehicle_running=(0, 0))
    drawn = charts.drawn(chart_of("566001"), "元")
    assert drawn.title == "上年预算执行，单位：元"
    assert drawn.heads == ("项目", "调整预算数", "执行数", "执行率")
    assert [(*bar.words, bar.length, bar.whole) for bar in drawn.bars] == [
        ("支出合计", "140.00", "100.00", "71.43%", 571, 800),
        ("基本支出", "100.00", "50.00", "50.00%", 400, 800),
        ("项目支出", "40.00", "50.00", "125.00%", 1000, 800),
        ("“三公”经费合计", "10.00", "1.00", "10.00%", 80, 800),
        ("因公出国（境）费", "10.00", "0.00", "0.00%", 0, 800),
        ("公务接待费", "0.00", "1.00", "", 1000, 0),
    ]


def test_nothing_filled_in_is_no_chart_and_nothing_to_check():
    budget = make_budget()
    make_line(make_item(budget), 100)
    assert chart_of("566001").slices == ()
    report = checking.check(select(budget.unit, 2024))
    assert {one.rule.id: str(one.status) for one in report.results if one.rule.id in ("F10", "F11")} == {
        "F10": "not_applicable",
        "F11": "not_applicable",
    }


def test_more_paid_than_budgeted_is_a_warning_with_its_place():
    budget = told(make_budget(), basic=(100, Decimal("100.01")), project=(10, 10), reception=(111, 1))
    found = {one.finding.rule.id: one.finding for one in checking.check(select(budget.unit, 2024)).warnings}
    row = Execution.objects.get(kind="basic")
    assert found["F10"].message == "上年基本支出执行数 0.010001 万元，大于调整预算数 0.01 万元"
    assert (found["F10"].left.value, found["F10"].right.value) == (10001, 10000)
    assert found["F10"].spots[0].key == ("facts", "execution", str(row.uid))
    assert "调整预算数" in found["F11"].message and (found["F11"].left.value, found["F11"].right.value) == (
        11100,
        11000,
    )


def test_a_book_asks_no_question_more_for_it():
    told(make_budget(), basic=(100, 90))
    selection = select(Unit.objects.get(code="566001"), 2024)
    asked = []
    for more in ((), charts.SOURCES):
        with CaptureQueriesContext(connection) as queries:
            read_book(selection, more=more)
        asked.append(len(queries))
    assert asked[0] == asked[1]
