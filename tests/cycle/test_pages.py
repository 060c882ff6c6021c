"""The pages of the year as people of each role find them in each state."""

from decimal import Decimal

import pytest
from django.test import Client

from budget import cycle, writing
from budget.models import Budget, Campaign, Line, Transition
from organisation.roles import Role
from records.models import Comment, Notice
from tests.cycle.world import NUMBER, People, explained, fresh, make_filled, make_steps, newest, walk
from tests.factories import make_line, make_unit

pytestmark = pytest.mark.django_db
AT = "/566001/2024/second/"


@pytest.fixture
def budget():
    budget = make_filled()
    make_steps(budget.campaign)
    return budget


@pytest.fixture
def people(budget):
    return People(budget.unit)


@pytest.fixture
def client_of(people):
    def log_in(role):
        client = Client()
        client.force_login(people[role])
        return client

    return log_in


@pytest.mark.parametrize("rounds", [0, 2])
def test_the_page_opens_in_every_state_for_every_role(budget, people, client_of, rounds):
    here = budget
    for _ in range(rounds):
        walk(here, people, "submitted", 3)
        cycle.return_(fresh(here), by=people[Role.FINANCE_BUDGET], reason="x")
        here = newest(here)
    for state, step in (("submitted", 1), ("submitted", 2), ("submitted", 3), ("passed", 3)):
        if state == "submitted" and step == 1:
            cycle.submit(fresh(here), by=people[Role.CLERK])
        else:
            role = {2: Role.REVIEWER, 3: Role.DEPARTMENT}[step] if state == "submitted" else Role.FINANCE_BUDGET
            cycle.pass_(fresh(here), by=people[role])
        for role in (Role.CLERK, Role.REVIEWER, Role.DEPARTMENT, Role.FINANCE_BUDGET, Role.FINANCE_ADMIN):
            response = client_of(role).get(f"{AT}cycle/")
            assert response.status_code == 200
            above = client_of(role).get("/566/2024/second/cycle/").status_code
            assert above == (404 if role in (Role.CLERK, Role.REVIEWER) else 200)


def test_what_cannot_be_done_now_is_off_with_its_reason(budget, people, client_of):
    walk(budget, people, "submitted", 2)
    moves = {one.move: one.reason for one in client_of(Role.CLERK).get(f"{AT}cycle/").context["moves"]}
    assert moves == {"submit": "待审核，等待主管部门审核。", "withdraw": "单位审核已经办理，不能撤回。"}
    moves = {one.move: one.reason for one in client_of(Role.DEPARTMENT).get(f"{AT}cycle/").context["moves"]}
    assert moves == {"pass": "", "return": ""}


def seen(budget):
    return f"{budget.uid}:{budget.state}:{budget.step}"


def test_a_page_that_is_out_of_date_moves_nothing(budget, people, client_of):
    was = seen(budget)
    walk(budget, people, "submitted", 1)
    response = client_of(Role.CLERK).post(f"{AT}cycle/withdraw/", {"seen": was})
    assert response.status_code == 409 and "刚刚有人办理过" in response.text
    assert client_of(Role.CLERK).post(f"{AT}cycle/withdraw/", {}).status_code == 409
    assert fresh(budget).state == "submitted"


def test_approval_of_a_department_and_its_notice(budget, people, client_of):
    other = make_filled("566002")
    late = make_filled("566003")
    for one in (budget, other):
        walk(one, People(one.unit), "passed")
    client = client_of(Role.FINANCE_BUDGET)
    shown = [seen(fresh(budget)), seen(fresh(other))]
    wrong = client.post("/566/2024/second/cycle/approve/", {"number": "", "day": "2024-02-30", "seen": shown})
    assert wrong.status_code == 409 and "批复文号" in wrong.text and "批复日期" in wrong.text
    posted = {"number": NUMBER, "day": "2024-02-01", "seen": shown}
    done = client.post("/566/2024/second/cycle/approve/", posted, follow=True)
    assert "已批复 2 个单位" in done.text
    assert fresh(late).state == "draft"
    paper = client.get("/566/2024/approved/approval/").text
    assert NUMBER in paper and paper.count("附表") >= 15
    assert "2024年部门预算的通知" in paper
    assert "2024年单位预算的通知" in client.get("/566001/2024/approved/approval/").text
    assert '<p class="signed">2024年2月1日</p>' in paper  # nobody said who approves
    Campaign.objects.update(authority="解放区财政局")
    assert '<p class="signed">解放区财政局<br>2024年2月1日</p>' in client.get("/566/2024/approved/approval/").text


