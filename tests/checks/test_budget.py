"""The check of a budget in the system: the demonstration, explanations, pages, commands, what stands in the way."""

import json
from dataclasses import replace
from io import BytesIO, StringIO

import openpyxl
import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from budget import checking, cycle, explaining, writing
from budget.books import select
from budget.checked_forms import HEADING, report_rows
from budget.models import Budget, Duty, Explanation, Line, Staffing
from budget.reporting import rules
from budget.reporting.rules import Severity, Status
from organisation.models import Unit, User
from records.models import ChangeRecord, Job
from tests import beginnings
from tests.factories import make_user

AT = "/566001/2024/second/checks/"

pytestmark = pytest.mark.django_db

# what the published document has and a correct system still has: rule → how many findings
EXPECTED_WARNINGS = {
    "G02": 7,  # no cost indicator in any of seven projects
    "G04": 5,  # the value repeats the name
    "G05": 1,  # 及时率 is no percentage
    "G07": 1,  # one formula noted under two indicators
    "L09": 1,  # 职业年金 under 2080599
    "N06": 4,  # 文号 typed four ways
}


@pytest.fixture
def demo():
    return beginnings.demonstration()


def report(of: str = "566001"):
    return checking.check(select(Unit.objects.get(code=of), 2024))


def warning(of: str = "566001", rule: str = "L09"):
    return next(one for one in report(of).checked if one.finding.rule.id == rule)


# ---- the demonstration


@pytest.mark.parametrize("code", ["566", "566001"])
def test_the_demonstration_has_no_error_and_the_warnings_that_are_true(demo, code):
    found = report(code)
    assert found.errors == []
    counted: dict[str, int] = {}
    for one in found.warnings:
        counted[one.finding.rule.id] = counted.get(one.finding.rule.id, 0) + 1
    assert counted == EXPECTED_WARNINGS
    assert {one.status for one in found.results} == {Status.PASSED, Status.FAILED, Status.NOT_APPLICABLE}
    assert all(one.outcome.reason for one in found.results if one.status is Status.NOT_APPLICABLE)


def test_rules_never_query(demo):
    selection = select(Unit.objects.get(code="566001"), 2024)
    book = checking.read_for(selection)
    lists = {**book.lists, "compared": checking.compared(book, selection)}
    with CaptureQueriesContext(connection) as asked:
        found = rules.run(checking.matter_of(book, lists))
    assert len(found) == len(rules.catalogue())
    assert asked.captured_queries == []


def test_an_error_stands_in_the_way_and_goes_with_its_cause(demo):
    assert checking.obstacles(demo) == []
    posts = Staffing.objects.get()
    writing.write(demo, [writing.Edit(Staffing, posts.uid, posts.version, {"administrative": 18})], by=None, via="form")
    (obstacle,) = checking.obstacles(Budget.objects.get())
    assert obstacle.finding.rule.id == "F02" and "18" in str(obstacle)
    posts.refresh_from_db()
    writing.write(demo, [writing.Edit(Staffing, posts.uid, posts.version, {"administrative": 7})], by=None, via="form")
    assert checking.obstacles(Budget.objects.get()) == []


def test_a_department_is_checked_unit_by_unit(demo):
    ((budget, found),) = checking.check_units(select(Unit.objects.get(code="566"), 2024))
    assert budget == demo and len(found.warnings) == sum(EXPECTED_WARNINGS.values())


# ---- explanations


def explain(budget, one, reason="按上级主管部门统一规定的口径编列"):
    return explaining.explain(budget, one, reason, by=User.objects.get(username="jingban"))


def test_a_warning_is_explained_once_and_stays_so_while_its_figures_do(demo):
    explain(demo, warning())
    again = warning()
    assert not again.is_open and again.explanation.by == "王经办"
    assert next(one for one in report().results if one.rule.id == "L09").status is Status.EXPLAINED
    assert report().counts["explained"] == 1
    record = ChangeRecord.objects.filter(subject="budget.explanation").get()
    assert record.by_name == "王经办" and record.after["rule"] == "L09"


def test_an_explanation_lapses_when_the_figures_change(demo):
    explain(demo, warning())
    line = Line.objects.get(economic__code="30109")
    edit = writing.Edit(Line, line.uid, line.version, {"amount": line.amount + 100})
    writing.write(Budget.objects.get(), [edit], by=None, via="form")
    lapsed = warning()
    assert lapsed.is_open and lapsed.lapsed.reason.startswith("按上级")
    explain(Budget.objects.get(), lapsed, "金额已重新核对，仍按统一口径编列")
    assert not warning().is_open
    assert Explanation.objects.count() == 1


def test_an_error_is_not_explained_away_and_a_reason_has_ten_characters(demo):
    with pytest.raises(explaining.NotExplainable, match="10个字"):
        explain(demo, warning(), "口径如此")
    posts = Staffing.objects.get()
    writing.write(demo, [writing.Edit(Staffing, posts.uid, posts.version, {"administrative": 18})], by=None, via="form")
    with pytest.raises(explaining.NotExplainable, match="必须改正"):
        explain(demo, warning(rule="F02"))
    assert not Explanation.objects.exists()


