"""The whole public site as files: the bytes that are served, but for searching and verifying, which need a server.

Written into a new folder that is put in the place of the old one, so that no visitor ever finds half of a site.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from django.core.files.storage import default_storage

from . import site
from .data_files import NAMES, data_files
from .drawing import ASSETS, asset, draw, draw_edition
from .edition import edition_of, published
from .pages import addresses, page_of

MARK = ".mingzhang-site"  # only a folder that has it is ever replaced


class NotOurs(FileExistsError):
    """The folder holds something that this command has not written."""


def files(base: str = "") -> Iterator[tuple[str, bytes]]:
    """Path and content of every file. `base`: the absolute address of the site, for its sitemap."""
    yield "index.html", draw("public/index.html", "", site.index(), is_static=True)
    for one in published():
        found = site.organisation(one.code)
        yield f"{one.code}/index.html", draw("public/organisation.html", f"{one.code}/", found, is_static=True)
    for path, code, year, number in site.editions():
        yield from _edition(path, code, year, number)
    for name in ASSETS:
        named, content = asset(name)
        yield f"assets/{named}", content
    if base:
        yield "sitemap.xml", site.sitemap(f"{base.rstrip('/')}/")
        yield "robots.txt", f"User-agent: *\nAllow: /\nSitemap: {base.rstrip('/')}/sitemap.xml\n".encode()
    yield MARK, "本文件夹由“导出公开网站”生成，再次导出时整体替换。\n".encode()


def _edition(path: str, code: str, year: int, number: int | None) -> Iterator[tuple[str, bytes]]:
    edition = edition_of(code, year, number)
    for address in addresses(edition):
        body = draw_edition(edition, page_of(edition, address), path, address, is_static=True)
        yield f"{path}{address}index.html", body
    for kept in edition.files:
        with default_storage.open(kept.path) as file:
            yield f"{path}files/{NAMES[kept.form]}", file.read()
    for name, content in data_files(edition.frozen):
        yield f"{path}files/{name}", content


def write(out: Path, base: str = "") -> int:
    """Write the site to `out`, and say how many files it has. NotOurs where something else is there."""
    out = out.absolute()
    if out.exists() and any(out.iterdir()) and not (out / MARK).exists():
        raise NotOurs(f"文件夹 {out} 中有其他文件，未写入。请换一个文件夹，或先清空它。")
    out.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(dir=out.parent, prefix=f".{out.name}."))
    count = 0
    try:
        for name, content in files(base):
            path = draft / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            count += 1
        draft.chmod(0o755)
        _put(draft, out)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return count


def _put(draft: Path, out: Path) -> None:
    """The new folder in the place of the old one; where that fails the old one is there again."""
    old = draft.with_name(f"{draft.name}.old")
    if out.exists():
        os.rename(out, old)
    try:
        os.rename(draft, out)
    except OSError:
        if old.exists():
            os.rename(old, out)
        raise
    shutil.rmtree(old, ignore_errors=True)
