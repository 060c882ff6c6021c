"""控制数: refused, told or ignored by every way in; a department's is not used up twice; split, never above."""

import io
import threading
from contextlib import suppress
from decimal import Decimal

import openpyxl
import pytest
from django.db import connection, connections
from django.test import Client

from budget import control_issue, controls, writing
from budget.control_issue import NotIssued, Wanted
from budget.models import Budget, Campaign, ControlNumber, DepartmentEconomicClass, Item, Line
from organisation.roles import Role
from records.models import ChangeRecord
from tests.cycle.world import People, fresh, make_filled
from tests.factories import make_budget, make_item, make_line, make_user


@pytest.fixture
def budget(db):
    """A draft of 1,000 元 in one line."""
    return make_filled(amount=1000)


def control(budget, amount, *, unit=None, **fields):
    stage = budget.campaign.stages.get(code=budget.stage)
    row = {"kind": "total", "fund": "", **fields}
    return ControlNumber.objects.create(stage=stage, unit=unit or budget.unit, amount=amount, **row)


def raise_to(budget, amount):
    line = Line.objects.of(budget).order_by("pk").first()
    edit = writing.Edit(Line, line.uid, line.version, {"amount": Decimal(amount)})
    return writing.write(budget, [edit], by=None, via="form")


def test_stop_refuses_and_writes_nothing(budget):
    control(budget, 1500)
    raise_to(budget, 1500)
    with pytest.raises(writing.Refused, match=r"超过控制数：支出合计控制数 0\.15 万元，已安排 0\.16 万元"):
        raise_to(fresh(budget), 1600)
    assert Line.objects.of(budget).get().amount == 1500
    with pytest.raises(writing.Refused):
        make_line(Item.objects.of(budget).get(), 100, economic="30202")


def test_warn_lets_pass_and_says_so(budget):
    Campaign.objects.update(control_mode="warn")
    control(budget, 1500)
    written = raise_to(fresh(budget), 1600)
    assert written.notices == ["超过控制数：支出合计控制数 0.15 万元，已安排 0.16 万元，超出 0.01 万元。"]
    assert raise_to(fresh(budget), 1500).notices == []


def test_ignore_says_nothing(budget):
    Campaign.objects.update(control_mode="ignore")
    control(budget, 1)
    assert raise_to(fresh(budget), 1600).notices == []


def test_what_lowers_an_excess_is_never_in_the_way(budget):
    control(budget, 500)
    raise_to(budget, 900)
    assert Line.objects.of(budget).get().amount == 900


@pytest.mark.parametrize(
    ("scope", "is_counted"),
    [
        ({"kind": "basic"}, True),
        ({"kind": "project"}, False),
        ({"kind": "total", "fund": "11"}, True),
        ({"kind": "total", "fund": "12"}, False),
        ({"kind": "three_public"}, False),
    ],
)
def test_a_number_counts_its_scope_only(budget, scope, is_counted):
    control(budget, 1000, **scope)
    assert controls.quotas(budget)[0].used == (1000 if is_counted else 0)


def test_three_public_money_is_counted_by_class(budget):
    limit = control(budget, 500, kind="three_public")
    item = Item.objects.of(budget).get()
    make_line(item, 500, economic="30217")
    with pytest.raises(writing.Refused, match="“三公”经费"):
        make_line(item, 100, economic="30231")
    ControlNumber.objects.filter(pk=limit.pk).delete()
    make_line(item, 100, economic="30231")


def test_changing_a_category_is_held_to_the_numbers_too(budget):
    control(budget, 0, kind="project")
    item = Item.objects.of(budget).get()
    with pytest.raises(writing.Refused, match="项目支出"):
        writing.write(budget, [writing.Edit(Item, item.uid, 1, {"category": "3"})], by=None, via="form")


def test_money_brought_over_is_not_counted(budget):
    control(budget, 1000)
    make_line(Item.objects.of(budget).get(), 900, economic="30202", carried_over=True)


