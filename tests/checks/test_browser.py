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
