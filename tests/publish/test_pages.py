"""公开 on screen: the list, reviewing, publishing, the receipt, two versions, the overdue list, verifying a file."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from organisation.models import User
from publication import jobs as publication_jobs
from publication.models import Publication, SecrecyReview
from records.models import Job
from tests.cycle.world import make_filled
from tests.factories import make_budget, make_item, make_line
from tests.publish.world import EXPLANATION, WORDS, Office, approve, content_of, reword

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quickly")]
PAGE = "/566001/2024/approved/publish/"


@pytest.fixture
def people(year):
    def log_in(username: str) -> Client:
        client = Client()
        client.force_login(User.objects.get(username=username))
        return client

    return log_in


def posted(page: str, **more) -> dict:
    """What the form of the page would post, with words wherever they are asked for."""
    form = page[page.index('class="move publish-form"') :]
    hidden = dict(re.findall(r'<input type="hidden" name="(seen|number)" value="([^"]*)"', form))
    words = {name: WORDS for name in re.findall(r'<textarea id="(words-[^"]+)"', form)}
    return {**hidden, **words, **more}


def reviewed(people) -> None:
    client = people("shenhe")
    seen = re.search(r'name="seen" value="(\w+)"', client.get(PAGE).text)[1]
    assert client.post(f"{PAGE}review/", {"seen": seen, "remark": "已核"}).status_code == 302


def published(people, capture, **more) -> Publication:
    """Through the pages, as the administrator does it; the worker's part is done after the commit."""
    client = people("guanli")
    with capture(execute=True):
        answer = client.post(f"{PAGE}now/", posted(client.get(PAGE).text, **more))
    assert answer.status_code == 302, answer.text
    job = Job.objects.latest("pk")
    assert answer.headers["Location"] == f"/jobs/{job.uid}/" and (job.state, job.done) == ("done", job.total), (
        job.message
    )
    return Publication.objects.latest("pk")


def test_the_list_is_for_everybody_and_publishing_for_administrators(people):
    clerk = people("jingban").get(PAGE).text
    assert "公开前核对" in clerk and "公开由预算管理员办理" in clerk and "publish-form" not in clerk
    for heading in ("及时性", "完整性", "真实性", "细化程度", "公开形式"):
        assert f">{heading}<" in clerk
    assert clerk.count('class="is-well"') > 15 and clerk.count('class="is-wrong"') == 8
    assert "批复日期</dt><dd>2024年2月1日" in clerk and "公开期限</dt><dd>2024年2月21日" in clerk
    assert "《预算法》第十四条" in clerk and "逾期" in clerk
    for link in set(re.findall(r'<p class="places">(.*?)</p>', clerk)):
        for url in re.findall(r'href="([^"#]+)', link):
            assert people("jingban").get(url.replace("&amp;", "&")).status_code == 200, url
    assert people("jingban").post(f"{PAGE}now/").status_code == 403
    assert people("jingban").post(f"{PAGE}review/").status_code == 403
    admin = people("guanli").get(PAGE).text
    assert "须先解决" in admin and "<button disabled" in admin  # no review of secrecy yet


def test_from_the_list_to_the_receipt(people, django_capture_on_commit_callbacks):
    reviewed(people)
    admin = people("guanli")
    form = posted(admin.get(PAGE).text)
    refused = admin.post(f"{PAGE}now/", {**form, "words-clock": "", "words-goals": "保留所填"})
    assert refused.status_code == 409 and not Job.objects.exists()
    assert "批复后20日内公开：仍予公开须写明理由" in refused.text and "保留所填</textarea>" in refused.text
    row = published(people, django_capture_on_commit_callbacks)
    assert (row.published_by_name, row.unit.code) == ("吴管理", "566001")
    page = admin.get(PAGE).text
    assert "已公开" in page and f"{PAGE}1/receipt/" in page and 'href="/public/566001/2024/v1/"' in page
    assert "不需要更正" in page
    receipt = admin.get(f"{PAGE}1/receipt/").text
    assert (
        "单位预算公开回执" in receipt and "李审核，" in receipt and "：已核</td>" in receipt
    )  # who looked for secrets
    for told in (
        row.digest,
        row.content_digest,
        row.files.get().digest,
        "吴管理",
        "/public/566001/2024/v1/",
        "报表 15 张",
    ):
        assert told in receipt
    assert WORDS in receipt
    assert admin.get(f"{PAGE}2/receipt/").status_code == 404
    for address in ("/566001/2024/approved/", "/566001/2024/approved/tables/"):
        assert f'<a class="state" href="{PAGE}">已公开</a>' in people("jingban").get(address).text


