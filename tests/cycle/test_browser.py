"""The reference budget walks 二上 → return → 二上 → 批复 in a real Chromium, as four people."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import expect

from budget.models import Budget, CampaignStage, Item, Line
from organisation.models import User
from publication import demo
from records.models import Notice

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
AT = "/566001/2024/second/"


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


def test_from_entry_to_approval_with_one_return(page, as_, live_server):
    demo.load(with_people=True)
    complaints = []
    page.on("console", lambda one: complaints.append(one.text) if one.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    said = page.get_by_role("status")

    as_("jingban")
    page.get_by_role("button", name="送审").click()
    expect(said).to_contain_text("已送审，等待单位审核")
    expect(page.locator(".step-bar [aria-current]")).to_contain_text("单位审核")
    expect(page.get_by_role("button", name="送审")).to_be_disabled()

    as_("shenhe")
    page.get_by_role("button", name="通过").click()
    expect(said).to_contain_text("等待主管部门审核")

    # the department remarks on a figure and a line, and returns
    as_("zhuguan", "tables/expenditure/?row=total&column=project.targeted")
    page.get_by_role("link", name="批注这个数字").click()
    page.get_by_label("批注内容").fill("特定目标类请压减")
    page.get_by_role("button", name="批注", exact=True).click()
    expect(said).to_contain_text("已批注")
    line = Line.objects.filter(item__category="3").order_by("pk").first()
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
    project = Item.objects.get(budget__revision=2, uid=line.item.uid)
    as_("jingban", f"projects/{project.uid}/edit/")
    amount = page.locator("input[name$=amount]").first
    before = amount.input_value()
    amount.fill(f"{float_free(before) - 1}.00")
    page.locator("button.primary", has_text="保存项目").click()
    expect(said.first).to_contain_text("已保存")
    as_("jingban", "comments/")
    for _ in range(2):
        page.get_by_role("button", name="标为已解决").first.click()
    expect(page.locator("main")).to_contain_text("没有未解决的批注")
    as_("jingban", "compare/")
    expect(page.locator("#rows tbody tr")).to_have_count(1)
    expect(page.locator("#rows tbody tr")).to_contain_text("-1.00")
    as_("jingban")
    page.get_by_role("button", name="送审").click()

    for username in ("shenhe", "zhuguan", "yewu", "yusuan"):
        as_(username)
        page.get_by_role("button", name="通过").click()
        expect(said).to_contain_text("已通过")
    page.get_by_label("批复文号").fill("焦财预〔2023〕290号")
    page.get_by_label("批复日期").fill("2024-02-01")
    page.get_by_role("button", name="批复").click()
    expect(said).to_contain_text("已批复 1 个单位")
    approved = Budget.objects.get(stage="approved")
    assert (approved.state, approved.document_number) == ("approved", "焦财预〔2023〕290号")
    page.get_by_role("link", name="批复通知").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("关于批复")
    assert complaints == []


def float_free(text: str) -> int:
    """The whole 万元 of an amount that has no others."""
    whole, _, rest = text.replace(",", "").partition(".")
    assert not rest.strip("0")
    return int(whole)


@pytest.mark.parametrize("width", [1440, 360])
def test_the_pages_are_reachable_and_quiet(page, as_, live_server, width):
    demo.load(with_people=True)
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
