"""从以前的预算带入 in Chromium: with the keyboard, wide and narrow, without a fault that axe knows."""

import pytest
from playwright.sync_api import expect

from budget.models import Line
from tests.budget.copying.workbooks import published
from tests.factories import make_budget
from tests.web.test_browser import complaints, found_by_axe, loaded, log_in, scrolls_sideways  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
AT = "/566001/2025/second/copy/"


def faults(page, width):
    return [*found_by_axe(page), *scrolls_sideways(page, width)]


def test_a_new_year_by_keyboard_and_a_published_workbook(page, live_server, log_in, loaded, complaints, tmp_path):  # noqa: F811
    draft = make_budget(loaded.unit, year=2025)
    file = tmp_path / "公开.xlsx"
    file.write_bytes(published())
    log_in("jingban")
    page.set_viewport_size({"width": 360, "height": 700})
    page.goto(live_server.url + AT)
    found = faults(page, 360)
    page.get_by_label("公开的工作簿（.xlsx）").set_input_files(file)
    page.get_by_role("button", name="读取并预览").press("Enter")
    expect(page.get_by_text("与原表完全一致")).to_be_visible()
    found += faults(page, 360)
    page.set_viewport_size({"width": 1440, "height": 800})
    page.goto(live_server.url + AT)
    page.get_by_label("金额按百分比增减").press("Space")
    page.get_by_label("增减百分比").fill("5")
    page.get_by_role("button", name="预览", exact=True).press("Enter")
    expect(page.get_by_role("heading", name="核对带入的内容")).to_be_visible()
    found += faults(page, 1440)
    page.get_by_role("button", name="带入本稿").press("Enter")
    expect(page.get_by_role("heading", name="带入后未核对的明细")).to_be_visible()
    for width in (1440, 360):
        page.set_viewport_size({"width": width, "height": 700})
        found += faults(page, width)
    page.get_by_role("button", name="所选明细标为已核对").press("Enter")
    expect(page.get_by_text("已核对：40 条明细。")).to_be_visible()
    assert not Line.objects.of(draft).unchecked().exists()
    assert found == [] and complaints == []
