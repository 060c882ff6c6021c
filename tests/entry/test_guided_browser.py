"""Paste, first run and help in a real Chromium, by keyboard."""

import re
import time

import pytest
from playwright.sync_api import expect

from budget.models import Item, Line
from performance.models import ProjectIndicator
from tests.entry.grid_page import Sheet
from tests.entry.pages import AT
from tests.entry.test_browser import complaints, loaded, log_in, typing
from tests.entry.test_grid_browser import TOTAL, reference
from tests.factories import PASSWORD, make_unit, make_user
from tests.web.test_browser import found_by_axe

__all__ = ["complaints", "loaded", "log_in", "typing"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_an_indicator_table_is_pasted_and_taken_back(typing, complaints):
    project = Item.objects.projects().get(name="补充解放区科技贷款贴息专项资金")
    count = ProjectIndicator.objects.filter(item=project).count()
    page = typing(f"projects/{project.uid}/edit/")
    page.locator("#indicators").get_by_role("link", name="从 Excel 粘贴").press("Enter")
    box = page.get_by_label("把从 Excel 或 WPS 复制的表格粘贴到这里")
    expect(box).to_be_focused()
    table = "一级指标\t三级指标\t指标值\r\n产出指标\t贴息企业数\t≥25家\r\n\t贴息及时率\t不低于95%\r\n"
    box.fill(table)
    page.get_by_role("button", name="看看会改什么").press("Enter")
    expect(page.get_by_role("heading", name="核对后写入：新增 2 行")).to_be_visible()
    expect(page.get_by_role("cell", name="≥ 95 %")).to_be_visible()
    faults = found_by_axe(page)
    page.keyboard.press("Enter")  # the button is where one is
    expect(page.get_by_text("已粘贴：新增 2 行。")).to_be_visible()
    assert ProjectIndicator.objects.filter(item=project).count() == count + 2
    page.get_by_role("button", name="撤销刚才的粘贴").press("Enter")
    expect(page.get_by_text("已撤销刚才的粘贴")).to_be_visible()
    assert ProjectIndicator.objects.filter(item=project).count() == count
    page.set_viewport_size({"width": 360, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert faults + found_by_axe(page) == [] and complaints == []


def test_from_the_first_log_in_to_the_first_saved_cell_by_keyboard(page, live_server, loaded, complaints):
    make_user("clerk", make_unit("566009"), username="xinren")
    page.goto(f"{live_server.url}/login/")
    keys = page.keyboard
    page.get_by_label("用户名").fill("xinren")
    page.get_by_label("密码").fill(PASSWORD)
    keys.press("Enter")
    expect(page.get_by_role("button", name="开始一份预算")).to_be_focused()
    faults = found_by_axe(page)
    keys.press("Enter")
    step = page.get_by_role("link", name="填基本支出")
    expect(step).to_be_visible()
    step.press("Enter")
    page.locator("[data-grid][data-ready]").wait_for()
    grid = Sheet(page)
    grid.here.focus()
    for text in ("公用经费", "办公费", "行政", "2060101", "30201", "", "一般公共预算", ""):
        grid.type(text) if text else keys.press("Tab")
    grid.type("1.2", "Enter")
    grid.saved()
    assert Line.objects.filter(item__budget__unit__code="566009").count() == 1
    assert faults == [] and complaints == []


def test_a_new_clerk_with_the_reference_on_the_clipboard_is_done_within_a_minute(
    page, context, live_server, loaded, log_in, complaints
):
    make_user("clerk", make_unit("566009"), username="xinren")
    log_in("xinren")
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    rows = [("类别", "项目名称", "功能分类", "部门经济分类", "金额"), *(one[:4] + one[5:] for one in reference())]
    began = time.monotonic()
    page.goto(live_server.url)
    page.get_by_role("button", name="开始一份预算").press("Enter")
    page.get_by_role("link", name="填基本支出").press("Enter")
    page.locator("[data-grid][data-ready]").wait_for()
    grid = Sheet(page)
    grid.copy("".join("\t".join(row) + "\r\n" for row in [*rows, ("合计", "", "", "", TOTAL)]))
    grid.here.focus()
    page.keyboard.press("Control+v")
    expect(page.get_by_role("dialog")).to_contain_text(f"粘贴的金额合计{TOTAL}万元，与合计行一致")
    page.keyboard.press("Enter")
    expect(grid.total).to_have_text(TOTAL)
    grid.saved()
    taken = time.monotonic() - began
    lines = Line.objects.filter(item__budget__unit__code="566009")
    assert (lines.count(), sum(line.amount for line in lines)) == (33, 2_005_200)
    print(f"\n33 lines from the clipboard into an empty unit: {taken:.1f} s")
    assert taken < 60 and complaints == []


def test_a_value_says_how_it_is_read_and_a_table_what_its_columns_mean(typing, complaints):
    project = Item.objects.projects().get(name="补充解放区科技贷款贴息专项资金")
    page = typing(f"projects/{project.uid}/edit/")
    value = page.get_by_label(re.compile("^绩效指标，第1行，.*指标值$"))
    value.fill("1-3次")
    row = page.locator("#indicators [data-reading]").first
    expect(row).to_contain_text("是一个区间")
    value.fill("不少于12")
    expect(row).to_have_text("≥12家")
    page.goto(page.url.replace(f"projects/{project.uid}/edit/", "tables/expenditure/"))
    page.get_by_text("名词解释和填列说明").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("反映政府职能的大类").first).to_be_visible()
    head = page.get_by_role("columnheader", name=re.compile("^工资福利支出$"))
    expect(head).to_have_accessible_description(re.compile("工资福利支出（301）"))
    assert AT in page.url and found_by_axe(page) == [] and complaints == []
