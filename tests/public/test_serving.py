"""How pages are given out: kept, compressed, conditional, the same to everybody and without anybody's session."""

import gzip

import pytest
from django.core.cache import caches
from django.test import Client

from organisation.models import User
from publication.public import serving
from publication.public.drawing import asset
from tests.publication.versions import put

pytestmark = pytest.mark.django_db
AT = "/public/566/2024/"


@pytest.fixture
def reader(budget):
    put(with_files=False)
    return Client()


def test_a_page_may_be_kept_and_is_not_sent_twice(reader):
    first = reader.get(AT)
    assert first.headers["Cache-Control"] == "public, max-age=300" and first.headers["Vary"] == "Accept-Encoding"
    etag = first.headers["ETag"]
    again = reader.get(AT, headers={"if-none-match": etag})
    assert (again.status_code, again.content) == (304, b"") and again.headers["ETag"] == etag
    assert reader.get(AT, headers={"if-none-match": '"other"'}).status_code == 200
    head = reader.head(AT)
    assert head.status_code == 200 and head.content == b""


def test_a_compressed_page_is_the_same_page(reader):
    plain = reader.get(AT)
    packed = reader.get(AT, headers={"accept-encoding": "gzip, br"})
    assert packed.headers["Content-Encoding"] == "gzip" and gzip.decompress(packed.content) == plain.content
    assert packed.headers["ETag"] != plain.headers["ETag"]
    assert len(packed.content) < len(plain.content) / 2
    tag = packed.headers["ETag"]
    assert reader.get(AT, headers={"accept-encoding": "gzip", "if-none-match": tag}).status_code == 304


def test_a_log_in_plays_no_part(reader):
    somebody = Client()
    somebody.force_login(User.objects.get(username="jingban"))
    for client in (somebody, reader):
        caches["public"].clear()
        response = client.get(AT)
        assert "Set-Cookie" not in response.headers and "Cookie" not in response.headers["Vary"]
        assert response.content == reader.get(AT).content
        assert "王经办" not in response.text
    assert somebody.get("/566001/2024/second/").status_code == 200  # and goes on


def test_kept_pages_are_those_of_the_site_only(reader):
    reader.get(f"{AT}search/", {"q": "科技"})
    reader.get("/public/", {"q": "科技"})
    reader.get(f"{AT}nothing/")
    for address in (f"{AT}search/", "/public/", f"{AT}nothing/"):
        assert caches["public"].get(address) is None
    for method in ("post", "put", "delete"):
        response = getattr(reader, method)(AT)
        assert response.status_code == 405 and caches["public"].get(AT) is None
    reader.get(AT)
    assert caches["public"].get(AT).body == reader.get(AT).content
    assert reader.get("/public/?q=科技").content != reader.get("/public/").content


def test_a_page_is_drawn_again_after_a_while(reader, monkeypatch):
    """After KEPT seconds; here at once."""
    monkeypatch.setattr(serving, "KEPT", 0)
    reader.get(AT)
    put(explanation="金额填列有误，现予更正。")
    assert "金额填列有误，现予更正。" in reader.get(AT).text


def test_files_of_a_version_are_kept_for_ever_and_the_newest_for_a_while(budget):
    put(with_files=True)
    reader = Client()
    for form in ("xlsx", "docx", "pdf", "csv", "json", "datapackage"):
        for at, control in ((AT, "public, max-age=300"), (f"{AT}v1/", "public, max-age=31536000, immutable")):
            response = reader.get(f"{at}files/{form}")
            content = response.getvalue()
            assert response.headers["Cache-Control"] == control
            assert response.headers["Content-Disposition"].startswith("attachment")
            assert response.headers["X-Content-Type-Options"] == "nosniff"
            assert len(content) == int(response.headers["Content-Length"]) > 1000
    assert reader.get(f"{AT}files/exe").status_code == 404
    assert reader.get(f"{AT}files/../../secret").status_code == 404
    assert "immutable" in reader.get(f"/public/assets/{asset_name()}").headers["Cache-Control"]
    assert reader.get("/public/assets/public.css").status_code == 404


def asset_name() -> str:

    return asset("public.css")[0]


def test_search_engines_are_told_what_is_public(reader):
    robots = reader.get("/robots.txt").text
    assert (
        "Disallow: /\n" in robots and "Allow: /public/" in robots and "http://testserver/public/sitemap.xml" in robots
    )
    listed = reader.get("/public/sitemap.xml").text
    assert "<loc>http://testserver/public/566/2024/</loc>" in listed and "v1" not in listed
