"""The public pages in a real Chromium, as a citizen meets them: on a phone, without scripts, by keyboard, on paper."""

import re
import subprocess

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from publication.public.edition import edition_of
from publication.public.pages import addresses
from tests import beginnings
from tests.publication.versions import put

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
AT = "/public/566/2024/"
PHONE, DESK = {"width": 360, "height": 740}, {"width": 1440, "height": 900}


@pytest.fixture
def site(transactional_db, live_server):
    """Two versions of the reference, published; the address of the site."""
    beginnings.demonstration(with_people=False)
    put()
    put(explanation="金额填列有误，现予更正。")
    return live_server.url


def pages() -> list[str]:
    shown = [one for one in addresses(edition_of("566", 2024)) if not re.match(r"projects/[2-9]", one)]
    return ["/public/", "/public/566/", *(f"{AT}{one}" for one in shown), f"{AT}v1/", f"{AT}search/?q=科技"]


def test_every_page_on_a_phone_and_on_a_desk(page, site):
    complaints, fetched = [], []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("response", lambda response: fetched.append((response.url, response.status)))
    axe, found, wide = Axe(), [], []
    for size in (PHONE, DESK):
        page.set_viewport_size(size)
        for address in pages():
            page.goto(f"{site}{address}")
            if page.evaluate("document.documentElement.scrollWidth") > size["width"]:
                wide.append((size["width"], address))
            if size is PHONE or address == AT:
                found += [(address, one["id"]) for one in axe.run(page).response["violations"]]
    assert (wide, found, complaints) == ([], [], [])
    assert {status for _, status in fetched} == {200}
    assert all(url.startswith(f"{site}/public/") for url, _ in fetched)


def test_the_first_table_needs_no_sideways_scroll_on_a_phone_and_wide_ones_hold_words(page, site):
    page.set_viewport_size(PHONE)
    page.goto(f"{site}{AT}tables/revenue_and_expenditure/")
    assert page.evaluate("(frame => frame.scrollWidth <= frame.clientWidth)(document.querySelector('.grid-wrap'))")
    page.goto(f"{site}{AT}tables/project_performance/")
    words = "[...document.querySelectorAll('.grid td:not([class])')].filter(cell => cell.innerText)"
    assert page.evaluate(f"Math.min(...{words}.map(cell => cell.offsetWidth))") > 80


def test_a_citizen_without_scripts_finds_what_is_asked(browser, site):
    """三公经费今年多少，比去年？ And then the table, a word, a project and its goal."""
    context = browser.new_context(java_script_enabled=False, viewport=PHONE)
    page = context.new_page()
    page.goto(f"{site}/public/")
    page.get_by_role("searchbox").fill("keji")
    page.get_by_role("button", name="查找").click()
    page.get_by_role("link", name="焦作市解放区科技和工业信息化局2024年部门预算").click()
    expect(page.get_by_text("“三公”经费0.20万元，比上年减少0.02万元，下降9.09%")).to_be_visible()
    page.get_by_role("link", name="预算表", exact=True).click()
    page.get_by_role("link", name="2024年部门支出预算表").click()
    frame = page.get_by_role("region", name="2024年部门支出预算表")
    frame.focus()
    expect(frame).to_be_focused()
    page.get_by_text("表中各栏的意思").click()
    expect(page.get_by_text("全部支出，等于基本支出加项目支出。")).to_be_visible()
    page.get_by_role("link", name="项目", exact=True).click()
    page.get_by_role("link", name="补充解放区科技贷款贴息专项资金").click()
    expect(page.get_by_role("heading", name="绩效目标")).to_be_visible()
    page.get_by_role("link", name="版本", exact=True).click()
    page.get_by_role("link", name="第1版").click()
    expect(page.get_by_text("这一版已经更正。")).to_be_visible()
    context.close()


def test_a_keyboard_reaches_the_words_and_the_tables(page, site):
    page.goto(f"{site}{AT}tables/expenditure/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳到正文")).to_be_focused()
    page.keyboard.press("Enter")
    for _ in range(6):
        page.keyboard.press("Tab")
        if page.get_by_role("region", name="2024年部门支出预算表").evaluate("one => one === document.activeElement"):
            break
    else:
        raise AssertionError("the table is never reached")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"


def test_the_summary_is_one_sheet_of_paper(page, site, tmp_path):
    page.goto(f"{site}{AT}")
    page.pdf(path=tmp_path / "summary.pdf", prefer_css_page_size=True)
    facts = subprocess.run(["pdfinfo", tmp_path / "summary.pdf"], capture_output=True, text=True, check=True).stdout
    assert re.search(r"Pages:\s+1\n", facts) and "A4" in facts
    text = subprocess.run(["pdftotext", tmp_path / "summary.pdf", "-"], capture_output=True, text=True, check=True)
    assert "每100元花在哪" in text.stdout and "393.52" in text.stdout


def test_larger_letters_lose_nothing(page, site):
    """At 200 % of 720 points across, which is 360."""
    page.set_viewport_size({"width": 720, "height": 900})
    for address in (AT, f"{AT}tables/expenditure/", "/public/"):
        page.goto(f"{site}{address}")
        page.evaluate("document.documentElement.style.zoom = '2'")
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1"), address
