"""Entry in a real Chromium: by keyboard alone, at a desk and on a phone."""

import re
from decimal import Decimal

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import expect

from budget.models import Item, Line
from organisation.models import User
from publication import demo
from tests.entry.pages import AT, Page
from tests.web.test_browser import complaints, found_by_axe, loaded, log_in

__all__ = ["complaints", "loaded", "log_in"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def typing(page, live_server, log_in, complaints):
    """The browser of a clerk, on a page of entry."""
    log_in("jingban")
    page.set_viewport_size({"width": 1440, "height": 900})

    def go(path: str):
        page.goto(f"{live_server.url}{AT}{path}")
        return page

    return go


def test_an_item_with_two_lines_by_keyboard_alone(typing, complaints):
    page = typing("basic/form/")
    keys = page.keyboard
    page.get_by_label("项目，第32项，项目名称").focus()
    keys.type("差旅及会议")
    for _ in range(3):
        keys.press("Tab")
    keys.type("206xzyx")
    expect(page.get_by_role("option", name="2060101")).to_be_visible()
    keys.press("Enter")
    keys.press("Tab")
    keys.type("clf")
    expect(page.get_by_role("option", name="30211")).to_be_visible()
    keys.press("Tab")  # what stands first is taken
    expect(page.get_by_label("明细，第1行，部门经济分类")).to_have_value("30211 差旅费")
    expect(page.get_by_label("明细，第1行，政府经济分类")).to_have_value("50201 办公经费")
    for _ in range(3):
        keys.press("Tab")
    keys.type("1.2")
    expect(page.locator("tfoot [data-sum]")).to_have_text("201.72")
    keys.press("Tab")
    keys.press("Tab")
    keys.press("Enter")  # one line more
    keys.type("2060101")
    keys.press("Escape")
    keys.press("Tab")
    keys.type("huiyi")
    expect(page.get_by_role("option", name="30215")).to_be_visible()
    keys.press("ArrowDown")
    keys.press("ArrowUp")
    keys.press("Enter")
    for _ in range(4):
        keys.press("Tab")
    keys.type("0.80")
    keys.press("Control+s")
    expect(page.get_by_text("已保存：新增 3 行。")).to_be_visible()
    lines = Line.objects.filter(item__name="差旅及会议").order_by("economic__code")
    assert [(line.economic.code, line.government.code, line.amount) for line in lines] == [
        ("30211", "50201", Decimal(12000)),
        ("30215", "50202", Decimal(8000)),
    ]
    assert complaints == []


def test_sums_and_rates_of_last_years_execution_follow_what_is_typed(typing, complaints):
    page = typing("facts/")
    section = page.locator("#execution")

    def told(label: str) -> list[str]:
        row = section.get_by_role("row").filter(has=page.get_by_role("rowheader", name=label, exact=True))
        return row.locator(".computed").all_inner_texts()

    def type_in(kind: str, adjusted: str, paid: str) -> None:
        page.get_by_label(f"上年预算执行，{kind}，调整预算数").fill(adjusted)
        page.get_by_label(f"上年预算执行，{kind}，执行数").fill(paid)

    assert told("支出合计") == ["", "", ""]
    type_in("基本支出", "1,195.73", "1193.124567")
    type_in("项目支出", "3", "")
    assert told("支出合计") == ["1,195.73", "1,193.12", "99.78%"]  # a half of a row is none yet
    type_in("项目支出", "3", "1")
    assert told("项目支出") == ["33.33%"]
    type_in("项目支出", "8", "1.0009")
    assert told("项目支出") == ["12.51%"]  # half up
    type_in("公务接待费", "0", "0.3")
    assert told("公务接待费") == [""] and told("“三公”经费合计") == ["", "0.30", ""]
    page.keyboard.press("Control+s")
    expect(page.get_by_text("已保存：新增 3 行。")).to_be_visible()
    assert told("支出合计") == ["1,203.73", "1,194.13", "99.20%"]
    assert complaints == []


def test_an_error_is_gone_to_from_the_summary(typing):
    page = typing("basic/form/")
    amount = page.get_by_label("年终一次性奖金，第1行，金额")
    amount.fill("4.6O")
    amount.press("Enter")
    summary = page.locator("#summary")
    expect(summary).to_be_focused()
    expect(page).to_have_title(re.compile("^有误"))
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(amount).to_be_focused()
    expect(amount).to_have_attribute("aria-invalid", "true")
    expect(amount).to_have_accessible_description(re.compile("含字母O，是否应为0？"))
    box, bar = amount.bounding_box(), page.locator(".save-bar").bounding_box()
    assert box["y"] > 48 and box["y"] + box["height"] < bar["y"]


def test_an_expired_log_in_keeps_what_was_typed(typing, context):
    page = typing("basic/form/")
    page.get_by_label("年终一次性奖金，第1行，金额").fill("4.70")
    context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.get_by_role("button", name="保存", exact=True).last.click()
    page.get_by_label("用户名").fill("jingban")
    page.get_by_label("密码").fill(demo.PASSWORD)
    page.get_by_role("button", name="登录并继续").click()
    expect(page.get_by_text("还没有保存")).to_be_visible()
    expect(page.get_by_label("年终一次性奖金，第1行，金额")).to_have_value("4.70")
    page.get_by_role("button", name="保存", exact=True).last.click()
    expect(page.get_by_text("已保存：修改 1 行。")).to_be_visible()
    assert Line.objects.get(item__name="年终一次性奖金").amount == Decimal(47000)


def test_costing_is_added_up_while_it_is_typed(typing, loaded):
    project = Item.objects.projects().get(name="补充解放区科技贷款贴息专项资金")
    page = typing(f"projects/{project.uid}/edit/")
    page.locator("#costs [data-add]").click()
    page.get_by_label("测算明细，第1行，测算内容").fill("贴息")
    page.get_by_label("测算明细，第1行，数量").fill("20")
    page.get_by_label("测算明细，第1行，单价").fill("2.4")
    expect(page.locator("#costs tfoot [data-sum]")).to_have_text("48.00")
    expect(page.locator("[data-compared]")).to_have_text("测算合计 48.00，明细合计 50.00，相差 -2.00（万元）。")
    page.get_by_label("测算明细，第1行，单价").fill("2.5")
    expect(page.locator("[data-compared]")).to_have_text("测算合计 50.00，明细合计 50.00，一致（万元）。")
    page.get_by_role("button", name="保存项目").click()
    expect(page.get_by_text("已保存：新增 1 行。")).to_be_visible()
    expect(page.locator("[data-compared]")).to_have_text("测算合计 50.00，明细合计 50.00，一致（万元）。")


def test_without_script_a_row_is_added_and_saved(browser, live_server, loaded, log_in, context):
    log_in("jingban")
    quiet = browser.new_context(java_script_enabled=False, storage_state=context.storage_state())
    page = quiet.new_page()
    page.goto(f"{live_server.url}{AT}basic/form/")
    page.get_by_label("年终一次性奖金：增加一行明细").click()
    expect(page.get_by_label("年终一次性奖金，第2行，功能分类")).to_be_focused()
    page.get_by_label("年终一次性奖金，第2行，功能分类").fill("2060103")
    page.get_by_label("年终一次性奖金，第2行，部门经济分类").fill("奖金")
    page.get_by_label("年终一次性奖金，第2行，金额").fill("1")
    page.get_by_label("年终一次性奖金，第2行，金额").press("Enter")
    expect(page.get_by_text("已保存：新增 1 行。")).to_be_visible()
    quiet.close()


def test_help_is_reached_by_keyboard(typing):
    page = typing("basic/form/")
    page.get_by_label("年终一次性奖金，第1行，部门经济分类").focus()
    expect(page.locator("[data-hint]")).to_contain_text("30101 基本工资")
    expect(page.get_by_label("年终一次性奖金，第1行，部门经济分类")).to_have_accessible_description(
        re.compile("部门预算支出经济分类的款级科目")
    )
    page.get_by_text("怎么填").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("可以不填：按部门经济分类和性质自动带出").first).to_be_visible()


