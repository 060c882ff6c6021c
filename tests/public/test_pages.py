"""The public pages: what is published is there for everybody, for ever; nothing else ever is."""

import re
from urllib.parse import urljoin

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from budget import writing
from budget.models import Line
from organisation.models import User
from publication.models import Publication
from publication.public.drawing import asset
from publication.public.edition import edition_of
from publication.public.pages import addresses
from tests.factories import make_budget, make_item, make_line, make_unit, make_user
from tests.publication.test_document_files import withhold
from tests.publication.versions import put

pytestmark = pytest.mark.one_database

LARGEST = 200_000  # bytes of a page with everything
AT = "/public/566/2024/"


@pytest.fixture
def reader():
    """Somebody without a log-in."""
    return Client()


def change(budget, yuan):
    """Another amount in the budget; what is published does not follow."""
    line = Line.objects.of(budget).filter(economic__code="30201").first()
    writing.write(budget, [writing.Edit(Line, line.uid, line.version, {"amount": yuan})], by=None, via="command")
    budget.refresh_from_db()


def every_page(reader, at=AT):
    code, year, *version = at.removeprefix("/public/").strip("/").split("/")
    number = int(version[0][1:]) if version else None
    return {one: reader.get(f"{at}{one}") for one in addresses(edition_of(code, int(year), number))}


def test_nothing_is_there_before_it_is_published(budget, reader):
    nothing = reader.get("/public/999/")
    assert nothing.status_code == 404
    for address in ("566/", "566001/", "566/2024/", "566/2024/v1/", "566/2024/tables/expenditure/", "566/2024/files/x"):
        response = reader.get(f"/public/{address}")
        assert (response.status_code, response.content) == (404, nothing.content), address
    assert "科技" not in reader.get("/public/").text
    assert "566" not in reader.get("/public/sitemap.xml").text


def test_a_change_after_publishing_is_not_seen_until_it_is_published(budget, reader):
    put()
    before = {address: response.content for address, response in every_page(reader).items()}
    change(budget, 999_900)
    make_line(make_item(budget, "尚未公开的项目", "3"), 77_700)
    make_line(make_item(make_budget("566002"), "另一个单位的草稿"), 100)
    assert {address: response.content for address, response in every_page(reader).items()} == before
    for address in ("/public/", "/public/566/", f"{AT}search/?q=尚未公开", "/public/?q=566002"):
        assert "尚未公开的项目" not in reader.get(address).text and "另一个单位" not in reader.get(address).text
    assert reader.get("/public/566002/").status_code == 404
    assert reader.get("/public/566/2023/").status_code == 404
    assert reader.get(f"{AT}v2/").status_code == 404


@pytest.mark.parametrize("number", [1, 2])
def test_what_is_left_out_is_nowhere(number, budget, reader):
    names = ["科技经费", "补充解放区科技贷款贴息专项资金"][:number]
    withhold(budget, *names)
    secret = {f"{line.amount / 10_000:.2f}" for line in Line.objects.filter(item__name="科技经费")}
    put(with_files=number == 2)
    pages = every_page(reader)
    for name in names:
        uid = str(budget.items.get(name=name).uid)
        for address, response in pages.items():
            assert name not in response.text and uid not in response.text, address
        assert (
            "0处" in reader.get(f"{AT}search/?q={name}").text or "没有找到" in reader.get(f"{AT}search/?q={name}").text
        )
        kept = ("data.json", "datapackage.json") if number == 2 else ()
        for form in (*kept, "data/projects.csv", "data/spending.csv"):
            response = reader.get(f"{AT}files/{form}")
            body = response.getvalue() if response.streaming else response.content
            assert name.encode() not in body and uid.encode() not in body
    assert reader.get(f"{AT}projects/8/").status_code == 404
    if number == 1:  # no bar, row or sentence says what the others leave of the total
        charts = reader.get(f"{AT}projects/").text
        assert "其余" not in charts
        shown = re.findall(r'<td class="num">([\d.,]+)</td>', charts)
        assert secret - set(shown)


def test_a_correction_is_the_current_one_and_the_old_one_stays_and_says_so(budget, reader):
    put()
    old = reader.get(f"{AT}tables/expenditure/").content
    change(budget, 999_900)
    put(explanation="办公费填列有误，现予更正。")
    caches["public"].clear()
    now, first, second = (reader.get(f"{AT}{version}tables/expenditure/").text for version in ("", "v1/", "v2/"))
    assert "393.52" in first and "393.52" in old.decode() and "393.52" not in now
    assert "这一版已经更正" in first and "办公费填列有误，现予更正。" in first and "第2版" in first
    assert "这一版已经更正" not in now and "更正说明" in now and "这一版已经更正" not in second
    versions = reader.get(f"{AT}versions/").text
    assert versions.index("第2版") < versions.index("第1版") and "现行" in versions
    for publication in Publication.objects.all():
        assert publication.digest in versions


