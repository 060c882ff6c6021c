"""下一步: by role and state; deadlines; bars; units and how far they are."""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from budget.models import Budget, CampaignStage, DraftRow, Execution, Item, Reason, Staffing
from organisation.models import Membership
from performance.models import DepartmentGoal, ProjectGoal, ProjectIndicator
from tests.factories import make_budget, make_item, make_line, make_user
from tests.web.conftest import AT


def gaps(client, at=AT):
    return [gap.text for gap in client.get(at).context["next"].gaps]


def test_what_is_missing_is_named_with_where_to_mend_it(clerk, budget):
    assert gaps(clerk) == ["上年数未填：基本支出、项目支出", "6 个项目没有绩效目标"]
    goals = next(gap for gap in clerk.get(AT).context["next"].gaps if "绩效目标" in gap.text)
    assert (len(goals.named), goals.more) == (3, 3)
    DraftRow.objects.create(budget=budget, cells={})
    make_item(budget, "没有钱的项目", "3")
    for model in (Staffing, DepartmentGoal):
        model.objects.filter(budget=budget).delete()
    Reason.objects.filter(budget=budget, topic="total").delete()
    ProjectIndicator.objects.filter(item__budget=budget, item__name="科技经费").delete()
    found = gaps(clerk)
    assert [text for text in found if text not in ("上年数未填：基本支出、项目支出",)] == [
        "基本支出有 1 行未完成，不能送审",
        "1 个项目没有安排金额",
        "没有填写人员情况（编制、实有人数）",
        "支出总计比上年增加 150.79（62.12%）（万元），没有写原因",
        "7 个项目没有绩效目标",
        "2 个项目没有绩效指标",
        "部门整体没有年度目标",
    ]
    for gap in clerk.get(AT).context["next"].gaps:
        for url in (gap.url, *(link.url for link in gap.named)):
            assert clerk.get(url).status_code == 200


def test_a_complete_draft_is_ready(clerk, budget):
    last = make_budget("566001", year=2023)
    make_line(make_item(last), 100)
    for item in Item.objects.of(budget).projects():
        ProjectGoal.objects.get_or_create(item=item, defaults={"text": "目标"})
    for topic in Reason.Topic.values:
        Reason.objects.get_or_create(budget=budget, topic=topic, defaults={"text": "原因"})
    found = clerk.get(AT).context["next"]
    assert found.gaps == [] and "填报已完整" in found.text


@pytest.mark.parametrize(
    ("username", "words"),
    [("jingban", "送审之前还有 2 件事"), ("shenhe", "送审后由您审核"), ("jixiao", "单位正在编制。目前还缺 2 项")],
)
def test_each_role_is_told_its_own(client_of, username, words):
    assert words in client_of(username).get(AT).context["next"].text


@pytest.mark.parametrize(
    ("state", "clerk_reads", "reviewer_reads"),
    [
        ("submitted", "正在等待审核，暂时不能修改", "再决定通过或退回"),
        ("passed", "等待批复", "等待批复"),
        ("returned", "已被退回", "已被退回"),
        ("withdrawn", "已由单位撤回", "已由单位撤回"),
    ],
)
def test_a_frozen_budget_says_what_it_waits_for(budget, client_of, state, clerk_reads, reviewer_reads):
    Budget.objects.filter(pk=budget.pk).update(state=state, submitted=timezone.now())
    assert clerk_reads in client_of("jingban").get(AT).context["next"].text
    assert reviewer_reads in client_of("shenhe").get(AT).context["next"].text


def test_an_approved_budget_names_its_document(client_of):
    other = make_budget("566002", stage="approved", document_number="焦财预〔2024〕1号", document_date=date(2024, 2, 1))
    Budget.objects.filter(pk=other.pk).update(state="approved")
    text = client_of("zhuguan").get("/566002/2024/approved/").context["next"].text
    assert text == "已批复：焦财预〔2024〕1号，2024年2月1日。"


def test_an_empty_budget_begins_with_five_steps(budget, client):
    make_budget("566002")
    client.force_login(make_user("clerk", "566002"))
    response = client.get("/566002/2024/second/")
    steps = response.context["next"].steps
    assert len(steps) == 5 and [step.is_done for step in steps] == [True, False, False, False, False]
    for address in [step.url for step in steps if step.url] + [url for step in steps for _, url in step.more]:
        assert client.get(address).status_code == 200
    reader = make_user("reviewer", "566002")
    client.force_login(reader)
    assert "还没有开始填报" in client.get("/566002/2024/second/").context["next"].text


@pytest.mark.parametrize(
    ("opens", "due", "words"),
    [
        (None, None, "未定截止日期"),
        (3, 9, "3 天后开始"),
        (-3, 9, "还有 9 天"),
        (-3, 0, "今天截止"),
        (-9, -3, "已逾期 3 天"),
    ],
)
def test_deadlines_say_what_is_left(db, client, opens, due, words):
    today = timezone.localdate()
    budget = make_budget("566001", year=today.year)
    days = {"opens": opens, "due": due}
    dates = {name: None if value is None else today + timedelta(value) for name, value in days.items()}
    CampaignStage.objects.filter(campaign=budget.campaign, code="second").update(**dates)
    client.force_login(make_user("clerk", "566001"))
    response = client.get(f"/566001/{today.year}/second/")
    here = next(one for one in response.context["deadlines"] if one.is_here)
    assert here.words == words and here.is_late == (due == -3)
    assert words in response.text


def test_a_year_that_is_over_is_not_late(clerk):
    assert [one.words for one in clerk.get(AT).context["deadlines"]] == ["已截止", "已截止"]


