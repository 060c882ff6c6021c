"""检查 in a browser: from the list to the cell in two clicks, an explanation by keyboard, nothing serious for axe."""

import pytest
from playwright.sync_api import expect

from tests.web.conftest import budget

__all__ = ["budget"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_from_the_navigation_to_the_line_in_two_clicks(page, live_server, budget):
    complaints = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.goto(f"{live_server.url}/login/")
    page.get_by_label("用户名").fill("jingban")
    page.locator("[name=password]").fill("Mingzhang-2024")
    page.keyboard.press("Enter")
    expect(page.locator("[data-checks-count]")).to_contain_text("19")
    page.get_by_role("link", name="检查 19").click()
    rule = page.locator("article", has_text="通常列 2080506")
    rule.locator(".places a").first.click()
    expect(page.locator("main")).to_contain_text("职业年金")
    page.go_back()
    rule.get_by_text("说明", exact=True).focus()
    page.keyboard.press("Enter")
    rule.get_by_label("常用理由").select_option(index=2)
    rule.get_by_role("button", name="保存说明").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".messages")).to_contain_text("已说明")
    expect(page.locator("[data-checks-count]")).to_contain_text("18")
    assert complaints == []


def test_a_line_is_found_in_the_grid_and_the_count_follows_a_save(page, live_server, budget):
    page.goto(f"{live_server.url}/login/")
    page.get_by_label("用户名").fill("jingban")
    page.locator("[name=password]").fill("Mingzhang-2024")
    page.keyboard.press("Enter")
    expect(page.locator("[data-checks-count]")).to_contain_text("19")
    page.goto(f"{live_server.url}/566001/2024/second/checks/")
    rule = page.locator("article", has_text="通常列 2080506")
    rule.locator(".places a").first.click()
    active = page.locator("td[role=gridcell]:focus, td.is-active, td[aria-selected=true]").first
    expect(active).to_contain_text("30109")
    expect(page.locator("[data-checks-said]")).to_have_text("检查：错误 0 处，警告 19 处")
    with page.expect_response(lambda answer: "format=count" in answer.url):
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("ArrowLeft")
        page.keyboard.type("2080506")
        page.keyboard.press("Enter")
    expect(page.locator("[data-checks-said]")).to_have_text("检查：错误 0 处，警告 18 处")
