"""Import in a real Chromium: choose, look, confirm by keyboard; nothing scrolls sideways, axe finds nothing."""

import pytest
from playwright.sync_api import expect

from budget.models import Budget, Line
from records.models import Job
from tests.budget.importing.workbooks import workbook
from tests.importing.pages import HEAD, ROWS
from tests.web.conftest import AT
from tests.web.test_browser import complaints, found_by_axe, loaded, log_in, scrolls_sideways

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
__all__ = ["complaints", "loaded", "log_in"]


def faults(page) -> list[str]:
    found = []
    for width in (1440, 360):
        page.set_viewport_size({"width": width, "height": 800})
        found += [*found_by_axe(page), *scrolls_sideways(page, width)]
    return found


def send(page, tmp_path, rows):
    file = tmp_path / "明细.xlsx"
    file.write_bytes(workbook([HEAD, *rows]))
    page.get_by_label("文件（.xlsx").set_input_files(file)
    page.get_by_role("button", name="上传并核对").press("Enter")


def test_a_file_is_mended_looked_at_and_confirmed(page, live_server, loaded, log_in, complaints, tmp_path):
    log_in("jingban")
    page.goto(f"{live_server.url}{AT}lines/")
    page.get_by_role("link", name="从文件导入").press("Enter")
    found = faults(page)
    send(page, tmp_path, [[*ROWS[0][:7], "1O8.34"], *ROWS[1:]])
    expect(page.get_by_role("heading", name="没有导入：有 1 处错误")).to_be_visible()
    expect(page.get_by_role("row", name="明细!H2")).to_contain_text("是否应为0")
    found += faults(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="下载标注副本").press("Enter")
    assert download.value.suggested_filename == "明细-错误标注.xlsx"
    page.goto(f"{live_server.url}{AT}import/")
    send(page, tmp_path, ROWS)
    expect(page.get_by_text("导入后合计")).to_be_visible()
    found += faults(page)
    before = Line.objects.count()
    page.get_by_role("button", name="确认导入").press("Enter")
    expect(page.get_by_text("已于")).to_be_visible()
    assert (before, Line.objects.count()) == (40, 4)
    found += faults(page)
    job = Job.objects.create(
        kind="import-preview", title="导入预览：明细.xlsx", owner=loaded_clerk(), state="waiting", total=4, done=0
    )
    for address in ("/jobs/", f"/jobs/{job.uid}/"):
        page.goto(f"{live_server.url}{address}")
        found += faults(page)
    Job.objects.filter(pk=job.pk).update(state="cancelled", finished=job.created)
    expect(page.get_by_role("status")).to_contain_text("已取消")  # the page looks again by itself
    found += faults(page)
    assert found == []
    assert complaints == []


def loaded_clerk():
    return Budget.objects.get(unit__code="566001").uploads.first().owner
