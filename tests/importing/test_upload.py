"""A file through the pages: errors at their cells, the changes before anything is written, written exactly once."""

import io
from pathlib import Path

import openpyxl
import pytest
from django.test import Client
from django.utils import timezone

from budget.importing import files, uploads
from budget.importing.lines import apply
from budget.importing.lines import read as read_lines
from budget.models import Budget, Item, Line, Upload
from records.file_types import plain_name
from records.models import ChangeRecord, Job
from tests.budget.importing.workbooks import workbook
from tests.factories import make_budget, make_item, make_line, make_user
from tests.importing.pages import HEAD, ROWS, Pages, lines_csv

pytestmark = pytest.mark.django_db
FILE = [HEAD, *ROWS]


def html(response) -> str:
    return response.content.decode()


def test_a_file_is_shown_before_it_is_written_and_written_when_confirmed(pages, last_upload):
    shown = pages.send(workbook(FILE))
    assert shown.status_code == 200
    upload = last_upload()
    assert upload.state == "ready"
    assert not Line.objects.exists()
    assert "办公费（行政）" in html(shown)
    assert "1,136,500.00" in html(shown) or "113.65" in html(shown)  # the sum after it
    done = pages.answer(upload, "confirm")
    assert "已于" in html(done)
    assert sum(Line.objects.values_list("amount", flat=True)) == 1_136_500
    upload.refresh_from_db()
    assert upload.state == "applied"


def test_the_history_names_the_file_with_its_hash_and_who_sent_it(pages, last_upload, clerk):
    pages.send(workbook(FILE), "二上 明细.xlsx")
    pages.answer(last_upload(), "confirm")
    upload = last_upload()
    told = ChangeRecord.objects.get(subject="budget.upload")
    assert told.label == "导入文件二上 明细.xlsx"
    assert (told.via, told.by, told.after["sha256"]) == ("import", clerk, upload.sha256)
    assert set(ChangeRecord.objects.filter(via="import").values_list("operation")) == {(told.operation,)}


def test_the_same_confirmation_again_changes_nothing(pages, last_upload):
    pages.send(workbook(FILE))
    upload = last_upload()
    for _ in range(3):
        assert pages.answer(upload, "confirm").status_code == 200
    pages.budget.refresh_from_db()
    assert pages.budget.version == 2
    assert Line.objects.count() == 4


def test_the_same_file_sent_twice_is_written_once(pages, last_upload):
    pages.send(workbook(FILE))
    first = last_upload()
    pages.send(workbook(FILE))
    second = last_upload()
    assert first.pk != second.pk
    pages.answer(first, "confirm")
    refused = pages.answer(second, "confirm")
    assert refused.status_code == 409
    assert "重新预览" in html(refused)
    assert Line.objects.count() == 4
    again = pages.answer(second, "preview")
    assert "没有要导入的变化" in html(again)
    assert 'value="confirm"' not in html(again)


def test_a_draft_that_moved_meanwhile_is_not_overwritten(pages, last_upload):
    pages.send(workbook(FILE))
    item = make_item(pages.budget, "他人新增")
    make_line(item, 50_000)
    shown = pages.client.get(pages.url(last_upload()))
    assert "重新预览" in html(shown)
    assert 'value="confirm"' not in html(shown)
    refused = pages.answer(last_upload(), "confirm")
    assert refused.status_code == 409
    assert Line.objects.count() == 1
    again = pages.answer(last_upload(), "preview")
    assert "他人新增" in html(again)  # what the file takes away is said
    assert "删除项目" in html(again)
    assert pages.answer(last_upload(), "confirm").status_code == 200
    assert not Item.objects.filter(name="他人新增").exists()


def test_a_confirmation_of_an_older_preview_is_refused(pages, last_upload):
    pages.send(workbook(FILE))
    before = last_upload()
    make_item(pages.budget, "他人新增")
    pages.answer(before, "preview")
    assert pages.answer(before, "confirm", seen=before.seen).status_code == 409
    for nonsense in ("", "abc", "9" * 30, "-1"):
        assert pages.answer(last_upload(), "confirm", seen=nonsense).status_code == 409
    assert pages.answer(last_upload(), "nonsense").status_code == 409
    assert not Line.objects.exists()


