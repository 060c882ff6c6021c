"""The pages in a real Chromium: nothing breaks the policy, nothing scrolls sideways, everything is reachable."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import expect

from budget.models import Item
from organisation.models import User
from publication import demo
from records.models import Notice
from tests import beginnings
from tests.factories import make_budget, make_item, make_line
from tests.web.conftest import AT

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGES = (
    "",
    "tables/",
    "tables/revenue_and_expenditure/",
    "tables/revenue/",
    "tables/expenditure/",
    "tables/expenditure/?row=total&column=basic.total",
    "tables/by_economic/",
    "tables/three_public/",
    "tables/state_capital_expenditure/",
    "tables/projects/",
    "tables/department_performance/",
    "tables/project_performance/",
    "lines/",
    "lines/?q=nothing+at+all",
    "items/",
    "projects/",
    "indicators/",
    "tables/revenue_and_expenditure/?compare=last-year",
    "tables/expenditure/?compare=last-year&row=total&column=total",
)
OTHERS = ("/search/?q=科技", "/search/", "/notices/", "/password/", "/566/2024/second/", "/566/2024/second/lines/")
TITLE = "2024年单位支出预算表"


@pytest.fixture
def loaded(transactional_db):
    return beginnings.demonstration()


@pytest.fixture
def complaints(page):
    """Whatever the browser complains about: errors of scripts, refused styles and scripts, missing files."""
    found = []
    page.on("console", lambda message: found.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: found.append(str(error)))
    return found


@pytest.fixture
def log_in(context, live_server, loaded):
    """Give the browser the session of a person."""

    def as_(username: str):
        client = Client()
        client.force_login(User.objects.get(username=username))
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])

    return as_


def test_from_log_in_to_the_lines_behind_a_figure(page, live_server, loaded, complaints):
    page.goto(live_server.url)
    page.get_by_label("用户名").fill("jingban")
    page.get_by_label("密码").fill(demo.PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(demo.NAME)
    page.get_by_role("link", name="单位支出预算表").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(TITLE)

    figure = page.get_by_role("link", name="合计，项目支出，特定目标类：137.00万元，查看明细")
    figure.click()
    panel = page.get_by_role("complementary", name="明细")
    expect(panel.get_by_role("heading")).to_have_text("合计 · 项目支出，特定目标类")
    expect(panel.locator("tfoot .num")).to_have_text("137.00")
    expect(panel.locator("tbody tr")).to_have_count(4)
    assert page.url.endswith("?row=total&column=project.targeted")

    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(figure).to_be_focused()
    page.go_back()
    expect(panel.locator("tfoot .num")).to_have_text("137.00")

    panel.get_by_role("link").nth(1).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("预算明细")
    expect(page.locator("tr:target")).to_be_in_viewport()

    page.get_by_text("王经办").click()
    page.get_by_role("button", name="退出登录").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("登录")
    assert complaints == []


def test_the_panel_needs_no_script(browser, live_server, loaded, log_in, context):
    log_in("jingban")
    quiet = browser.new_context(java_script_enabled=False, storage_state=context.storage_state())
    page = quiet.new_page()
    page.goto(f"{live_server.url}{AT}tables/expenditure/")
    page.locator("a.fig").first.click()
    expect(page.locator("#panel tfoot .num")).to_have_text("393.52")
    page.get_by_role("link", name="关闭").click()
    expect(page.locator("#panel")).to_be_hidden()
    page.get_by_role("button", name="元", exact=True).click()
    expect(page.locator("a.fig").first).to_have_text("3,935,200.00")
    page.set_viewport_size({"width": 360, "height": 740})
    expect(page.get_by_role("navigation", name="主导航")).to_be_hidden()
    page.get_by_text("目录").click()
    expect(page.get_by_role("navigation", name="主导航")).to_be_visible()
    quiet.close()


def test_pages_are_accessible_and_never_scroll_sideways(page, live_server, loaded, log_in, complaints):
    other = make_budget("566002")
    make_line(make_item(other), 100, economic="31204", government="50799")  # 未归列
    page.goto(f"{live_server.url}/login/")
    faults = found_by_axe(page)
    log_in("zhuguan")
    project = Item.objects.projects().filter(budget=loaded).first()
    Notice.objects.create(user=User.objects.get(username="zhuguan"), event="a", text="已送审", link=AT)
    addresses = ["/", *(AT + path for path in PAGES), f"{AT}projects/{project.uid}/", *OTHERS]
    addresses += ["/566002/2024/second/", "/566002/2024/second/tables/expenditure/"]
    for width in (1440, 360):
        page.set_viewport_size({"width": width, "height": 700})
        for address in addresses:
            page.goto(live_server.url + address)
            faults += [*found_by_axe(page), *scrolls_sideways(page, width)]
    page.set_viewport_size({"width": 720, "height": 450})  # 1440 at 200 %
    for address in addresses:
        page.goto(live_server.url + address)
        faults += scrolls_sideways(page, 720)
    assert faults == []
    assert complaints == []


def scrolls_sideways(page, width: int) -> list[str]:
    wide = page.evaluate("document.documentElement.scrollWidth")
    return [f"{page.url} scrolls sideways at {width}: {wide}"] if wide > width else []


@pytest.mark.parametrize("username", ["xitong", "anquan", "shenji"])
def test_the_home_of_an_administrator_is_accessible(page, live_server, log_in, username):
    log_in(username)
    page.goto(live_server.url)
    expect(page.locator("main")).to_contain_text("您的角色不查看预算金额")
    assert found_by_axe(page) == []


def test_from_home_to_a_figure_and_back_by_keyboard(page, live_server, log_in):
    log_in("jingban")
    page.goto(live_server.url + AT)

    def tab_to(locator, key="Tab"):
        for _ in range(120):
            page.keyboard.press(key)
            if locator.evaluate("one => one === document.activeElement"):
                outline = locator.evaluate("one => getComputedStyle(one).outlineStyle")
                assert outline != "none"
                return
        raise AssertionError(f"{key} never comes to {locator}")

    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳到正文")).to_be_focused()
    page.keyboard.press("Enter")
    tab_to(page.get_by_role("link", name="单位支出预算表"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(TITLE)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # past the navigation
    figure = page.get_by_role("link", name="合计，总计：393.52万元，查看明细")
    tab_to(figure)
    page.keyboard.press("Enter")
    panel = page.get_by_role("complementary", name="明细")
    expect(panel).to_be_focused()
    tab_to(panel.get_by_role("link", name="关闭"))
    page.keyboard.press("Enter")
    expect(panel).to_be_hidden()
    expect(figure).to_be_focused()
    page.go_back()
    expect(panel.locator("tfoot .num")).to_have_text("393.52")
    tab_to(page.get_by_role("link", name="与上年比较"), "Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("columnheader", name="上年数")).to_be_visible()
    page.go_back()
    page.go_back()
    page.go_back()
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text(demo.NAME)


def test_columns_are_put_away_and_the_place_is_found_again(page, live_server, log_in):
    log_in("jingban")
    page.goto(f"{live_server.url}{AT}lines/?category=1")
    page.get_by_text("显示列").click()
    page.get_by_label("政府经济分类").uncheck()
    page.get_by_role("button", name="应用").click()
    expect(page.get_by_role("columnheader", name="政府经济分类")).to_have_count(0)
    assert page.url.endswith("?category=1")


def test_search_from_anywhere(page, live_server, log_in):
    log_in("jingban")
    page.goto(f"{live_server.url}{AT}tables/expenditure/")
    page.get_by_role("searchbox").fill("科技经费")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="科技经费").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("科技经费")


def found_by_axe(page):
    """The serious and critical findings on the page."""
    return [
        f"{page.url}: {one['id']}: {node['html'][:200]}"
        for one in Axe().run(page).response["violations"]
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]


def test_error_pages_are_accessible(page, live_server, log_in):
    log_in("jingban")
    response = page.goto(f"{live_server.url}/999/2024/")
    assert response.status == 404
    expect(page.get_by_role("heading", level=1)).to_have_text("没有找到这个页面")
    assert found_by_axe(page) == []


def test_focus_is_never_under_the_sticky_head(page, live_server, log_in):
    log_in("jingban")
    page.set_viewport_size({"width": 800, "height": 500})
    page.goto(f"{live_server.url}{AT}tables/expenditure/")
    page.locator("a.fig").last.focus()
    covered = []
    for _ in range(page.locator("a.fig").count() - 1):
        page.keyboard.press("Shift+Tab")
        covered += page.evaluate(
            """() => {
                const box = document.activeElement.getBoundingClientRect();
                const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
                return document.activeElement.contains(top) ? [] : [document.activeElement.getAttribute("aria-label")];
            }"""
        )
    assert covered == []


def test_nothing_is_cut_off_on_paper(page, live_server, log_in):
    log_in("jingban")
    paper = {"width": 1031, "height": 703}  # A4 landscape less 12 mm margins, at 96 dots an inch
    page.set_viewport_size(paper)
    page.emulate_media(media="print")
    wide = []
    for placed in loaded_tables():
        page.goto(f"{live_server.url}{AT}tables/{placed}/")
        expect(page.locator(".topbar")).to_be_hidden()
        if page.evaluate("document.documentElement.scrollWidth") > paper["width"]:
            wide.append(placed)
        assert page.locator("thead").first.evaluate("one => getComputedStyle(one).display") == "table-header-group"
    assert wide == []


def loaded_tables():
    from publication.sets.henan_jiaozuo_2024 import HENAN_JIAOZUO_2024

    return [placed.table for placed in HENAN_JIAOZUO_2024.tables]


def test_the_unit_switch_keeps_the_place_on_the_page(page, live_server, log_in):
    log_in("jingban")
    page.set_viewport_size({"width": 1000, "height": 400})
    page.goto(f"{live_server.url}{AT}tables/revenue_and_expenditure/")
    page.locator(".grid-wrap").evaluate("frame => { frame.scrollTop = 150; }")
    page.get_by_role("button", name="元", exact=True).click()
    expect(page.get_by_role("button", name="元", exact=True)).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".grid-unit")).to_have_text("单位：元")
    assert page.locator(".grid-wrap").evaluate("frame => frame.scrollTop") == 150
