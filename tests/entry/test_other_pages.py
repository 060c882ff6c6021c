"""Income, the department's goals, and the facts for the text."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from budget.models import AssetHolding, Duty, IncomeEstimate, LastYearFigure, ProcurementLine, Reason, Staffing
from performance.models import DepartmentGoal, DepartmentIndicator
from tests.entry.pages import AT
from tests.factories import fingerprint, make_budget, make_item, make_line

PAGES = ("income/", "facts/", "performance/")


@pytest.mark.parametrize("path", PAGES)
def test_saving_what_was_opened_changes_nothing(open_page, path):
    page = open_page(path)
    before = fingerprint()
    page.saved()
    assert fingerprint() == before


@pytest.mark.parametrize("path", PAGES)
def test_who_may_only_look_cannot_write(open_page, outsider, strange, path):
    page = open_page(path, "shenhe")
    before = fingerprint()
    assert page.post().status == 403
    assert outsider.get(AT + path).status_code == 404
    assert page.client.get(f"/777001/2024/second/{path}").status_code == 404
    assert fingerprint() == before


@pytest.mark.parametrize("path", PAGES)
def test_a_page_asks_few_questions(clerk, budget, path):
    with CaptureQueriesContext(connection) as asked:
        assert clerk.get(AT + path).status_code == 200
    assert len(asked) <= 20


def test_income_follows_from_the_lines_and_from_estimates(open_page, budget):
    make_line(make_item(budget, "食堂", "22"), 50000, fund="39")
    page = open_page("income/")
    page["收入测算，第1行", "资金性质"] = "39"
    page["收入测算，第1行", "金额"] = "7"
    page["收入测算，第1行", "测算依据"] = "上年实际收入"
    after = page.saved()
    assert IncomeEstimate.objects.get().amount == Decimal(70000)
    assert '<td class="num">2.00</td>' in after.text
    after["收入测算，第1行", "金额"] = "4"
    assert "收入不足 -1.00" in after.saved().text


def test_a_fund_estimated_twice_is_refused_at_its_row(open_page, budget):
    page = open_page("income/")
    page = page.post(add="estimates")
    for row in ("第1行", "第2行"):
        page[f"收入测算，{row}", "资金性质"] = "39"
        page[f"收入测算，{row}", "金额"] = "7"
    assert "该资金性质的收入已测算。" in page.post().summary


def test_facts_are_entered(open_page, budget):
    page = open_page("facts/")
    page["实有人数"] = "16"
    page["国有资产占用，车辆", "数量"] = "2"
    page["国有资产占用，车辆", "价值"] = "30.5"
    page["上年数，基本支出", "上年预算数"] = "200"
    page["变动原因，公务接待费", "变动原因"] = ""
    page["主要职责，第1行", "序"] = ""
    page = page.post(add="procurement").post(add="duties")
    page["政府采购，第1行", "采购类别"] = "goods"
    page["政府采购，第1行", "采购品目"] = "台式计算机"
    page["政府采购，第1行", "数量"] = "10"
    page["政府采购，第1行", "金额"] = "5"
    page["主要职责，第15行", "，职责"] = "新的一条"
    wrong = page.post()
    assert "请填写上年数的来源" in wrong.summary and wrong["实有人数"] == "16"
    wrong["上年数，基本支出", "来源"] = "2023年度部门预算"
    after = wrong.saved()
    assert Staffing.objects.get().in_office == 16
    vehicles = AssetHolding.objects.get(kind="vehicles")
    assert (vehicles.number, vehicles.value) == (2, Decimal(305000))
    assert LastYearFigure.objects.get(column="basic.total").amount == Decimal(2000000)
    assert not Reason.objects.filter(topic="reception").exists()
    assert "须说明" in after.text
    assert ProcurementLine.objects.get().quantity == 10
    assert [duty.text for duty in Duty.objects.all()][-2].startswith("贯彻执行国家")
    after["国有资产占用，车辆", "数量"] = ""
    after["国有资产占用，车辆", "价值"] = ""
    after.saved()
    vehicles.refresh_from_db()
    assert (vehicles.number, vehicles.value) == (0, 0)


def test_what_was_said_last_year_stands_beside_the_reason(open_page, budget):
    before = make_budget("566001", year=2023)
    Reason.objects.create(budget=before, topic="reception", text="2023年减少接待批次")
    assert "上年：2023年减少接待批次" in open_page("facts/").text


def test_two_people_fill_in_the_same_reason_and_choose(open_page, budget):
    Reason.objects.filter(topic="reception").delete()
    mine, theirs = open_page("facts/"), open_page("facts/", "guanli")
    theirs["变动原因，公务接待费", "变动原因"] = "他人的话"
    theirs.saved()
    mine["变动原因，公务接待费", "变动原因"] = "我的话"
    answer = mine.post()
    assert answer.status == 409 and "他人的话" in answer.text
    assert Reason.objects.get(topic="reception").text == "他人的话"


def test_the_provinces_rows_are_filled_in_by_a_button(open_page, budget):
    DepartmentIndicator.objects.filter(level_1="投入管理指标").delete()
    page = open_page("performance/")
    assert "填入投入管理指标模板（19 项）" in page.text
    page["年度履职目标，第1行", "，年度履职目标"] = "一、新的目标"
    filled = page.post(add="template")
    assert filled.status == 200 and not DepartmentIndicator.objects.filter(level_1="投入管理指标").exists()
    after = filled.saved()
    assert DepartmentIndicator.objects.filter(level_1="投入管理指标").count() == 19
    assert DepartmentGoal.objects.first().text == "一、新的目标"
    assert "填入投入管理指标模板" not in after.text