def test_what_changes_is_told_old_and_new(pages, last_upload):
    load(pages.budget, FILE)
    changed = [row[:] for row in ROWS]
    changed[1][7] = 2.5
    del changed[2]
    changed.append(["公用经费", "邮电费（行政）", None, "2060101", "30207", "50201", "一般公共预算", 0.07])
    pages.send(workbook([HEAD, *changed]))
    diff = last_upload().report["diff"]
    rows = {(item["name"], row["kind"]): (row["old"], row["new"]) for item in diff["items"] for row in item["rows"]}
    assert rows == {
        ("办公费（行政）", "修改"): (1_810_000, 2_500_000),
        ("水费（行政）", "删除"): (500_000, None),
        ("邮电费（行政）", "新增"): (None, 70_000),
    }
    assert diff["after"] - diff["before"] == 690_000 - 500_000 + 70_000
    assert [item["said"] for item in diff["items"]] == [[], ["删除项目"], ["新增项目"]]


def load(budget, rows):
    reading = read_lines(workbook(rows), "a.xlsx", budget)
    assert reading.error_texts() == []
    apply(reading.desired, Budget.objects.get(pk=budget.pk), by=None)


def test_every_error_is_listed_at_its_cell_and_marked_in_a_copy(pages, last_upload):
    """Fifty wrong cells over all columns: fifty errors in one pass, each red and with its words in the copy."""
    rows = [HEAD]
    wanted = set()
    for at in range(50):
        row = ["公用经费", f"项目{at}", None, "2060101", "30201", "50201", "一般公共预算", 1 + at]
        column, wrong = [(7, "1O5.20"), (3, "999"), (0, "其他"), (6, "无"), (4, "399"), (5, "x"), (2, "12")][at % 7]
        row[column] = wrong
        wanted.add(f"明细!{'ABCDEFGH'[column]}{at + 2}")
        rows.append(row)
    shown = pages.send(workbook(rows))
    upload = last_upload()
    assert {error[2] for error in upload.report["errors"]} == wanted
    assert len(upload.report["errors"]) == 50
    assert all(f">{address}<" in html(shown) for address in wanted)
    assert "50 处错误" in html(shown)
    book = openpyxl.load_workbook(io.BytesIO(pages.client.get(pages.url(upload, "marked/")).content))
    assert book.sheetnames == ["错误清单", "明细"]
    marked = {f"明细!{c.coordinate}" for row in book["明细"].iter_rows() for c in row if c.comment}
    red = {f"明细!{c.coordinate}" for row in book["明细"].iter_rows() for c in row if c.fill.fgColor.rgb == "FFFFC7CE"}
    assert marked == red == wanted
    assert "是否应为0" in book["明细"]["H2"].comment.text
    assert {book["错误清单"].cell(at, 1).value for at in range(4, 54)} == wanted
    assert book["错误清单"]["A4"].hyperlink.location == "'明细'!H2"
    assert book["明细"]["B3"].value == "项目1"  # what was right is as it was
    assert not Line.objects.exists()


def test_a_csv_is_marked_in_a_workbook_and_nothing_in_it_becomes_a_formula(pages, last_upload):
    rows = [["公用经费", "=HYPERLINK(1)", None, "2060101", "30201", "50201", "一般公共预算", "x"]]
    pages.send(lines_csv(rows), "明细.csv")
    content = pages.client.get(pages.url(last_upload(), "marked/"))
    assert "filename*=utf-8''%E6%98%8E%E7%BB%86-%E9%94%99" in content.headers["Content-Disposition"]
    book = openpyxl.load_workbook(io.BytesIO(content.content))
    assert book["文件内容"]["B2"].data_type == "s"
    assert "x" in book["文件内容"]["H2"].comment.text


def test_more_errors_than_are_listed_are_counted(pages, last_upload, monkeypatch):
    monkeypatch.setattr("budget.importing.lines.MOST_ERRORS", 3)
    shown = pages.send(workbook([HEAD, *(["公用经费", f"项目{at}", *[None] * 5, "x"] for at in range(5))]))
    assert len(last_upload().report["errors"]) == 3
    assert "处错误没有列出" in html(shown)


def test_what_is_no_file_of_lines_is_refused_in_words(pages, last_upload):
    assert "请选择文件" in html(pages.client.post(pages.at))
    assert "空的" in html(pages.send(b""))
    assert "超过10 MB" in html(pages.send(b"x" * (files.MAX_BYTES + 1)))
    assert not Upload.objects.exists()
    assert "旧版 .xls" in html(pages.send(files.OLD_OR_ENCRYPTED + b"x" * 100, "a.xls"))
    assert "没有找到表头" in html(pages.send(b"a,b\n1,2\n", "a.csv"))
    assert last_upload().state == "refused"