def test_a_department_is_approved_after_one_of_its_units_and_only_as_it_was_seen(budget, people, client_of):
    other, third = make_filled("566002"), make_filled("566003")
    for one in (budget, other):
        walk(one, People(one.unit), "passed")
    client, at = client_of(Role.FINANCE_BUDGET), "/566/2024/second/cycle/"
    posted = {"number": NUMBER, "day": "2024-02-01", "seen": seen(fresh(other))}
    assert client.post("/566002/2024/second/cycle/approve/", posted).status_code == 302
    shown = [words for _, words in client.get(at).context["passed"]]
    assert shown == [seen(fresh(budget))]  # the one that is approved already is not offered again
    walk(third, People(third.unit), "passed")  # after the page was opened
    done = client.post(f"{at}approve/", {**posted, "seen": shown}, follow=True)
    assert "已批复 1 个单位" in done.text
    assert not Budget.objects.filter(stage="approved", unit=third.unit).exists()
    assert client.post(f"{at}approve/", {**posted, "seen": shown}).status_code == 409
    assert client.post(f"{at}approve/", {**posted, "seen": []}).status_code == 409
    assert 'href="/566/2024/approved/approval/"' in client.get("/566/2024/approved/cycle/").text
    assert "不含 566003" in client.get("/566/2024/approved/approval/").text


def test_remarks_stay_through_a_return_and_are_worked_off(budget, people, client_of):
    walk(budget, people, "submitted", 2)
    department, clerk = client_of(Role.DEPARTMENT), client_of(Role.CLERK)
    item = budget.items.get()
    posted = {"subject": "budget.item", "uid": item.uid, "text": "依据不足", "unit": "566001"}
    assert department.post(f"{AT}comments/", posted).status_code == 302
    assert department.post(f"{AT}comments/", {**posted, "text": " "}).status_code == 422
    assert department.post(f"{AT}comments/", {**posted, "uid": budget.uid}).status_code == 422
    cycle.return_(fresh(budget), by=people[Role.DEPARTMENT], reason="见批注")
    (remark,) = clerk.get(f"{AT}cycle/").context["remarks"]
    assert (remark.subject, remark.comment.text) == ("办公费", "依据不足")
    at = f"{AT}comments/{remark.comment.uid}/"
    assert clerk.post(at, {"do": "reply", "text": "已补充"}).status_code == 302
    assert clerk.post(at, {"do": "resolve"}).status_code == 302
    assert clerk.get(f"{AT}cycle/").context["remarks"] == []
    assert clerk.post(at, {"do": "reopen"}).status_code == 302
    assert Comment.objects.get(pk=remark.comment.pk).resolved is None
    told = Notice.objects.filter(event__startswith="comment:")
    assert sorted(one.user.name for one in told) == ["主管部门", "单位经办"]


def test_the_matrix_tells_who_is_late_and_reminds_once_a_day(budget, people, client_of):
    make_unit("566009")
    budget.campaign.stages.update(due="2024-01-15")
    people[Role.CLERK]
    department = client_of(Role.DEPARTMENT)
    page = department.get("/progress/")
    rows = {row.code: row for row in page.context["page"]}
    assert set(rows) == {"566001", "566009"}
    assert rows["566001"].is_late and rows["566009"].state == "未编制"
    at = {"year": "2024", "stage": "second"}
    assert "已催报 1 个单位" in department.post("/progress/remind/", at, follow=True).text
    assert "已催报 0 个单位" in department.post("/progress/remind/", at, follow=True).text
    assert Notice.objects.filter(event__startswith="remind:").count() == 1
    walk(budget, people, "submitted", 2)
    (mine,) = department.get("/progress/?show=mine&year=2024&stage=second").context["page"]
    assert mine.unit.code == "566001"
    assert [one.unit.code for one in department.get("/?year=2024").context["waiting"]] == ["566001"]


def test_the_next_stage_is_opened_for_all_departments_at_once(client_of, people):
    first, other = make_filled("566003", stage="first"), make_filled("577001", stage="first")
    late = make_filled("577002", stage="first")
    make_steps(first.campaign, "first")
    for one in (first, other):
        walk(one, People(one.unit), "passed")
    finance, department = client_of(Role.FINANCE_BUDGET), client_of(Role.DEPARTMENT)
    at = {"year": "2024", "stage": "first"}
    assert "为已通过的单位开始二上" in finance.get("/progress/?year=2024&stage=first").text
    assert "为已通过的单位开始" not in department.get("/progress/?year=2024&stage=first").text
    assert department.post("/progress/open/", at).status_code == 404
    done = finance.post("/progress/open/", at, follow=True)
    assert "已为 2 个单位开始二上" in done.text and done.context["stage"] == "second"
    opened = Budget.objects.filter(stage="second", based_on__stage="first")
    assert {(one.unit.code, one.state) for one in opened} == {("566003", "draft"), ("577001", "draft")}
    assert not opened.filter(unit=late.unit).exists()
    again = finance.post("/progress/open/", at, follow=True)
    assert "没有一上已通过、尚未开始二上的单位" in again.text and opened.count() == 2
    assert "之后没有可以开始的阶段" in finance.post("/progress/open/", {**at, "stage": "second"}, follow=True).text


