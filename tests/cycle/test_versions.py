"""Two budgets side by side: only what changed, with who, when and why."""

import io
from decimal import Decimal

import openpyxl
import pytest
from django.test import Client
from django.utils.timezone import localtime

from budget import cycle, versions, writing
from budget.models import Item, Line
from organisation.roles import Role
from tests.cycle.world import People, explained, fresh, make_filled, make_steps, newest
from tests.factories import make_budget, make_item, make_line

pytestmark = pytest.mark.django_db


@pytest.fixture
def returned():
    """A budget of three lines, returned, and its next draft, in which one amount, one row and one item changed."""
    budget = make_filled(amount=1000)
    project = make_item(budget, "专项", "3")
    make_line(project, 5000, function="2060499")
    make_line(Item.objects.of(budget).first(), 700, economic="30202")
    make_steps(budget.campaign)
    people = People(budget.unit)
    cycle.submit(explained(budget), by=people[Role.CLERK])
    cycle.return_(fresh(budget), by=people[Role.REVIEWER], reason="请压减")
    again = newest(budget)
    lines = {line.economic.code: line for line in Line.objects.of(again).select_related("economic")}
    item = Item.objects.of(again).projects().get()
    clerk = people[Role.CLERK]
    writing.write(
        again,
        [
            writing.Edit(Line, Line.objects.of(again).get(item=item).uid, 1, {"amount": Decimal(4000)}),
            writing.Edit(Item, item.uid, 1, {"name": "专项（压减后）"}),
            writing.Remove(Line, lines["30202"].uid, 1),
        ],
        by=clerk,
        via="form",
    )
    make_line(Item.objects.of(again).basic().get(), 300, economic="30207")
    return budget, again, people


def test_only_what_changed_is_told_with_who_and_how(returned):
    before, after, people = returned
    found = versions.row_differences(before, after)
    told = {(one.kind, one.row, one.action, one.field, one.old, one.new, one.change) for one in found}
    assert told == {
        ("预算明细", "专项（压减后） 2060499/30201", "修改", "金额", Decimal(5000), Decimal(4000), Decimal(-1000)),
        ("预算明细", "办公费 2060101/30202", "删除", "金额", Decimal(700), "", Decimal(-700)),
        ("预算明细", "办公费 2060101/30207", "新增", "金额", "", Decimal(300), Decimal(300)),
        ("项目", "专项（压减后）", "修改", "项目名称", "专项", "专项（压减后）", None),
    }
    edited = next(one for one in found if one.action == "修改")
    assert (edited.by, edited.via) == (str(people[Role.CLERK]), "页面录入")


def test_a_copy_differs_in_nothing():
    same = make_filled("566002")
    make_steps(same.campaign)
    make_line(Item.objects.of(same).get(), 900, economic="30202")
    cycle.submit(explained(same), by=People(same.unit)[Role.CLERK])
    cycle.return_(fresh(same), by=People(same.unit)[Role.REVIEWER], reason="x")
    assert versions.row_differences(same, newest(same)) == []
    assert versions.cell_differences(same, newest(same)) == []


def test_the_tables_tell_what_the_lines_do(returned):
    before, after, _ = returned
    found = versions.cell_differences(before, after)
    total = next(one for one in found if (one.number, one.column) == (1, "支出，金额"))
    assert total.change == -140000
    spent = [one for one in found if "支出预算" in one.table and one.row == "合计" and one.column == "合计"]
    assert [(one.old, one.new) for one in spent[:1]] == [(670000, 530000)]


def test_across_years_lines_are_matched_by_what_they_are():
    before, after = make_budget("566001", year=2023), make_budget("566001", year=2024)
    for budget, amount in ((before, 1000), (after, 1500)):
        item = make_item(budget, "办公费")
        make_line(item, amount)
        make_line(item, 200, economic="30202")
    found = versions.row_differences(before, after)
    assert [(one.row, one.old, one.new) for one in found] == [
        ("办公费 2060101/30201", Decimal(1000), Decimal(1500)),
    ]


def test_the_page_and_its_workbook(returned):
    before, after, people = returned
    client = Client()
    client.force_login(people[Role.DEPARTMENT])
    page = client.get("/566001/2024/second/compare/")
    assert page.context["before"] == before
    assert "请压减" in page.text and "专项（压减后）" in page.text and "4 处不同" in page.text
    tables = client.get("/566001/2024/second/compare/?part=tables")
    assert len(tables.context["cells"]) == len(versions.cell_differences(before, after))
    content = client.get("/566001/2024/second/compare/?with=2024/second/1&format=xlsx").content
    rows = list(openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True))
    assert len(rows) == 1 + 4 + len(tables.context["cells"])
    (renamed,) = (row for row in rows if row[1] == "项目 专项（压减后）")
    at = versions.row_differences(before, after)[0].at
    assert renamed[8:] == (localtime(at).strftime("%Y-%m-%d %H:%M"), "页面录入", "请压减")
    assert page.text.count("请压减") >= 3  # why beside each change, and at the head