def test_bars_add_up_and_lead_to_their_lines(clerk, budget):
    charts = {one.key: one for one in clerk.get(AT).context["charts"]}
    assert list(charts) == ["function", "project", "part", "economic", "totals", "three_public"]
    functions, projects = charts["function"].bars, charts["project"].bars
    assert [(bar.label, bar.words[0], bar.length) for bar in functions] == [
        ("科学技术", "344.53", 1000),
        ("社会保障和就业", "23.88", 69),
        ("卫生健康", "8.62", 25),
        ("住房保障支出", "16.49", 47),
    ]
    for key, whole in (("function", "393.52"), ("part", "393.52"), ("economic", "393.52"), ("project", "193.00")):
        assert sum(Decimal(bar.words[0]) for bar in charts[key].bars) == Decimal(whole)
    table = clerk.get(functions[1].url).context["table"]
    assert table.total == Decimal("238800")
    for bar in (projects[0], *charts["part"].bars):
        assert clerk.get(bar.url).status_code == 200


def test_years_stand_beside_each_other(clerk):
    """The year before its bar, as on the public page; a share after it."""
    page = clerk.get(AT)
    charts = {one.key: one for one in page.context["charts"]}
    assert re.search(
        r'<td class="year">2024年</td><td class="bar"><svg .*?</svg></td><td class="num">393\.52</td>', page.text
    )
    assert re.search(
        r'</th><td class="bar"><svg .*?</svg></td><td class="num">344\.53</td><td class="num share">', page.text
    )
    assert [(bar.label, *bar.words, bar.continues) for bar in charts["totals"].bars] == [
        ("支出总计", "2023年", "242.73", False),
        ("支出总计", "2024年", "393.52", True),
        ("基本支出", "2023年", "不详", False),
        ("基本支出", "2024年", "200.52", True),
        ("项目支出", "2023年", "不详", False),
        ("项目支出", "2024年", "193.00", True),
    ]
    assert [bar.label for bar in charts["three_public"].bars] == ["“三公”经费"] * 2 + ["公务接待费"] * 2


def test_last_years_execution_is_drawn_where_it_was_filled_in(clerk, budget):
    assert "上年预算执行" not in clerk.get(AT).text
    rows = [("basic", "1957300", "1931245.67"), ("reception", "7000", "2200")]
    for kind, adjusted, paid in rows:
        Execution.objects.create(budget=budget, kind=kind, adjusted=Decimal(adjusted), paid=Decimal(paid))
    page = clerk.get(AT)
    chart = page.context["charts"][-1]
    assert (chart.key, chart.heads) == ("execution", ("项目", "调整预算数", "执行数", "执行率"))
    assert [(bar.label, *bar.words) for bar in chart.bars] == [
        ("基本支出", "195.73", "193.12", "98.67%"),
        ("公务接待费", "0.70", "0.22", "31.43%"),
    ]
    html = page.text.partition('id="chart-execution"')[2].partition("</table>")[0]
    assert '<th scope="col" class="num">调整预算数</th>' in html and 'class="unseen"><tr>' not in html
    assert re.search(r'class="whole" width="1000".*?<rect width="314"', html)


def test_many_projects_end_in_one_bar(db, client):
    budget = make_budget("566001")
    for at in range(13):
        make_line(make_item(budget, f"项目{at:02}", "3"), 100 * (at + 1), function="2060499")
    client.force_login(make_user("clerk", "566001", amount_unit="元"))
    bars = next(one.bars for one in client.get(AT).context["charts"] if one.key == "project")
    assert [bar.label for bar in bars][-2:] == ["项目03", "其余 3 个项目"]
    assert bars[-1].words[0] == "600.00"


def test_a_department_sees_how_far_its_units_are(budget, client_of):
    make_budget("566002", stage="first")
    other = make_budget("566003")
    make_line(make_item(other), 10_000)
    client = client_of("zhuguan")
    response = client.get("/566/2024/second/")
    rows = {row.record.organisation.code: row.record for row in response.context["units"].rows}
    assert (rows["566001"].line_count, rows["566001"].amount) == (40, Decimal(3_935_200))
    assert (rows["566002"].state, rows["566002"].url, rows["566002"].amount) == ("未编制", "", 0)
    assert rows["566003"].changed is not None
    assert response.context["next"].text == "3 个单位：2 个草稿，1 个未编制。"
    Budget.objects.filter(pk=other.pk).update(state="submitted", submitted=timezone.now())
    text = client.get("/566/2024/second/").context["next"].text
    assert text == "3 个单位：1 个草稿，1 个待审核，1 个未编制。请审核已送审的单位。"


def test_the_list_of_units_has_money_lines_and_the_last_change(strange, client_of):
    rows = {row.record.organisation.code: row.record for row in client_of("yusuan").get("/").context["table"].rows}
    assert (rows["566"].amount, rows["566"].line_count) == (Decimal(3_935_200), 40)
    assert (rows["777001"].amount, rows["777001"].line_count) == (Decimal(123_400), 1)
    assert rows["566"].changed == rows["566001"].changed is not None
    text = client_of("yusuan").get("/?format=csv").content.decode("utf-8-sig")
    assert "393.52" in text and text.count("\n") == 5


def test_a_person_of_two_units_sees_both_and_no_third(strange, client):
    user = make_user("clerk", "566001")
    Membership.objects.create(user=user, unit=make_budget("777002").unit, role="reviewer", starts=date(2020, 1, 1))
    client.force_login(user)
    codes = [row.record.organisation.code for row in client.get("/").context["table"].rows]
    assert codes == ["566001", "777002"]