def test_links_lead_somewhere_and_addresses_are_relative(budget, reader):
    put(with_files=True)
    put("566001")
    seen, waiting = set(), ["/public/"]
    while waiting:
        address = waiting.pop()
        if address in seen:
            continue
        seen.add(address)
        response = reader.get(address)
        assert response.status_code == 200, address
        if address == "/verify/":  # the one page without log-in that is asked, not read
            continue
        if not response.headers["Content-Type"].startswith("text/html"):
            response.getvalue()
            continue
        for link in re.findall(r'(?:href|action)="([^"]*)"', response.text):
            assert not link.startswith(("/", "http")), (address, link)
            path = link.partition("#")[0]
            if path:
                waiting.append(urljoin(address, path))
    assert len(seen) > 90
    assert {
        f"{AT}files/book.pdf",
        f"{AT}files/data/spending.csv",
        f"{AT}projects/7/",
        "/public/566001/2024/",
        "/verify/",
    } <= seen


def test_pages_are_small_whole_and_ask_little(budget, reader):
    put()
    style = len(asset("public.css")[1])
    for address in ("/public/", "/public/566/", *(f"{AT}{one}" for one in every_page(reader))):
        caches["public"].clear()
        with CaptureQueriesContext(connection) as asked:
            response = reader.get(address)
        assert len(asked) <= 6, address
        assert len(response.content) + style <= LARGEST, address
        assert "<script" not in response.text and "style=" not in response.text and "http" not in response.text
        with CaptureQueriesContext(connection) as again:
            assert reader.get(address).content == response.content
        assert len(again) == 0


def test_indicators_of_a_project_stand_kind_by_kind(budget, reader):
    put()
    page = reader.get(f"{AT}projects/1/").text
    assert re.findall(r"<td>(\w{2,3}指标)", page) == ["产出指标"] * 3 + ["效益指标", "满意度指标"]


def test_names_codes_and_pinyin_find_what_is_published(budget, reader):
    put()
    put("566001")
    make_unit("566009", name="科技档案馆")
    for words in ("566", "科技", "kjhgy", "keji", "jiefangqu"):
        assert "焦作市解放区科技和工业信息化局" in reader.get("/public/", {"q": words}).text, words
    for words in ("档案", "999", "keji dangan"):
        assert "没有找到" in reader.get("/public/", {"q": words}).text, words
    hits = reader.get(f"{AT}search/", {"q": "公务接待费"}).text
    assert "三公" in hits and "tables/three_public/" in hits
    nasty = reader.get(f"{AT}search/", {"q": '"><script>alert(1)</script>'})
    assert "<script>" not in nasty.text and nasty.status_code == 200


def test_one_changed_amount_changes_tables_text_charts_and_the_draft_together(budget):
    client = Client()
    client.force_login(User.objects.get(username="jingban"))
    at = "/566001/2024/second/publish/preview/"

    def shown():
        return [client.get(f"{at}{one}").text for one in ("", "tables/expenditure/", "text/", "tables/by_economic/")]

    before = shown()
    change(budget, 999_900)
    total = f"{sum(Line.objects.of(budget).values_list('amount', flat=True)) / 10_000:.2f}"
    for was, now in zip(before, shown(), strict=True):
        assert "393.52" in was and total not in was
        assert total in now
    assert "草稿" in before[0] and 'content="noindex"' in before[0]


def test_the_preview_is_for_those_who_may_see_the_budget(budget, reader):
    at = "/566001/2024/second/publish/preview/"
    assert reader.get(at).status_code == 302
    stranger = Client()
    stranger.force_login(make_user("clerk", "777001"))
    assert stranger.get(at).status_code == 404
    clerk = Client()
    clerk.force_login(User.objects.get(username="jingban"))
    for one in ("", "tables/", "projects/", "projects/1/", "terms/", "files/", "versions/"):
        response = clerk.get(f"{at}{one}")
        assert response.status_code == 200 and response.headers["Cache-Control"] == "no-store"
    assert clerk.get(f"{at}nothing/").status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        "tables/nothing/",
        "tables/expenditure",
        "projects/0/",
        "projects/01/",
        "projects/x/",
        "text/x/",
        "nothing/",
        "../",
    ],
)
def test_other_addresses_are_not_there(address, budget, reader):
    put()
    assert reader.get(f"{AT}{address}").status_code == 404
