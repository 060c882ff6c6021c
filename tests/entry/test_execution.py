"""上年预算执行情况 in 其他情况: typed by kind, with sums and rates that nobody types."""

import re
from decimal import Decimal

from django.test import Client
from django.utils import timezone

from budget.models import Budget, Execution
from organisation.models import User
from records.models import ChangeRecord
from tests.entry.pages import AT
from tests.factories import fingerprint, make_user

SECTION = "上年预算执行"


def fill(page, kind: str, adjusted: str, paid: str) -> None:
    page[f"{SECTION}，{kind}", "调整预算数"] = adjusted
    page[f"{SECTION}，{kind}", "执行数"] = paid


def computed(page) -> dict[str, list[str]]:
    """What is worked out in each row of the section, by its name."""
    section = page.text.partition('<section id="execution">')[2].partition("</section>")[0]
    rows = re.findall(r"<tr class=\"entry-row.*?</tr>", section, re.S)
    return {
        re.search(r"([^<>]+)</th>", row)[1].strip(): re.findall(r'<td class="computed"[^>]*>([^<]*)</td>', row)
        for row in rows
    }


def test_amounts_are_kept_to_the_fen_and_sums_and_rates_follow(open_page, budget):
    page = open_page("facts/")
    fill(page, "基本支出", "195.73", "193.124567")
    fill(page, "项目支出", "120", "101.2")
    fill(page, "公务接待费", "0.7", "0.22")
    after = page.saved()
    assert {(row.kind, row.adjusted, row.paid) for row in Execution.objects.filter(budget=budget)} == {
        ("basic", Decimal("1957300"), Decimal("1931245.67")),
        ("project", Decimal(1200000), Decimal(1012000)),
        ("reception", Decimal(7000), Decimal(2200)),
    }
    told = computed(after)
    assert told["支出合计"] == ["315.73", "294.32", "93.22%"]
    assert told["基本支出"] == ["98.67%"] and told["项目支出"] == ["84.33%"]
    assert told["“三公”经费合计"] == ["0.70", "0.22", "31.43%"]
    assert told["因公出国（境）费"] == [""]
    assert after[f"{SECTION}，基本支出", "执行数"] == "193.124567"
    records = ChangeRecord.objects.filter(chain=budget.chain, subject="budget.execution")
    assert records.count() == 3


def test_there_is_no_rate_of_nothing(open_page):
    page = open_page("facts/")
    fill(page, "公务用车购置费", "0", "0")
    assert computed(page.saved())["公务用车购置费"] == [""]
    assert Execution.objects.get().adjusted == 0


def test_everything_wrong_is_said_at_once_and_nothing_is_kept(open_page):
    page = open_page("facts/")
    before = fingerprint()
    fill(page, "基本支出", "195.73", "")
    fill(page, "项目支出", "", "101.2")
    fill(page, "因公出国（境）费", "-1", "一万")
    fill(page, "公务接待费", "1", "-0.5")
    summary = re.sub(r"<[^>]+>", "", page.post().summary)
    for words in (
        "基本支出，执行数：请填写执行数。",
        "项目支出，调整预算数：请填写调整预算数。",
        "因公出国（境）费，调整预算数：调整预算数不能为负。",
        "因公出国（境）费，执行数：",
        "公务接待费，执行数：执行数不能为负。",
    ):
        assert words in re.sub(r"\s+", "", summary), (words, summary)
    assert fingerprint() == before


def test_a_row_goes_when_both_amounts_are_taken_out_and_not_when_one_is(open_page):
    page = open_page("facts/")
    fill(page, "基本支出", "195.73", "193")
    after = page.saved()
    fill(after, "基本支出", "195.73", "")
    assert "请填写执行数。" in after.post().summary
    fill(after, "基本支出", "", "")
    after.saved()
    assert not Execution.objects.exists()


def test_two_people_write_the_same_kind_and_choose(open_page):
    mine, theirs = open_page("facts/"), open_page("facts/", "guanli")
    fill(theirs, "项目支出", "120", "101.2")
    theirs.saved()
    fill(mine, "项目支出", "120", "99")
    answer = mine.post()
    assert answer.status == 409 and "101.20" in answer.text
    assert Execution.objects.get().paid == Decimal(1012000)


def test_a_budget_that_was_sent_is_not_written(open_page, budget):
    page = open_page("facts/")
    fill(page, "项目支出", "120", "101.2")
    sent = {"state": "submitted", "submitted": timezone.now(), "submitted_by": make_user().pk}
    Budget.objects.filter(pk=budget.pk).update(**sent)
    client = Client()
    client.force_login(User.objects.get(username="jingban"))
    assert client.post(f"{AT}facts/", page.fields).status_code in (403, 409)
    assert not Execution.objects.exists()
