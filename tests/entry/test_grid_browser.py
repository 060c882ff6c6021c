"""The grid in a real Chromium: paste, keys, saving by itself, and what may go wrong on the way."""

import csv
import re
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import expect

from budget.models import DraftRow, Item, Line
from publication import demo
from tests.entry.grid_page import answered, basic_lines, saved_by, sheet, stored_total
from tests.web.test_browser import complaints, found_by_axe, loaded, log_in

__all__ = ["complaints", "loaded", "log_in", "sheet"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

GOLDEN = Path(__file__).parents[1] / "golden" / "lines.csv"
BASIC = ("人员类", "公用经费")
HEADS = ("类别", "项目名称", "功能分类", "部门经济分类", "资金性质", "金额")
KEYS = ("category", "item", "function", "dept_economic", "fund", "amount")
TOTAL = "200.52"


def reference():
    """The 33 basic lines of the reference, as they stand in its workbook."""
    with GOLDEN.open(encoding="utf-8-sig", newline="") as file:
        return [[row[key] for key in KEYS] for row in csv.DictReader(file) if row["category"] in BASIC]


def test_the_reference_is_pasted_from_excel_and_undone_in_one_step(sheet, complaints):
    at = sheet()
    at.here.focus()
    at.keys.press("Control+a")
    at.keys.press("Control+Delete")
    expect(at.total).to_have_text("0.00")
    at.saved()
    assert basic_lines().count() == 0
    rows = [HEADS, *reference(), ("", "合计", "", "", "", "1,200.52")]
    at.copy("".join("\t".join(row) + "\r\n" for row in rows))
    at.keys.press("Control+v")
    dialog = at.page.get_by_role("dialog", name="粘贴：请核对")
    expect(dialog).to_contain_text("新增33行")
    expect(dialog).to_contain_text("合计")
    assert basic_lines().count() == 0
    at.keys.press("Enter")
    expect(at.total).to_have_text(TOTAL)
    assert (basic_lines().count(), stored_total()) == (33, Decimal(2005200))
    at.keys.press("Control+z")
    expect(at.total).to_have_text("0.00")
    at.saved()
    assert basic_lines().count() == 0
    at.keys.press("Control+y")
    expect(at.total).to_have_text(TOTAL)
    at.saved()
    assert (basic_lines().count(), stored_total()) == (33, Decimal(2005200))
    assert complaints == []


def test_a_paste_with_a_mistake_writes_nothing_and_says_where(sheet, complaints):
    at = sheet()
    at.here.focus()
    at.keys.press("Control+End")
    at.keys.press("Home")
    rows = [HEADS, ("公用经费", "印刷费用", "2060101", "30202", "一般公共预算", "1O.5"), *reference()[:1]]
    at.copy("".join("\t".join(row) + "\r\n" for row in rows))
    at.keys.press("Control+v")
    dialog = at.page.get_by_role("dialog")
    expect(dialog).to_contain_text("含字母O")
    expect(dialog.get_by_role("button", name="全部写入")).to_be_disabled()
    assert found_by_axe(at.page) == []
    at.keys.press("Escape")
    expect(at.here).to_be_focused()
    assert (basic_lines().count(), stored_total()) == (33, Decimal(2005200))


def test_the_same_rows_are_typed_without_a_mouse(sheet, complaints):
    at = sheet()
    at.here.focus()
    at.keys.press("Control+a")
    at.keys.press("Control+Delete")
    expect(at.total).to_have_text("0.00")
    at.enter()
    for category, name, function, economic, _, amount in reference():
        at.type(category)
        at.type(name)
        at.keys.press("Tab")  # 性质 follows
        at.type(function)
        at.type(economic)
        for _ in ("the government class follows", "the fund is there", "结转"):
            at.keys.press("Tab")
        at.type(amount, "Enter")
    expect(at.total).to_have_text(TOTAL)
    at.saved()
    expect(at.total).to_have_text(TOTAL)
    assert (basic_lines().count(), stored_total()) == (33, Decimal(2005200))
    assert complaints == []


def test_what_is_undone_cell_by_cell_leaves_no_row(sheet, complaints):
    at = sheet()
    at.enter()
    for text in ("公用经费", "印刷费用", "", "2060101", "30202", "", "", ""):
        at.type(text) if text else at.keys.press("Tab")
    expect(at.cell(34, "资金性质")).to_have_text("一般公共预算")
    expect(at.cell(34, "资金性质")).to_have_class(re.compile("is-proposed"))
    at.keys.type("1.50")
    at.keys.press("Enter")
    expect(at.total).to_have_text("202.02")
    at.saved()
    expect(at.cell(34, "性质")).to_have_text("行政")
    for _ in range(5):
        at.keys.press("Control+z")
    expect(at.total).to_have_text(TOTAL)
    at.saved()
    assert not Line.objects.filter(item__name="印刷费用").exists() and not DraftRow.objects.exists()
    for _ in range(5):
        at.keys.press("Control+y")
    expect(at.total).to_have_text("202.02")
    at.saved()
    line = Line.objects.select_related("fund", "item").get(item__name="印刷费用")
    assert (line.amount, line.fund.label, line.item.nature) == (Decimal(15000), "一般公共预算", "行政")
    assert complaints == []


def test_codes_are_found_in_place_also_without_a_network(sheet, context, complaints):
    at = sheet()
    at.enter()
    at.page.wait_for_load_state("networkidle")
    context.set_offline(True)
    at.type("人员类")
    at.type("差旅及会议")
    at.keys.press("Tab")
    at.keys.type("206xzyx")
    expect(at.page.get_by_role("option").first).to_contain_text("2060101")
    at.keys.press("Tab")
    at.keys.type("clf")
    expect(at.page.get_by_role("option").first).to_contain_text("30211")
    at.keys.press("Enter")
    expect(at.cell(34, "功能分类")).to_have_text("2060101 行政运行")
    expect(at.cell(34, "部门预算")).to_have_text("30211 差旅费")
    expect(at.cell(34, "政府预算")).to_have_text("50201 办公经费")
    expect(at.state).to_have_text("未保存（离线）")
    context.set_offline(False)
    at.saved()


def test_nothing_is_lost_or_doubled_when_answers_do_not_come(sheet, context, complaints):
    at = sheet()
    operations, how = [], iter(["lost", "refused"])

    def answer(route):
        operations.append(route.request.post_data_json["operation"])
        fate = next(how, "")
        if fate == "lost":
            route.fetch()  # the server writes, its answer is lost
        if fate:
            route.abort()
        else:
            route.continue_()

    answered(at.page, answer)
    at.enter()
    for text in ("公用经费", "印刷费用", "", "2060101", "30202", "", "一般公共预算", ""):
        at.type(text) if text else at.keys.press("Tab")
    at.keys.type("1.50")
    at.keys.press("Enter")
    expect(at.state).to_have_text("未保存（离线）")
    at.cell(34, "金额").click()
    at.keys.type("2.50")
    at.keys.press("Enter")
    at.saved()
    assert operations[:3] == [operations[0]] * 3 and operations[3] != operations[0]
    assert [line.amount for line in Line.objects.filter(item__name="印刷费用")] == [Decimal(25000)]
    expect(at.total).to_have_text("203.02")


def test_a_killed_window_gives_back_what_was_typed(sheet, context, complaints):
    at = sheet()
    answered(at.page, lambda route: route.abort())
    at.cell(2, "金额").click()
    at.keys.type("7.77")
    at.keys.press("Enter")
    expect(at.state).to_have_text("未保存（离线）")
    at.page.close(run_before_unload=False)
    again = sheet(on=context.new_page())
    again.page.get_by_role("button", name="恢复").click()
    again.saved()
    assert Line.objects.get(item__name="年终一次性奖金").amount == Decimal(77700)
    again.page.reload()
    again.page.locator("[data-grid][data-ready]").wait_for()
    expect(again.page.get_by_role("button", name="恢复")).to_have_count(0)


def test_two_people_on_one_row_choose_cell_by_cell(sheet, complaints):
    at = sheet()
    row = at.page.locator("tr[aria-rowindex='5']").get_attribute("data-row")
    saved_by("guanli", {row: {"amount": "4.80", "function": "2060103"}})
    at.cell(2, "金额").click()
    at.keys.type("4.70")
    at.keys.press("Enter")
    at.keys.type("1.62")
    at.keys.press("Enter")
    conflict = at.page.get_by_role("alert").filter(has_text="同时被他人修改")
    expect(conflict).to_contain_text("4.70")
    expect(conflict).to_contain_text("4.80")
    expect(at.state).to_have_text("有1处冲突")
    expect(at.cell(3, "金额")).to_have_text("1.62")
    assert found_by_axe(at.page) == []
    conflict.get_by_role("button", name="都用我的").click()
    at.saved()
    line = Line.objects.select_related("function").get(item__name="年终一次性奖金")
    assert (line.amount, line.function.code) == (Decimal(47000), "2060103")
    assert Line.objects.get(item__name="在职人员公用经费公务交通补贴（行政）").amount == Decimal(16200)


def test_an_expired_log_in_loses_nothing(sheet, context, live_server, complaints):
    at = sheet()
    context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    at.cell(2, "金额").click()
    at.keys.type("4.90")
    at.keys.press("Enter")
    expect(at.state).to_have_text("未保存（请登录）")
    expect(at.cell(2, "金额")).to_have_text("4.90")
    with context.expect_page() as opened:
        at.page.get_by_role("link", name="在新窗口登录").click()
    other = opened.value
    other.get_by_label("用户名").fill("jingban")
    other.get_by_label("密码").fill(demo.PASSWORD)
    other.keyboard.press("Enter")
    other.wait_for_url(lambda address: "login" not in address)
    other.close()
    at.page.get_by_role("button", name="已登录，继续保存").click()
    at.saved()
    assert Line.objects.get(item__name="年终一次性奖金").amount == Decimal(49000)


def test_the_keys_of_the_grid(sheet, complaints):
    at = sheet()
    at.page.locator("[data-checks-said]").focus()
    at.keys.press("Tab")
    expect(at.cell(1, "类别")).to_be_focused()
    at.keys.press("Control+ArrowDown")
    expect(at.cell(33, "类别")).to_be_focused()
    at.keys.press("Control+Home")
    at.keys.press("End")
    at.keys.press("Home")
    at.keys.press("PageDown")
    at.keys.press("PageUp")
    expect(at.cell(1, "类别")).to_be_focused()
    at.keys.press("?")
    expect(at.page.get_by_role("dialog", name="键盘操作")).to_be_visible()
    at.keys.press("Escape")
    expect(at.cell(1, "类别")).to_be_focused()
    for _ in range(8):
        at.keys.press("ArrowRight")
    amount = at.cell(1, "金额")
    expect(amount).to_be_focused()
    for number in range(1, 52):
        at.keys.type(f"{number}.01")
        at.keys.press("Control+Enter")
    expect(amount).to_have_text("51.01")
    for _ in range(51):
        at.keys.press("Control+z")
    expect(amount).to_have_text("35.76")
    at.keys.press("Shift+ArrowDown")
    at.keys.press("Control+d")
    expect(at.cell(2, "金额")).to_have_text("35.76")
    at.keys.press("Control+z")
    at.keys.press("Alt+Insert")
    expect(at.cell(3, "金额")).to_have_text("4.60")
    at.keys.press("Control+z")
    expect(amount).to_have_text("35.76")
    at.keys.press("Escape")
    at.keys.press("Tab")
    assert at.page.evaluate("document.activeElement.closest('[role=grid]') === null")
    at.saved()
    assert stored_total() == Decimal(2005200)
    assert complaints == []


def test_the_grid_is_accessible_and_stays_in_its_frame(sheet, log_in, complaints):
    faults = []
    project = Item.objects.projects().get(name="补充解放区科技贷款贴息专项资金")
    for path, width in (("basic/", 1440), ("basic/", 360), (f"projects/{project.uid}/lines/", 1440)):
        at = sheet(path)
        at.page.set_viewport_size({"width": width, "height": 800})
        at.page.reload()
        at.page.locator("[data-grid][data-ready]").wait_for()
        if at.page.evaluate("document.documentElement.scrollWidth") > width:
            faults.append(f"{path} scrolls sideways at {width}")
        faults += [f"{width} {fault}" for fault in found_by_axe(at.page)]
        at.here.focus()
        for key in ("Control+End", "Control+Home", "PageDown", "Control+End", "PageUp"):
            at.keys.press(key)
            covered = at.here.evaluate(
                "cell => { const box = cell.getBoundingClientRect();"
                " const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);"
                " return cell !== top && !cell.contains(top); }"
            )
            if covered:
                faults.append(f"{path} {width}: after {key} the focus is hidden")
    log_in("shenhe")
    at = sheet()
    expect(at.state).to_have_text("只读")
    expect(at.total).to_have_text(TOTAL)
    at.here.focus()
    at.keys.type("1")
    expect(at.hint).to_have_text("现在不能修改。")
    faults += found_by_axe(at.page)
    assert faults == []
    assert complaints == []
