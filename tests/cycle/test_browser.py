"""The reference budget walks the year in a real Chromium, as four people and finance."""

from decimal import Decimal

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import expect

from budget.models import Budget, CampaignStage, Line
from organisation.models import User
from records.models import AccessRecord, Notice
from tests import beginnings
from tests.cycle.world import explained

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
AT = "/566001/2024/second/"
REVIEWERS = ("shenhe", "zhuguan", "yewu", "yusuan")


@pytest.fixture
def as_(page, context, live_server):
    """Be somebody else, on a page of the budget."""

    def go(username: str, path: str = "cycle/"):
        client = Client()
        client.force_login(User.objects.get(username=username))
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.clear_cookies()
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
        page.goto(f"{live_server.url}{path if path.startswith('/') else AT + path}")

    return go


def test_the_reference_budget_walks_the_year(page, as_):
    """一上 → 控制数 → 二上 → return → 二上 → 批复, by the clerk, the reviewer, the department and finance."""
    budget = beginnings.demonstration()
    Budget.objects.filter(pk=budget.pk).update(stage="first")
    explained(budget)
    total = sum(line.amount for line in Line.objects.of(budget) if not line.carried_over)
    complaints = []
    page.on("console", lambda one: complaints.append(one.text) if one.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    said = page.get_by_role("status")

    def submit(path: str = "cycle/") -> None:
        as_("jingban", path)
        page.get_by_role("button", name="送审").click()
        expect(said).to_contain_text("已送审")

    def pass_(username: str, path: str = "cycle/") -> None:
        as_(username, path)
        page.get_by_role("button", name="通过").click()
        expect(said).to_contain_text("已通过")

    # 一上: submitted, passed step by step; finance opens the next stage
    first = "/566001/2024/first/cycle/"
    submit(first)
    steps = page.locator(".step-bar li")
    names = steps.locator(".step-name").all_inner_texts()
    for username in REVIEWERS[: len(names) - 2]:
        pass_(username, first)
    as_("yusuan", first)
    page.get_by_role("button", name="开始二上").click()
    expect(said).to_contain_text("已为 1 个单位开始二上")
    assert page.url.endswith("/second/cycle/")

    # 控制数: issued to the department, which gives its unit no more than it has
    as_("yusuan", "/566/2024/second/controls/")
    issue(page, "566", total)
    expect(said).to_contain_text("1 个控制数")
    as_("zhuguan", "/566/2024/second/controls/")
    issue(page, "566001", total + 10000)
    expect(page.get_by_role("alert")).to_contain_text("没有保存")
    issue(page, "566001", total)
    expect(said).to_contain_text("1 个控制数")

    # 二上: nothing goes above the number; then submitted and passed by the unit's reviewer
    line = Line.objects.filter(item__budget__stage="second", item__category="3").order_by("pk").first()
    at = f"projects/{line.item.uid}/edit/"
    as_("jingban", at)
    before = fill(page, +1)
    expect(page.locator("main")).to_contain_text("超过控制数")
    submit()
    expect(page.locator(".step-bar [aria-current]")).to_contain_text("单位审核")
    expect(page.get_by_role("button", name="送审")).to_be_disabled()
    pass_("shenhe")

    # the department remarks on a figure and a line, and returns
    as_("zhuguan", "tables/expenditure/?row=total&column=project.targeted")
    page.get_by_role("link", name="批注这个数字").click()
    page.get_by_label("批注内容").fill("特定目标类请压减")
    page.get_by_role("button", name="批注", exact=True).click()
    expect(said).to_contain_text("已批注")
    as_("zhuguan", f"lines/?item={line.item.uid}")
    page.locator(f"#line-{line.uid}").get_by_role("link", name="批注").click()
    page.get_by_label("批注内容").fill("这一条请减少一万元")
    page.get_by_role("button", name="批注", exact=True).click()
    as_("zhuguan")
    page.get_by_label("退回的理由").fill("按批注压减")
    page.get_by_role("button", name="退回").click()
    expect(said).to_contain_text("已退回")

    # the clerk has a list of what to do, changes one amount, answers, and submits again
    as_("jingban")
    expect(page.locator(".returned")).to_contain_text("按批注压减")
    expect(page.locator(".returned .gaps li")).to_have_count(2)
    assert Notice.objects.filter(user__username="jingban", text__contains="退回").count() == 1
    as_("jingban", at)
    assert fill(page, -1) == before
    expect(said.first).to_contain_text("已保存")
    as_("jingban", "comments/")
    for _ in range(2):
        page.get_by_role("button", name="标为已解决").first.click()
    expect(page.locator("main")).to_contain_text("没有未解决的批注")
    submit()

    # the comparison of the two submissions says exactly what was changed, and why
    as_("zhuguan", "compare/?with=2024/second/1&to=2024/second/2")
    changed = page.locator("#rows tbody tr")
    expect(changed).to_have_count(1)
    money = changed.locator("td.num").all_inner_texts()
    assert [whole(one) for one in money] == [before, before - 1, -1]
    expect(changed).to_contain_text("王经办")
    expect(page.locator("main")).to_contain_text("按批注压减")
    as_("zhuguan", "compare/?with=2024/second/1&to=2024/second/2&part=tables")
    assert {whole(one) for one in page.locator("#cells tbody td.num:last-child").all_inner_texts()} == {-1}

    for username in REVIEWERS:
        pass_(username)
    page.get_by_label("批复文号").fill("焦财预〔2023〕290号")
    page.get_by_label("批复日期").fill("2024-02-01")
    page.get_by_role("button", name="批复").click()
    expect(said).to_contain_text("已批复 1 个单位")
    approved = Budget.objects.get(stage="approved")
    assert (approved.state, approved.document_number) == ("approved", "焦财预〔2023〕290号")
    assert sum(one.amount for one in Line.objects.of(approved) if not one.carried_over) == total - 10000
    page.get_by_role("link", name="批复通知").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("关于批复")
    refused = [one for one in complaints if "422" in one]  # the browser's own words for the two refusals
    assert (len(refused), complaints) == (2, refused)


def issue(page, unit: str, amount: Decimal) -> None:
    """Fill in a new control number of everything, 元 given, on the page that reads 万元."""
    page.get_by_label("单位", exact=True).select_option(unit)
    page.get_by_label("控制数（万元）").fill(str(amount / 10000))
    page.get_by_role("button", name="保存").click()


def fill(page, by: int) -> int:
    """Change the first amount of a project's form by so many 万元 and save; what it was."""
    amount = page.locator("input[name$=amount]").first
    before = whole(amount.input_value())
    amount.fill(f"{before + by}.00")
    page.locator("button.primary", has_text="保存项目").click()
    return before


def whole(text: str) -> int:
    """The whole 万元 of an amount that has no others."""
    whole, _, rest = text.replace(",", "").partition(".")
    assert not rest.strip("0")
    return int(whole)


def test_what_is_printed_is_logged_whichever_way_it_is_printed(page, as_):
    beginnings.demonstration()
    for path in ("tables/expenditure/", "checks/", "document/"):
        as_("jingban", path)
        with page.expect_event("requestfinished", lambda one: one.url.endswith("/printed/")):
            page.pdf()  # prints as the browser's own menu does
    as_("jingban", "/admin/budget/line/")
    with page.expect_event("requestfinished", lambda one: one.url.endswith("/printed/")):
        page.pdf()
    told = AccessRecord.objects.filter(event="print").values_list("by_name", "path")
    paths = ("tables/expenditure/", "checks/", "document/")
    expected = [("jingban", f"{AT}{path}") for path in paths] + [("jingban", "/admin/budget/line/")]
    assert sorted(told) == sorted(expected)


@pytest.mark.parametrize("width", [1440, 360])
def test_the_pages_are_reachable_and_quiet(page, as_, live_server, width):
    beginnings.demonstration()
    CampaignStage.objects.filter(code="second").update(due="2024-01-15")
    page.set_viewport_size({"width": width, "height": 900})
    wrong = []
    page.on("console", lambda one: wrong.append(one.text) if one.type in ("error", "warning") else None)
    for path in (
        "cycle/",
        "compare/",
        "comments/",
        "history/",
        "controls/",
        "/progress/",
        "/",
        "/566/2024/second/cycle/",
    ):
        as_("yusuan", path)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wrong.append(f"{path}: sideways")
        found = Axe().run(page).response["violations"]
        wrong += [f"{path}: {one['id']}" for one in found if one["impact"] in ("serious", "critical")]
    assert wrong == []