def test_a_frozen_budget_takes_no_explanation(demo):
    one = warning()
    Budget.objects.update(state="submitted", submitted="2024-01-10T00:00Z")
    with pytest.raises(writing.Locked):
        explain(Budget.objects.get(), one)


# ---- pages


@pytest.fixture
def clerk(client, demo):
    client.force_login(User.objects.get(username="jingban"))
    return client


def test_the_page_shows_both_sides_and_leads_to_the_place(clerk):
    page = clerk.get(AT).content.decode()
    assert "没有错误。有 19 处警告" in page
    assert "职业年金（30109）通常列 2080506，现列 2080599" in page
    assert "/566001/2024/second/basic/#line?function=2080599&amp;economic=30109&amp;" in page


def test_who_may_only_look_is_led_to_the_list(demo, client):
    client.force_login(make_user("reviewer", Unit.objects.get(code="566")))
    page = client.get(AT).content.decode()
    place = next(one for one in page.split('href="') if one.startswith("/566001/2024/second/lines/?item="))
    lines = client.get(place.split('"')[0].replace("&amp;", "&"))
    assert lines.status_code == 200 and "职业年金" in lines.content.decode()


def test_a_warning_is_explained_on_the_page(clerk):
    finding = warning().finding
    posted = {"rule": "L09", "subject": finding.subject, "digest": finding.digest, "show": "warning"}
    answer = clerk.post(AT, {**posted, "words": "本县统一列2080599，已与财政核对"}, follow=True)
    assert "已说明" in answer.content.decode()
    assert not warning().is_open
    answer = clerk.post(AT, {**posted, "digest": "0" * 32, "words": "本县统一列2080599，已与财政核对"}, follow=True)
    assert "已经变化" in answer.content.decode()
    shown = clerk.get(f"{AT}?show=explained").content.decode()
    assert "本县统一列2080599" in shown


def test_warnings_of_a_rule_are_explained_at_once_and_only_those_that_were_seen(clerk):
    waiting = explaining.open_of(report().checked, "G02")
    posted = {"every": "1", "rule": "G02", "digest": explaining.digest_of(waiting), "words": "下达文件没有规定成本指标"}
    page = clerk.get(AT).content.decode()
    assert "以上 7 处一并说明" in page and posted["digest"] in page and "以上 1 处" not in page
    answer = clerk.post(AT, {**posted, "digest": explaining.digest_of(waiting[1:])}, follow=True)
    assert "已经变化" in answer.content.decode() and not Explanation.objects.exists()
    assert "已说明等 7 处" in clerk.post(AT, posted, follow=True).content.decode()
    assert set(Explanation.objects.values_list("rule", "reason")) == {("G02", "下达文件没有规定成本指标")}
    assert Explanation.objects.count() == 7 and not explaining.open_of(report().checked, "G02")
    assert ChangeRecord.objects.filter(subject="budget.explanation").count() == 7


def test_a_budget_is_not_submitted_until_every_warning_is_explained(clerk, demo):
    """Errors block, hints do not, a warning is written about first: in the writer of states, so by every path."""
    at = "/566001/2024/second/cycle/submit/"
    seen = {"seen": f"{demo.uid}:draft:0"}
    refused = clerk.post(at, seen)
    assert refused.status_code == 409
    assert "检查警告须改正或说明：G02 每个项目都有成本指标（7 处）" in refused.content.decode()
    assert report().counts["hint"]  # of which nothing is said
    explaining.explain_all(demo, report().warnings[1:], explaining.REASONS[0], by=None)
    (left,) = report().warnings
    with pytest.raises(cycle.Refused, match=f"^检查警告须改正或说明：{left.finding.rule.id}[^；]*$"):
        cycle.submit(Budget.objects.get(), by=User.objects.get(username="jingban"))
    explain(Budget.objects.get(), left)
    assert clerk.post(at, seen).status_code == 302
    assert Budget.objects.get().state != "draft"


def test_a_warning_of_the_text_stays_explained_while_its_own_words_do(demo):
    """The paragraph around it has other figures the next day: they are not what was explained."""
    Duty.objects.all().update(text="负责（职责待填写）。")
    before = next(one.finding for one in report().checked if one.finding.rule.id == "T04")
    after = replace(before, left=before.left._replace(value="另一段文字 1.00万元"))
    assert after.digest == before.digest != replace(before, message="另一处").digest


def test_a_reviewer_sees_the_explanation_and_may_not_write_one(client, demo):
    explain(demo, warning())
    client.force_login(User.objects.get(username="shenhe"))
    page = client.get(f"{AT}?show=explained").content.decode()
    assert "按上级主管部门" in page and "保存说明" not in page
    assert client.post(AT, {"rule": "L09"}).status_code == 403