def test_a_department_s_number_holds_all_its_units_together(budget):
    other = make_filled("566002", amount=400)
    control(budget, 1500, unit=budget.unit.parent)
    raise_to(budget, 1100)
    with pytest.raises(writing.Refused, match="（部门）支出合计"):
        raise_to(other, 500)


# ---- races: real threads, real transactions


def _race(jobs):
    """Run the jobs at once, each on a connection of its own; what each of them came to."""
    start, results = threading.Barrier(len(jobs)), [None] * len(jobs)

    def run(at, job):
        try:
            start.wait(10)
            results[at] = job() or True
        except writing.Refused:
            results[at] = False
        except Exception as error:
            results[at] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=one) for one in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


@pytest.mark.django_db(transaction=True)
def test_units_that_draw_from_one_quota_at_once_never_exceed_it():
    budgets = [make_filled(f"5660{number:02}", amount=100) for number in range(1, 7)]
    control(budgets[0], 1000, unit=budgets[0].unit.parent)
    results = _race([lambda one=one: raise_to(one, 200) for one in budgets])
    assert sorted(results, key=str).count(False) == 2
    assert all(one is False or bool(one) for one in results) and not any(isinstance(o, Exception) for o in results)
    used = sum(line.amount for line in Line.objects.of(*budgets))
    assert used == 1000


