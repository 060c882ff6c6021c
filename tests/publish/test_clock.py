"""The twenty days: how they are counted, who is told once, who is late. No test looks at today."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.management import call_command

from budget import checking
from budget.models import Budget
from budget.reporting import rules
from organisation.models import User
from organisation.roles import Role
from publication import clock
from publication.clock import Clock, all_duties, clock_of, duties, milestone, remind
from publication.models import Publication
from records.models import Notice
from tests.cycle.world import make_filled
from tests.factories import make_user
from tests.publish.world import DAY, approve

LAST = date(2024, 2, 21)


@pytest.mark.parametrize(
    ("today", "left", "words", "reached"),
    [
        (DAY, 20, "还有 20 天公开", ""),
        (date(2024, 2, 13), 8, "还有 8 天公开", ""),
        (date(2024, 2, 14), 7, "还有 7 天公开", "7"),
        (date(2024, 2, 19), 2, "还有 2 天公开", "3"),
        (date(2024, 2, 20), 1, "还有 1 天公开", "1"),
        (LAST, 0, "今天是公开期限的最后一天", "1"),
        (date(2024, 2, 22), -1, "公开已逾期 1 天", "late-0"),
        (date(2024, 3, 12), -20, "公开已逾期 20 天", "late-0"),
        (date(2024, 3, 13), -21, "公开已逾期 21 天", "late-1"),
    ],
)
def test_the_days_that_are_left(today, left, words, reached):
    asked = Clock(DAY, today)
    assert (asked.due, asked.left, asked.words, milestone(asked)) == (LAST, left, words, reached)
    assert asked.is_late is (left < 0)


def test_what_was_published_stands_still():
    assert Clock(DAY, date(2030, 1, 1), LAST, 1).words == "按时公开"
    late = Clock(DAY, date(2030, 1, 1), LAST + timedelta(days=3), 2)
    assert (late.words, late.state, milestone(late)) == ("逾期 3 天公开", "已更正（第2版）", "")


def publication(unit, campaign, moment, number=1):
    by = User.objects.first() or make_user()
    told = {"title": "公开", "content": "{}", "content_digest": "x", "digest": "x"}
    return Publication.objects.create(
        unit=unit,
        campaign=campaign,
        number=number,
        published=moment,
        published_by=by,
        explanation="更正" if number > 1 else "",
        **told,
    )


@pytest.mark.django_db
def test_days_are_days_of_beijing(db):
    budget = approve(make_filled())
    publication(budget.unit, budget.campaign, datetime(2024, 2, 21, 15, 59, tzinfo=UTC))
    assert clock_of(budget.unit, budget.campaign).first == LAST
    other = approve(make_filled("777001"))
    publication(other.unit, other.campaign, datetime(2024, 2, 21, 16, 1, tzinfo=UTC))
    assert clock_of(other.unit, other.campaign).left == -1


@pytest.mark.django_db
def test_departments_and_their_units_are_to_publish_and_the_first_approval_counts():
    one, two, alone = (make_filled(code) for code in ("566001", "566002", "777001"))
    make_filled("888001")  # not approved
    for budget, day in ((one, DAY), (two, date(2024, 2, 5)), (alone, DAY)):
        approve(budget, day=day)
    approve(make_filled("999001"), is_demo=True)
    found = {duty.unit.code: duty.clock for duty in all_duties(one.campaign, today=LAST)}
    assert list(found) == ["566", "566001", "566002", "777"]
    assert [clock.approved.day for clock in found.values()] == [1, 1, 5, 1]
    seen = duties(make_user(Role.CLERK, "566002"), one.campaign, today=LAST)
    assert [duty.unit.code for duty in seen] == ["566002"]
    # a unit that is all of its department has published for it
    publication(alone.unit, alone.campaign, datetime(2024, 2, 3, tzinfo=UTC))
    publication(two.unit, two.campaign, datetime(2024, 2, 3, tzinfo=UTC))
    states = {duty.unit.code: duty.clock.state for duty in all_duties(one.campaign, today=LAST)}
    assert states == {"566": "未公开", "566001": "未公开", "566002": "已公开", "777": "已公开"}
    assert clock_of(alone.unit.parent, alone.campaign).is_published
    assert not clock_of(one.unit, one.campaign).is_published


@pytest.mark.django_db
def test_everybody_concerned_is_told_once_of_each_milestone():
    budget = approve(make_filled())
    clerk, other = make_user(Role.CLERK, budget.unit), make_user(Role.CLERK, "777001")
    admin = make_user(Role.FINANCE_ADMIN)

    def run(today):
        remind(all_duties(budget.campaign, today=today))
        return [Notice.objects.filter(user=user).count() for user in (clerk, admin, other)]

    assert run(date(2024, 2, 10)) == [0, 0, 0]
    assert run(date(2024, 2, 14)) == run(date(2024, 2, 15)) == [1, 1, 0]
    assert run(date(2024, 2, 22)) == run(date(2024, 2, 28)) == [2, 2, 0]
    notice = Notice.objects.filter(user=clerk).order_by("pk").last()
    assert "公开已逾期 1 天，期限是2024年2月21日" in notice.text and "预算法" in notice.text
    assert notice.link == "/566001/2024/approved/publish/"
    publication(budget.unit, budget.campaign, datetime(2024, 3, 1, tzinfo=UTC))
    assert run(date(2024, 4, 22)) == [2, 2, 0]


@pytest.mark.django_db
def test_the_daily_command_says_what_it_did(capsys, monkeypatch):
    budget = approve(make_filled())
    make_user(Role.CLERK, budget.unit)
    monkeypatch.setattr(clock.timezone, "localdate", lambda *moment: LAST + timedelta(days=1))
    call_command("remind_publications")
    call_command("remind_publications")
    told = capsys.readouterr().out.splitlines()
    assert told == [
        "发出提醒 1 条；已逾期未公开 1 个；清理 0 处。",
        "发出提醒 0 条；已逾期未公开 1 个；清理 0 处。",
    ]
    assert Budget.objects.get(pk=budget.pk).state == "approved"


@pytest.mark.parametrize(("days", "found"), [(0, 0), (1, 1)])
@pytest.mark.django_db
def test_the_check_of_an_approved_budget_says_when_its_publication_is_late(monkeypatch, days, found):
    approved = approve(make_filled())
    clock = clock_of(approved.unit, approved.campaign)
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_: clock.due + timedelta(days=days))
    report = checking.check(checking.selection_of(approved))
    (result,) = [one for one in report.results if one.rule.id == "D04"]
    assert [one.finding.message for one in result.checked] == ["公开已逾期 1 天"] * found
    assert result.outcome.status is (rules.Status.FAILED if found else rules.Status.PASSED)
    assert not any(one.finding.rule.id == "D04" for one in report.errors)  # or nobody could publish it any more
