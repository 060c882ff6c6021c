"""The management entrance in a real Chromium: within the policy, accessible, never wider than the screen."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import expect

from budget.models import Budget, Line
from organisation.models import User
from tests import beginnings

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def loaded(transactional_db):
    return beginnings.demonstration()


@pytest.fixture
def complaints(page):
    found = []
    page.on("console", lambda message: found.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: found.append(str(error)))
    return found


@pytest.fixture
def log_in(context, live_server, loaded):
    def as_(username: str):
        client = Client()
        client.force_login(User.objects.get(username=username))
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])

    return as_


def test_pages_are_accessible_and_never_scroll_sideways(page, live_server, loaded, log_in, complaints):
    log_in("guanli")
    line = Line.objects.first()
    pages = (
        "",
        f"budget/budget/{loaded.pk}/change/",
        f"budget/budget/{loaded.pk}/lines/",
        "budget/line/",
        f"budget/line/{line.pk}/change/",
        f"budget/line/{line.pk}/delete/",
        f"budget/line/{line.pk}/history/",
        f"budget/line/add/?budget={loaded.pk}",
        f"budget/campaign/{loaded.campaign_id}/change/",
        "records/changerecord/",
        "table-sets/",
    )
    faults = []
    for width in (1440, 360):
        page.set_viewport_size({"width": width, "height": 900})
        for one in pages:
            page.goto(f"{live_server.url}/admin/{one}")
            if page.evaluate("document.documentElement.scrollWidth") > width:
                faults.append(f"{one} scrolls sideways at {width}")
            faults += [
                f"{one}: {found['id']}: {node['html'][:160]}"
                for found in Axe().run(page, options={"preload": False}).response["violations"]
                if found["impact"] in ("serious", "critical")
                for node in found["nodes"]
            ]
    assert faults == []
    assert complaints == []


def test_a_clerk_mends_lines_in_one_form(page, live_server, loaded, log_in, complaints):
    log_in("jingban")
    page.goto(f"{live_server.url}/admin/")
    page.get_by_role("link", name="预算", exact=True).click()
    page.get_by_role("link", name="预算明细表").click()
    expect(page.locator("#lines-total")).to_have_text("3935200.00")
    page.get_by_label("第2行 金额（元）").fill("47000")
    expect(page.locator("#lines-total")).to_have_text("3936200.00")
    page.get_by_role("button", name="再加5行").click()
    page.get_by_label("第50行 项目").fill("没有这个项目")
    page.get_by_label("第50行 功能分类").fill("2060101")
    page.get_by_label("第50行 金额（元）").fill("1")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("alert")).to_contain_text("“没有这个项目”不是本预算的项目")
    expect(page.get_by_label("第2行 金额（元）")).to_have_value("47000")
    page.get_by_role("alert").get_by_role("link", name="第50行 项目").click()
    expect(page.locator("tr:target")).to_be_in_viewport()
    for column in ("项目", "功能分类", "金额（元）"):
        page.get_by_label(f"第50行 {column}").fill("")
    page.get_by_role("button", name="保存").click()
    expect(page.locator(".messagelist")).to_have_text("已保存：修改1行。")
    assert Budget.objects.get(pk=loaded.pk).version == loaded.version + 1
    page.get_by_role("button", name="退出登录").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("登录")
    assert complaints == []


def test_a_code_is_picked_by_number_or_name(page, live_server, loaded, log_in, complaints):
    log_in("jingban")
    line = Line.objects.filter(economic__code="30103").first()
    page.goto(f"{live_server.url}/admin/budget/line/{line.pk}/change/")
    page.locator(".field-economic .select2-selection").click()
    page.get_by_role("searchbox").last.fill("绩效")
    page.get_by_role("option", name="30107 绩效工资").click()
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.locator(".messagelist")).to_contain_text("成功")
    assert Line.objects.get(pk=line.pk).economic.code == "30107"
    assert complaints == []