def test_pages_are_accessible_and_never_scroll_sideways(typing, log_in, loaded, complaints):
    project = Item.objects.projects().get(name="补充解放区科技贷款贴息专项资金")
    paths = ["basic/form/", "income/", "performance/", "facts/", "projects/new/", f"projects/{project.uid}/edit/"]
    faults = []
    for username, width in (("jingban", 1440), ("jingban", 360), ("shenhe", 1440)):
        log_in(username)
        for path in (*paths, *([f"projects/{project.uid}/delete/"] if username == "jingban" else [])):
            page = typing(path)
            page.set_viewport_size({"width": width, "height": 800})
            if page.evaluate("document.documentElement.scrollWidth") > width:
                faults.append(f"{path} scrolls sideways at {width}")
            faults += [f"{width} {fault}" for fault in found_by_axe(page)]
    assert faults == []
    assert complaints == []


def test_an_error_page_and_the_second_log_in_are_accessible(typing, context):
    page = typing("basic/form/")
    page.get_by_label("年终一次性奖金，第1行，金额").fill("4.6O")
    page.get_by_label("规范性津贴补贴，第1行，部门经济分类").fill("没有的科目")
    page.keyboard.press("Control+s")
    expect(page.locator("#summary")).to_be_focused()
    faults = found_by_axe(page)
    context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.keyboard.press("Control+s")
    expect(page.get_by_role("heading", level=1)).to_have_text("请重新登录")
    assert faults + found_by_axe(page) == []