def test_a_correction_tells_what_is_different(people, year, django_capture_on_commit_callbacks):
    reviewed(people)
    published(people, django_capture_on_commit_callbacks)
    nothing = people("jingban").get(f"{PAGE}compare/").text
    assert "只公开了一版" in nothing
    reword(year.campaign, "全部收入{income}，")
    reviewed(people)
    row = published(people, django_capture_on_commit_callbacks, explanation=EXPLANATION)
    assert row.number == 2
    page = people("jingban").get(PAGE).text
    assert "（已被更正）" in page and EXPLANATION in page and "已更正（第2版）" in page
    assert "这一版已被第 2 版更正" in people("jingban").get(f"{PAGE}1/receipt/").text
    compared = people("jingban").get(f"{PAGE}compare/").text
    assert re.search(r"<ins>[^<]*全部收入[\d.]+万元", compared) and compared.count("<del>") == 1
    assert EXPLANATION in compared and "处不同" not in compared
    assert "两版的报表和文字相同" in people("jingban").get(f"{PAGE}compare/?before=2&after=2").text


def test_a_job_that_is_begun_again_publishes_nothing_twice(people, django_capture_on_commit_callbacks):
    reviewed(people)
    published(people, django_capture_on_commit_callbacks)
    job = Job.objects.latest("pk")
    Job.objects.filter(pk=job.pk).update(state="failed")
    with django_capture_on_commit_callbacks(execute=True):
        people("guanli").post(f"/jobs/{job.uid}/", {"action": "restart"})
    job.refresh_from_db()
    assert (job.state, Publication.objects.count()) == ("done", 1)


def test_what_cannot_be_made_is_said_on_the_job(people, monkeypatch, django_capture_on_commit_callbacks):
    from publication import files
    from publication.pdf import NoFonts

    def no_fonts(*args):
        raise NoFonts("没有找到中文字体")

    reviewed(people)
    admin = people("guanli")
    monkeypatch.setattr(files, "MAKERS", {"pdf": no_fonts})
    with django_capture_on_commit_callbacks(execute=True):
        admin.post(f"{PAGE}now/", posted(admin.get(PAGE).text))
    job = Job.objects.get()
    assert (job.state, job.message) == ("failed", "没有公开：没有找到中文字体")
    assert not Publication.objects.exists()


def test_an_older_page_reviews_and_publishes_nothing(people, year):
    old = people("guanli").get(PAGE)
    seen = re.search(r'name="seen" value="(\w+)"', people("shenhe").get(PAGE).text)[1]
    reword(year.campaign)
    assert people("shenhe").post(f"{PAGE}review/", {"seen": seen}).status_code == 409
    assert not SecrecyReview.objects.exists()
    assert old.status_code == 200
    answer = people("guanli").post(f"{PAGE}now/", {"seen": seen, "number": "1"})
    assert answer.status_code == 409 and "有变化" in answer.text and not Job.objects.exists()


def test_finance_sees_who_is_late(people, django_capture_on_commit_callbacks):
    page = people("yewu").get("/publications/?show=late").text
    assert "1 个已逾期" in page and 'href="/566/2024/approved/publish/"' in page and "公开已逾期" in page
    assert people("jingban").get("/publications/").status_code == 404
    assert people("yewu").get("/publications/?format=csv").text.count("2024-02-21") == 1
    reviewed(people)
    published(people, django_capture_on_commit_callbacks)
    assert "没有符合条件" in people("yewu").get("/publications/?show=late").text
    assert "1 个已公开" in people("yewu").get("/publications/").text