def test_a_history_is_searched_and_names_before_and_after(budget, people, client_of):
    walk(budget, people, "returned")
    page = client_of(Role.CLERK).get(f"{AT}history/?action=state")
    assert [one[0].after["state"] for one in page.context["changes"]] == ["returned", "submitted"]
    line = budget.items.get().lines.get()
    page = client_of(Role.CLERK).get(f"{AT}history/?row={line.uid}")
    assert [one[0].action for one in page.context["changes"]] == ["add"]
    assert client_of(Role.CLERK).get(f"{AT}history/?format=xlsx").status_code == 200
    assert Transition.objects.filter(budget=budget).count() == 2


def test_an_adjustment_is_edited_reviewed_and_approved_on_its_page(budget, people, client_of):
    make_line(budget.items.get(), 600, economic="30202")
    walk(explained(budget), people, "approved")
    at, adjusted = "/566001/2024/approved/cycle/", "/566001/2024/adjusted-1/cycle/"
    clerk, finance = client_of(Role.CLERK), client_of(Role.FINANCE_BUDGET)
    approved = clerk.get(at).context["budget"]
    begun = clerk.post(f"{at}adjust/", {"seen": seen(approved), "kind": "move", "reason": "人员变动"}, follow=True)
    assert begun.redirect_chain[-1][0].startswith("/566001/2024/adjusted-1/")
    draft = Budget.objects.get(stage="adjusted-1")
    first, second = Line.objects.of(draft).order_by("-amount")
    move_line(first, 900)
    refused = clerk.post(f"{adjusted}submit/", {"seen": seen(draft)})
    assert refused.status_code == 409 and "调剂须收支平衡" in refused.text
    move_line(second, 700)
    explained(draft)
    assert clerk.post(f"{adjusted}submit/", {"seen": seen(fresh(draft))}).status_code == 302
    assert finance.get(adjusted).text.count(f'action="{adjusted}approve/"') == 0  # not before it has passed
    for role in (Role.REVIEWER, Role.DEPARTMENT, Role.FINANCE_BUDGET):
        assert client_of(role).post(f"{adjusted}pass/", {"seen": seen(fresh(draft))}).status_code == 302
    assert f'action="{adjusted}approve/"' in finance.get(adjusted).text
    assert f'action="{adjusted}approve/"' not in clerk.get(adjusted).text
    posted = {"number": "焦财预〔2024〕61号", "day": "2024-08-01", "seen": seen(fresh(draft))}
    told = finance.post(f"{adjusted}approve/", posted, follow=True)
    assert "已批复 1 个单位：焦财预〔2024〕61号" in told.text
    draft = fresh(draft)
    assert (draft.state, draft.document_number, str(draft.document_date)) == (
        "approved",
        "焦财预〔2024〕61号",
        "2024-08-01",
    )
    assert f'action="{adjusted}approve/"' not in finance.get(adjusted).text


def move_line(line, amount):
    budget = fresh(line.item.budget)
    writing.write(
        budget, [writing.Edit(Line, line.uid, line.version, {"amount": Decimal(amount)})], by=None, via="form"
    )


def test_what_waits_is_told_to_whom_it_waits_for_the_clerk_after_a_return_too(budget, people, client_of):
    def waiting(role):
        return client_of(role).get("/waiting/?format=count").json()["count"]

    assert waiting(Role.CLERK) == 0  # a first draft waits for nobody
    walk(budget, people, "submitted", 2)
    assert (waiting(Role.REVIEWER), waiting(Role.DEPARTMENT), waiting(Role.CLERK)) == (0, 1, 0)
    assert client_of(Role.AUDITOR).get("/waiting/").status_code == 200
    cycle.return_(fresh(budget), by=people[Role.DEPARTMENT], reason="压减")
    assert (waiting(Role.DEPARTMENT), waiting(Role.CLERK)) == (0, 1)
    page = client_of(Role.CLERK).get("/waiting/").text
    assert 'href="/566001/2024/second/cycle/"' in page and "已退回" in page
    assert "data-waiting-count" in client_of(Role.CLERK).get(AT).text


def test_the_history_tells_states_and_times_in_words(budget, people, client_of):
    cycle.submit(fresh(budget), by=people[Role.CLERK])
    text = client_of(Role.REVIEWER).get(f"{AT}history/").text
    assert "<del>草稿</del> → 待审核" in text and "submitted" not in text
    assert "+00:00" not in text