def test_two_people_choose(typing):
    page = typing("basic/form/")
    page.get_by_label("年终一次性奖金，第1行，金额").fill("4.70")
    other = Client()
    other.force_login(User.objects.get(username="guanli"))
    theirs = Page(other, f"{AT}basic/form/")
    theirs["年终一次性奖金，第1行", "金额"] = "4.80"
    theirs.saved()
    page.keyboard.press("Control+s")
    expect(page.locator("#summary")).to_be_focused()
    assert found_by_axe(page) == []
    page.get_by_label("用我填写的").check()
    page.keyboard.press("Control+s")
    expect(page.get_by_text("已保存：修改 1 行。")).to_be_visible()
    assert Line.objects.get(item__name="年终一次性奖金").amount == Decimal(47000)


MINUTE = 60 * 1000


@pytest.mark.parametrize("path", ["basic/form/", "basic/", "cycle/"])
def test_who_stops_typing_is_warned_before_the_log_in_ends(typing, path):
    """One warning on every kind of page: a form, the grid, a page with buttons."""
    page = typing(path)
    page.clock.install()
    page.reload()
    ending = page.locator("[data-log-in-ending]")
    page.clock.run_for(27 * MINUTE)
    expect(ending).to_be_hidden()
    page.clock.run_for(MINUTE * 3 // 2)
    expect(ending).to_contain_text("登录还有2分钟到期。")
    assert found_by_axe(page) == []
    with page.expect_response("**/stay/"):
        ending.get_by_role("button", name="继续使用").click()
    expect(ending).to_be_hidden()


def test_who_types_stays_logged_in_and_after_the_end_nothing_is_lost(typing, context):
    page = typing("basic/form/")
    page.clock.install()
    page.reload()
    ending = page.locator("[data-log-in-ending]")
    page.get_by_label("年终一次性奖金，第1行，金额").fill("4.7")
    with page.expect_response("**/stay/"):
        page.clock.run_for(6 * MINUTE)
    context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.clock.run_for(31 * MINUTE)
    expect(ending).to_contain_text("登录已到期；填写的内容还在")
    log_in_elsewhere(ending, context, "shenhe")
    ending.get_by_role("button", name="已登录，继续").click()
    expect(ending).to_contain_text("现在登录的是shenhe")
    context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    log_in_elsewhere(ending, context, "jingban")
    with page.expect_response("**/stay/"):
        ending.get_by_role("button", name="已登录，继续").click()
    expect(ending).to_be_hidden()
    page.keyboard.press("Control+s")
    expect(page.get_by_text("已保存：修改 1 行。")).to_be_visible()
    assert Line.objects.get(item__name="年终一次性奖金").amount == Decimal(47000)


def log_in_elsewhere(ending, context, username: str) -> None:
    with context.expect_page() as opened:
        ending.get_by_role("link", name="在新窗口登录").click()
    other = opened.value
    other.get_by_label("用户名").fill(username)
    other.get_by_label("密码").fill(demo.PASSWORD)
    other.keyboard.press("Enter")
    other.wait_for_url(lambda address: "login" not in address)
    other.close()