def test_anybody_verifies_a_file_or_a_digest(people, year, client, django_capture_on_commit_callbacks):
    reviewed(people)
    row = published(people, django_capture_on_commit_callbacks)
    file = row.files.get()
    content = content_of(file)
    answer = client.post("/verify/", {"file": SimpleUploadedFile("a.json", content)})
    assert "是已公开的文件" in answer.text and file.name in answer.text and "已被更正" not in answer.text
    touched = client.post("/verify/", {"file": SimpleUploadedFile("a.json", content + b" ")})
    assert "不是这里公开的文件" in touched.text
    for digest in (row.digest, row.content_digest, f" {file.digest[:32].upper()}\n{file.digest[32:]}"):
        assert "是已公开的文件" in client.get("/verify/", {"digest": digest}).text
    assert "64位" in client.get("/verify/?digest=12").text
    assert "请选择文件" in client.post("/verify/").text
    reword(year.campaign)
    reviewed(people)
    published(people, django_capture_on_commit_callbacks, explanation=EXPLANATION)
    old = client.get("/verify/", {"digest": file.digest}).text
    assert "这一版已被更正" in old and EXPLANATION in old


def test_a_long_document_is_drawn_in_the_background(people, monkeypatch, django_capture_on_commit_callbacks):
    address = "/566001/2024/approved/document/file/docx/"
    assert people("guanli").get(address).content.startswith(b"PK")
    monkeypatch.setattr(publication_jobs, "DIRECT_LINES", 10)
    with django_capture_on_commit_callbacks(execute=True):
        answer = people("guanli").get(address)
    job = Job.objects.get()
    assert answer.headers["Location"] == f"/jobs/{job.uid}/" and job.state == "done", job.message
    result = people("guanli").get(f"/jobs/{job.uid}/result/")
    assert result.getvalue().startswith(b"PK")
    assert people("jingban").get(f"/jobs/{job.uid}/").status_code == 404


@pytest.mark.one_database
@pytest.mark.parametrize("before", (1, 2))
@pytest.mark.parametrize("units", (("566001",), ("566001", "566002"), ("566001", "566002", "566003")))
def test_the_page_stays_within_the_limit_with_everything_on_it(people, units, before):
    """An approved budget of one unit or of several, with years before it, published, reviewed, published again."""
    for code in units[1:]:
        approve(make_filled(code))
    for code in units:
        for year in range(2023, 2023 - before, -1):
            last = make_budget(code, year=year)
            make_line(make_item(last, "上年项目", "3"), 10000)
            approve(last)
    office = Office("566" if len(units) > 1 else "566001")
    office.review()
    office.publish()
    reword(office.selection.campaign)
    office.review()
    job = {"kind": publication_jobs.PUBLISH, "unit": office.unit, "owner": office.publisher, "title": "更正第2版"}
    Job.objects.create(parameters={"year": 2024}, state="running", heartbeat="2024-03-01T00:00Z", **job)
    client = people("guanli")
    with CaptureQueriesContext(connection) as asked:
        page = client.get(f"/{office.code}/2024/approved/publish/").text
    for told in ("上次公开中断了", "（此后内容有变化，已失效）", "第 1 版", "<td>1 个</td>", "逾期"):
        assert told in page
    queries = [one["sql"] for one in asked if not one["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert len(queries) <= 20, "\n".join(sql[:110].replace("\n", " ") for sql in queries)


def test_only_a_publication_that_is_going_on_is_told(people, office):
    """Neither one that has ended, nor one that was given up before it, nor another year's or unit's."""
    job = {"kind": publication_jobs.PUBLISH, "unit": office.unit, "owner": office.publisher, "title": "公开第1版"}
    Job.objects.create(parameters={"year": 2023}, **job)
    Job.objects.create(parameters={"year": 2024}, **{**job, "unit": office.unit.parent})
    assert "正在公开" not in people("jingban").get(PAGE).text
    Job.objects.create(parameters={"year": 2024}, **job)
    assert "正在公开：公开第1版" in people("jingban").get(PAGE).text
    Job.objects.create(parameters={"year": 2024}, state="done", finished="2024-03-01T00:00Z", **job)
    assert "正在公开" not in people("jingban").get(PAGE).text
