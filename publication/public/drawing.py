"""A page as bytes: a template, what stands in it, and relative addresses to everything else."""

import hashlib
from functools import lru_cache

from django.conf import settings
from django.template.loader import render_to_string

from .edition import Edition
from .pages import Page, sections

ASSETS = {"public.css": "text/css; charset=utf-8", "icon.svg": "image/svg+xml"}


@lru_cache
def asset(name: str) -> tuple[str, bytes]:
    """Its name with its digest in it, so that it may be kept for ever, and its bytes."""
    content = (settings.BASE_DIR / "static" / name).read_bytes()
    stem, _, ending = name.rpartition(".")
    return f"{stem}.{hashlib.sha256(content).hexdigest()[:12]}.{ending}", content


def up(path: str) -> str:
    """The way from a page at that path (a/b/) to the top of the site."""
    return "../" * path.count("/") or "./"


def draw(template: str, path: str, context: dict, *, is_static: bool = False, assets: str = "") -> bytes:
    """The page at `path` of the site. `is_static`: no server will answer it, so nothing is asked; `assets`: where."""
    root = up(path)
    told = {
        "root": root,
        "assets": {name.replace(".", "_"): f"{assets or f'{root}assets/'}{asset(name)[0]}" for name in ASSETS},
        "is_static": is_static,
        **context,
    }
    return render_to_string(template, told).encode()


def draw_edition(edition: Edition, page: Page, path: str, address: str, **more) -> bytes:
    """A page of an edition: `path` is that of the edition in the site, `address` the page's below it."""
    context = {
        "edition": edition,
        "frozen": edition.frozen,
        "page": page,
        "base": up(address),
        "sections": [(where, label, where == page.section) for where, label in sections(edition)],
        **page.context,
        **more.pop("context", {}),
    }
    return draw(page.template, f"{path}{address}", context, **more)