def test_the_report_as_files(clerk):
    data = json.loads(clerk.get(f"{AT}?format=json").content)
    assert {one["status"] for one in data["rules"]} == {"passed", "failed", "not_applicable"}
    assert clerk.get(f"{AT}?format=xlsx").content[:2] == b"PK"
    assert json.loads(clerk.get(f"{AT}?format=count").content) == {"errors": 0, "warnings": 19}
    assert clerk.get(f"{AT}?format=doc").status_code == 404
    assert clerk.get(f"{AT}?show=nothing").status_code == 404
    assert clerk.get(f"{AT}?table=nothing").status_code == 404


def test_the_report_is_printed_on_its_side_and_signed(clerk):
    sheet = openpyxl.load_workbook(BytesIO(clerk.get(f"{AT}?format=xlsx").content)).active
    rows = list(sheet.values)
    assert rows[0] == HEADING and sheet.print_title_rows == "$1:$1" and "检查报告" in sheet.oddHeader.center.text
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize, sheet.page_setup.fitToHeight) == (
        "landscape",
        9,
        0,
    )
    assert [word for word in rows[-1] if word] == ["检查人", "复核人", "单位负责人", "日期"]
    assert len(rows) == len(report_rows(report())) + 2  # a blank row, and the one to sign in
    assert all(cell.alignment.wrap_text for row in sheet.iter_rows(max_row=9) for cell in row)


def test_a_tables_findings_stand_at_the_table(clerk):
    part = clerk.get(f"{AT}?table=projects&fragment=1").content.decode()
    assert "焦财预〔2023〕423号" in part and "通常列 2080506" not in part
    assert "本表的检查结果" in clerk.get("/566001/2024/second/tables/projects/").content.decode()


# ---- commands


def run(*arguments) -> tuple[int, str]:
    out = StringIO()
    try:
        call_command(*arguments, stdout=out)
    except SystemExit as ended:
        return ended.code, out.getvalue()
    return 0, out.getvalue()


def test_check_budget_tells_every_rule_and_ends_with_1_on_an_error(demo):
    code, text = run("check_budget", "--department", "566", "--year", "2024", "--json")
    data = json.loads(text)
    assert code == 0 and len(data["rules"]) == len(rules.catalogue())
    for one in data["rules"]:
        assert one["id"] and one["severity"] in list(Severity) and one["status"] in list(Status)
    finding = next(one for one in data["rules"] if one["id"] == "Y04")["findings"][0]
    assert finding["left"]["value"] == "400000.00" and finding["difference"] == "400000.00"
    assert finding["left"]["behind"][0]["source"] == "items"
    posts = Staffing.objects.get()
    writing.write(demo, [writing.Edit(Staffing, posts.uid, posts.version, {"administrative": 18})], by=None, via="form")
    code, text = run("check_budget", "--department", "566", "--year", "2024")
    assert code == 1 and "F02 错误" in text


# ---- the text


def test_the_text_is_checked_with_its_place(demo, client):
    client.force_login(User.objects.get(username="jingban"))
    assert {one.status for one in report().results if one.rule.id[0] == "T" or one.rule.id == "X23"} == {Status.PASSED}
    Duty.objects.all().update(text="负责（职责待填写）。")
    found = next(one for one in report().checked if one.finding.rule.id == "T04")
    assert found.severity is Severity.WARNING and found.finding.message.startswith("第一部分")
    assert b"/566001/2024/second/document/#part-1" in client.get(f"{AT}?show=warning").content


def test_a_set_without_text_makes_its_rules_not_applicable(demo, monkeypatch):
    monkeypatch.setattr("publication.document.wordings", dict)
    found = {one.rule.id: one for one in report().results}
    assert found["T04"].status is Status.NOT_APPLICABLE
    assert found["T04"].outcome.reason == "没有情况说明的文字"


# ---- many units


def test_a_department_is_checked_unit_by_unit_in_a_job(demo, client, monkeypatch):
    monkeypatch.setattr("django.db.transaction.on_commit", lambda work, **how: work())
    client.force_login(make_user(unit=Unit.objects.get(code="566")))
    assert "逐单位检查（1 个）" in client.get("/566/2024/second/checks/").content.decode()
    assert "逐单位检查" not in client.get(AT).content.decode()
    assert client.post(AT, {"units": "1"}).status_code == 404
    answer = client.post("/566/2024/second/checks/", {"units": "1"})
    job = Job.objects.get()
    assert answer.url == f"/jobs/{job.uid}/" and (job.state, job.done, job.total) == ("done", 1, 1)
    book = openpyxl.load_workbook(BytesIO(b"".join(client.get(f"{answer.url}result/").streaming_content)))
    _, row = book.worksheets[0].iter_rows(values_only=True)
    assert row[:4] == ("566001", demo.unit_name, 0, sum(EXPECTED_WARNINGS.values()))
    found = list(book.worksheets[1].iter_rows(values_only=True))
    assert len(found) - 1 == len(report().checked) and {line[0] for line in found[1:]} == {"566001"}