@pytest.mark.django_db(transaction=True)
def test_without_holding_the_numbers_they_are_exceeded(monkeypatch):
    """The negative control of the race: reads that do not wait let everybody through (PostgreSQL)."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time")
    budgets = [make_filled(f"5660{number:02}", amount=100) for number in range(1, 7)]
    control(budgets[0], 1000, unit=budgets[0].unit.parent)
    meet = threading.Barrier(6)

    def not_held(budget):
        return list(controls.of(budget).select_related("unit"))

    real = controls.used_of

    def slow(found, budget):
        sums = real(found, budget)
        with suppress(threading.BrokenBarrierError):
            meet.wait(2)
        return sums

    monkeypatch.setattr(controls, "held", not_held)
    monkeypatch.setattr(controls, "used_of", slow)
    _race([lambda one=one: raise_to(one, 200) for one in budgets])
    assert sum(line.amount for line in Line.objects.of(*budgets)) > 1000


@pytest.mark.django_db(transaction=True)
def test_two_lines_each_valid_alone_are_not_both_written():
    budget = make_filled(amount=1000)
    control(budget, 1500)
    item = Item.objects.of(budget).get()
    codes = [
        DepartmentEconomicClass.objects.get(edition=budget.campaign.edition_id, code=c) for c in ("30202", "30203")
    ]
    line = Line.objects.of(budget).get()

    def add(code):
        row = Line(
            item=Item.objects.get(pk=item.pk),
            function=line.function,
            economic=code,
            government=line.government,
            fund=line.fund,
            amount=Decimal(400),
        )
        return writing.write(Budget.objects.get(pk=budget.pk), [writing.Add(row)], by=None, via="grid")

    results = _race([lambda code=code: add(code) for code in codes])
    assert results.count(False) == 1
    assert sum(one.amount for one in Line.objects.of(budget)) == 1400


# ---- issued and split


def stage_of(budget):
    return budget.campaign.stages.get(code=budget.stage)


def test_a_department_splits_what_it_has_and_no_more(budget):
    people = People(budget.unit)
    other = make_filled("566002").unit
    finance, department = people[Role.FINANCE_BUDGET], people[Role.DEPARTMENT]
    top = budget.unit.parent
    assert control_issue.issue(stage_of(budget), [Wanted(top, "", "total", Decimal(5000))], by=finance) == (1, 0)
    wanted = [Wanted(budget.unit, "", "total", Decimal(3000)), Wanted(other, "", "total", Decimal(2000))]
    assert control_issue.issue(stage_of(budget), wanted, by=department) == (2, 0)
    with pytest.raises(NotIssued, match=r"超出 0\.05 万元"):
        control_issue.issue(stage_of(budget), [Wanted(other, "", "total", Decimal(2500))], by=department)
    with pytest.raises(NotIssued, match="不能给"):
        control_issue.issue(stage_of(budget), [Wanted(top, "", "total", Decimal(9000))], by=department)
    with pytest.raises(NotIssued, match="不能给"):
        control_issue.issue(stage_of(budget), wanted, by=people[Role.CLERK])
    with pytest.raises(NotIssued, match="超过部门控制数"):
        control_issue.issue(stage_of(budget), [Wanted(top, "", "total", Decimal(100))], by=finance)
    changes = ChangeRecord.objects.filter(chain="controls")
    assert [(one.action, one.by_name) for one in changes] == [
        ("add", "财政预算处"),
        ("add", "主管部门"),
        ("add", "主管部门"),
    ]


def test_numbers_come_back_from_the_file_that_was_given_out(budget):
    finance = make_user(Role.FINANCE_BUDGET)
    control(budget, 5_000_000)
    client = Client()
    client.force_login(finance)
    at = "/566/2024/second/controls/"
    content = client.get(f"{at}?format=xlsx").content
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book.active
    assert [cell.value for cell in sheet[2]][:5] == ["566001", "测试单位566001", "支出合计", "全部资金", 500]
    same = client.post(f"{at}upload/", {"file": _file(book)}, follow=True)
    assert "已从文件下达 0 个控制数" in same.text
    sheet["E2"] = 612.34
    sheet.append(["566001", "", "“三公”经费", "一般公共预算", 3])
    client.post(f"{at}upload/", {"file": _file(book)})
    assert dict(ControlNumber.objects.values_list("kind", "amount")) == {
        "total": Decimal("6123400"),
        "three_public": Decimal(30000),
    }
    sheet["A2"], sheet["C4"], sheet["E4"] = "999999", "不知道", "3O"
    wrong = client.post(f"{at}upload/", {"file": _file(book)})
    assert wrong.status_code == 422
    assert "第2行：没有单位“999999”" in wrong.text and "第4行：控制范围“不知道”不正确" in wrong.text
    assert wrong.text.count("第4行：") == 2  # all that is wrong with a row


def test_who_has_no_number_yet_has_a_row_to_fill_in(budget):
    client, at = Client(), "/566/2024/second/controls/"
    client.force_login(make_user(Role.FINANCE_BUDGET))
    assert 'href="?format=xlsx"' in client.get(at).text
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"{at}?format=xlsx").content))
    rows = {row[0].value: row[0].row for row in book.active.iter_rows(min_row=2)}
    assert {"566", "566001"} <= set(rows)
    book.active.cell(rows["566001"], 5, 12.5)
    client.post(f"{at}upload/", {"file": _file(book)})
    assert dict(ControlNumber.objects.values_list("unit__code", "amount")) == {"566001": Decimal(125_000)}


def test_a_stage_without_numbers_shows_those_it_was_prepared_under(budget):
    control(budget, 5_000_000)
    client = Client()
    client.force_login(make_user(Role.FINANCE_BUDGET))
    assert client.get("/566001/2024/approved/controls/").status_code == 404  # there is no such budget
    make_budget(budget.unit, stage="adjusted-1")
    shown = client.get("/566001/2024/adjusted-1/controls/")
    assert [one["amount"] for one in shown.context["rows"]] == ["500.00"]


def _file(book):
    content = io.BytesIO()
    book.save(content)
    content.seek(0)
    content.name = "控制数.xlsx"
    return content


def test_the_form_saves_what_was_seen_and_tells_what_was_not(budget):
    finance = make_user(Role.FINANCE_BUDGET)
    row = control(budget, 5000)
    client = Client()
    client.force_login(finance)
    at = "/566001/2024/second/controls/"
    posted = {f"amount-{row.pk}": "0.60", f"seen-{row.pk}": "1", "unit_shown": "万元"}
    assert client.post(at, posted).status_code == 302
    row.refresh_from_db()
    assert row.amount == 6000
    stale = client.post(at, {**posted, f"amount-{row.pk}": "0.70"})
    assert stale.status_code == 422 and "已被他人改为 0.60 万元" in stale.text
    make_item(budget, "x")