def test_a_file_let_go_is_gone(pages, last_upload):
    pages.send(workbook(FILE))
    upload = last_upload()
    path = upload.file.path
    assert "已放弃" in html(pages.answer(upload, "discard"))
    assert not Path(path).exists()
    assert pages.answer(upload, "confirm").status_code == 409
    assert not Line.objects.exists()


def test_a_file_that_is_not_what_was_sent_is_not_read(pages, last_upload):
    pages.send(workbook(FILE))
    upload = last_upload()
    with open(upload.file.path, "ab") as file:
        file.write(b"x")
    refused = pages.answer(upload, "confirm")
    assert refused.status_code == 409
    assert "重新上传" in html(refused)


def test_a_locked_budget_takes_no_file(pages, last_upload):
    pages.send(workbook(FILE))
    Budget.objects.filter(pk=pages.budget.pk).update(state="submitted", submitted=timezone.now())
    assert pages.answer(last_upload(), "confirm").status_code == 409
    assert pages.send(workbook(FILE)).status_code == 409
    assert not Line.objects.exists()
    assert Upload.objects.count() == 1


def test_somebody_who_only_looks_sees_the_page_and_writes_nothing(pages, last_upload):
    pages.send(workbook(FILE))
    looking = Client()
    looking.force_login(make_user("reviewer", pages.budget.unit))
    theirs = Pages(looking, pages.budget)
    assert looking.get(pages.url(last_upload())).status_code == 200
    assert theirs.send(workbook(FILE)).status_code == 403
    assert theirs.answer(last_upload(), "confirm").status_code == 403
    strange = Client()
    strange.force_login(make_user("clerk", "777001"))
    assert strange.get(pages.url(last_upload())).status_code == 404
    assert Pages(strange, pages.budget).answer(last_upload(), "confirm").status_code == 404
    assert not Line.objects.exists()


def test_a_file_belongs_to_its_own_budget(pages, last_upload):
    pages.send(workbook(FILE))
    other = Pages(pages.client, make_budget(pages.budget.unit, year=2023))
    assert pages.client.get(other.url(last_upload())).status_code == 404


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\明细.xlsx", "明细.xlsx"),
        ("\u202excod.xlsx", "xcod.xlsx"),
        ("a\r\nSet-Cookie: x.csv", "aSet-Cookie: x.csv"),
        ("好" * 300 + ".xlsx", "好" * 145 + ".xlsx"),
        ("\u200b", "未命名"),
    ],
)
def test_names_are_made_plain(name, kept):
    assert plain_name(name) == kept


# ---- large files, in the background


def large(count=2_100):
    return workbook(
        [
            HEAD,
            *(["公用经费", f"项目{at}", None, "2060101", "30201", "50201", "一般公共预算", 1] for at in range(count)),
        ]
    )


def test_a_large_file_is_examined_and_written_by_jobs(pages, last_upload):
    shown = pages.send(large())
    upload = last_upload()
    job = Job.objects.get()
    assert (job.kind, job.state, job.done, job.total) == ("import-preview", "done", 4, 4)
    assert shown.request["PATH_INFO"] == f"/jobs/{job.uid}/"
    assert job.link == pages.url(upload)
    assert (upload.state, len(upload.report["diff"]["items"]), upload.report["diff"]["unlisted"]) == (
        "ready",
        500,
        1600,
    )
    pages.answer(upload, "confirm")
    assert [one.state for one in Job.objects.filter(kind="import-apply")] == ["done"]
    assert Line.objects.count() == 2_100
    pages.answer(upload, "confirm")  # again: it is written
    assert Job.objects.count() == 2


def test_a_large_file_with_errors_gives_its_marked_copy_as_the_result(pages, last_upload):
    content = workbook([HEAD, *([["公用经费", "甲", None, "2060101", "30201", "50201", "一般公共预算", 1]] * 2_100)])
    pages.send(content)
    job = Job.objects.get()
    assert (last_upload().state, last_upload().report["unlisted"]) == ("refused", 1_599)
    assert job.result_name == "明细-错误标注.xlsx"
    assert pages.client.get(f"/jobs/{job.uid}/result/").getvalue().startswith(b"PK")


def test_a_job_of_somebody_who_may_no_longer_write_writes_nothing(pages, last_upload, clerk):
    pages.send(large())
    upload = last_upload()
    clerk.memberships.update(ends="2020-02-01")
    job = uploads.start_job(upload, uploads.APPLY, by=type(clerk).objects.get(pk=clerk.pk), link="/")
    job.refresh_from_db()
    assert (job.state, Line.objects.count()) == ("failed", 0)
    assert "权限" in job.message
