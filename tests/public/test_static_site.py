"""The site as files: the same as served, whole or not at all, and the same when written again."""

import hashlib
import re
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from tests.publication.versions import put

pytestmark = pytest.mark.one_database

ASKED = re.compile(rb'<form class="find".*?</form>\n?| <a class="verify".*?</a>', re.DOTALL)  # a server answers it


@pytest.fixture
def published(budget):
    put(with_files=True)
    put(explanation="金额填列有误，现予更正。")


def digests(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def export(out, **options):
    call_command("export_site", out=out, **options)


def test_files_are_what_is_served_and_links_between_them_hold(published, tmp_path):
    out = tmp_path / "site"
    export(out, base="https://example.gov.cn/ysgk")
    reader = Client()
    pages = list(out.rglob("index.html"))
    assert len(pages) > 80
    for page in pages:
        path = page.parent.relative_to(out).as_posix()
        served = reader.get(f"/public/{'' if path == '.' else path + '/'}").content
        assert page.read_bytes().strip() == ASKED.sub(b"", served).strip(), path
        for link in re.findall(r'(?:href|action)="([^"#]*)', page.read_text("utf-8")):
            target = (page.parent / link).resolve()
            assert target.is_file() or (target / "index.html").is_file(), (path, link)
        assert b"<form" not in page.read_bytes() and b"search/" not in page.read_bytes()
        assert b"verify/" in served and b"verify/" not in page.read_bytes()
    pdf = reader.get("/public/566/2024/v1/files/pdf").getvalue()
    assert (out / "566/2024/v1/files/book.pdf").read_bytes() == pdf
    assert "https://example.gov.cn/ysgk/566/2024/" in (out / "sitemap.xml").read_text()


def test_it_is_the_same_when_it_is_written_again(published, tmp_path):
    out = tmp_path / "site"
    export(out)
    first = digests(out)
    export(out)
    assert digests(out) == first and [path.name for path in tmp_path.iterdir()] == ["site"]


def test_nothing_is_half_written(published, tmp_path, monkeypatch):
    out = tmp_path / "site"
    export(out)
    before = digests(out)
    written = Path.write_bytes
    left = [20]

    def full(self, content):
        left[0] -= 1
        if left[0] < 0:
            raise OSError("磁盘已满")
        return written(self, content)

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(CommandError, match="磁盘已满"):
        export(out)
    monkeypatch.undo()
    assert digests(out) == before and [path.name for path in tmp_path.iterdir()] == ["site"]
    renamed = iter((None, OSError("不能改名"), None))

    def rename(source, target):
        if error := next(renamed):
            raise error
        Path(source).rename(target)

    monkeypatch.setattr("publication.public.static_site.os.rename", rename)
    with pytest.raises(CommandError, match="不能改名"):
        export(out)
    assert digests(out) == before


def test_other_folders_are_left_alone(published, tmp_path):
    (tmp_path / "notes.txt").write_text("自己的文件")
    with pytest.raises(CommandError, match="其他文件"):
        export(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]
    with pytest.raises(CommandError, match="https"):
        export(tmp_path / "site", base="example.gov.cn")


def test_a_site_of_nothing_is_a_site(db, tmp_path):
    export(tmp_path / "site")
    assert "还没有公开的预算" in (tmp_path / "site/index.html").read_text("utf-8")
