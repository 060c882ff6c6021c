"""Costs are parts of lines: compared line by line, and put into the lines only before the person's eyes."""

from decimal import Decimal

from budget.models import Line
from performance.models import ProjectIndicator
from projects.models import CostDetail, cost
from tests.factories import fingerprint


def test_costs_are_multiplied_to_the_fen():
    assert cost(Decimal("0.33"), Decimal("0.05")) == Decimal("0.02")
    assert cost(Decimal("1000.00"), Decimal("3.01")) == Decimal("3010.00")


def test_costs_fill_their_lines_and_wait_for_saving(open_page, project):
    page = open_page(f"projects/{project.uid}/edit/")
    page["预算明细，第1行", "部门经济分类"] = "30201"
    page["预算明细，第1行", "政府经济分类"] = ""
    page = page.saved()
    for at, (economic, price) in enumerate((("30201", "20"), ("30201", "28"), ("30211", "2")), 1):
        page = page.post(add="costs")
        page[f"测算明细，第{at}行", "测算内容"] = f"第{at}项"
        page[f"测算明细，第{at}行", "数量"] = "1"
        page[f"测算明细，第{at}行", "单价"] = price
        page[f"测算明细，第{at}行", "部门经济分类"] = economic
    page = page.saved()
    assert "没有这条明细" in page.text and "-2.00" in page.text
    before = fingerprint()
    filled = page.post(add="from-costs")
    assert fingerprint() == before and "还没有保存" in filled.text
    assert "由 50.00 改为 48.00" in filled.text and "新增明细 2.00" in filled.text
    after = filled.saved()
    assert "按测算更新明细金额" not in after.text
    amounts = {line.economic.code: line.amount for line in Line.objects.filter(item=project)}
    assert amounts == {"30201": Decimal(480000), "30211": Decimal(20000)}
    assert CostDetail.objects.filter(item=project, economic__code="30201").count() == 2


def test_a_value_may_be_typed_in_one_field_and_keeps_its_wording(open_page, project):
    page = open_page(f"projects/{project.uid}/edit/")
    row = page.row("绩效指标，第1行", "指标值")
    page.fields.update({f"{row}-target": "不少于1,000本", f"{row}-operator": "", f"{row}-measure": ""})
    page = page.saved()
    stored = ProjectIndicator.objects.filter(item=project).first()
    assert (stored.operator, stored.target, stored.measure) == ("≥", "1000", "本")
    assert stored.printed == "不少于1,000本" and "不少于1,000本" in page.text
    page["绩效指标，第1行", "指标值"] = "1200"
    page.saved()
    stored.refresh_from_db()
    assert stored.printed == "≥1200本"


def test_a_value_is_read_while_it_is_typed(clerk):
    said = clerk.get("/indicator-value/", {"name": "宣传率", "target": "不低于95"}).json()
    assert (said["printed"], said["understood"], said["question"]) == ("不低于95", "≥ 95", "")
    assert len(said["hints"]) == 2
    assert "区间" in clerk.get("/indicator-value/", {"target": "1-3次"}).json()["question"]
