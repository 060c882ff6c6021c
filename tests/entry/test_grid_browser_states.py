"""The grid in Chromium: what nobody has looked at is marked; a busy server; an empty grid says what belongs there."""

import pytest
from playwright.sync_api import expect

from budget.models import Item, Line, Origin
from tests.entry.grid_page import Sheet, answered, basic_lines, sheet
from tests.entry.pages import AT
from tests.web.test_browser import complaints, loaded, log_in

__all__ = ["complaints", "loaded", "log_in", "sheet"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def confirm(at: Sheet) -> None:
    at.page.locator("summary", has_text="更多").click()
    at.page.get_by_role("button", name="已核对所选行").click()


def test_copied_and_presumed_rows_are_marked_until_looked_at(sheet, complaints):
    basic_lines().update(origin=Origin.COPIED)
    presumed = basic_lines().order_by("item__position").first()
    Line.objects.filter(pk=presumed.pk).update(origin=Origin.PRESUMED)
    at = sheet()
    marks = at.page.locator("tbody .is-number.is-marked")
    told = at.page.locator('tbody .is-number.is-marked[title^="推定"]')
    count = marks.count()
    assert count > 5 and told.count() == 1
    at.cell(3, "金额").click()
    at.keys.type("9.99")
    at.keys.press("Enter")
    at.saved()
    expect(marks).to_have_count(count - 1)
    at.cell(5, "项目名称").click()
    confirm(at)
    at.saved()
    expect(marks).to_have_count(count - 2)
    assert basic_lines().unchecked().count() == 31
    at.here.focus()
    at.keys.press("Control+a")
    confirm(at)
    at.saved()
    expect(marks).to_have_count(0)
    assert not basic_lines().unchecked().exists()
    assert complaints == []


def test_a_busy_server_is_asked_again_by_the_grid_itself(sheet):
    at, sent = sheet(), []

    def answer(route):
        sent.append(route.request.post_data_json["operation"])
        if len(sent) == 1:
            route.fulfill(status=503, headers={"Retry-After": "1"}, json={"reason": "系统正忙"})
        else:
            route.continue_()

    answered(at.page, answer)
    at.cell(1, "金额").click()
    at.keys.type("12.34")
    at.keys.press("Enter")
    expect(at.state).to_contain_text("系统正忙")
    at.saved()
    assert len(sent) == 2 and sent[0] == sent[1]


def test_an_empty_grid_says_what_belongs_there_until_something_does(sheet):
    Item.objects.basic().delete()
    at = sheet()
    first = at.page.locator("[data-first]")
    expect(first).to_contain_text("还没有基本支出")
    expect(first.get_by_role("link", name="从文件导入")).to_have_attribute("href", f"{AT}import/")
    at.here.focus()
    at.type("公用经费")
    expect(first).to_be_hidden()
