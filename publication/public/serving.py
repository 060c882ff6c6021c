"""How public pages are given out: from a cache, without a session, the same to everybody.

A page is kept as it was drawn, with its compressed form, for KEPT seconds; within them a new version may still be
answered with the page before it. Nobody's log-in plays a part: cookies are put away before anything reads them, so
that neither a page nor what is kept of it can depend on who asks.
"""

import gzip
import hashlib
from typing import NamedTuple

from django.core.cache import caches
from django.http import HttpResponse
from django.utils.cache import get_conditional_response, patch_vary_headers

PREFIX = "/public/"
OPEN = (PREFIX, "/robots.txt")
KEPT = 30  # seconds
BROWSER, FOREVER = "public, max-age=300", "public, max-age=31536000, immutable"
SMALLEST = 600  # bytes worth compressing


class Kept(NamedTuple):
    """An answer as it is kept: its headers, its body as it is and compressed."""

    headers: tuple[tuple[str, str], ...]
    body: bytes
    compressed: bytes
    etag: str


def answered(body: bytes, content_type: str = "text/html; charset=utf-8", control: str = BROWSER) -> HttpResponse:
    """An answer that may be kept by everybody."""
    response = HttpResponse(body, content_type=content_type)
    response.headers["Cache-Control"] = control
    response.is_kept = True
    return response


class PublicPagesMiddleware:
    """Answers public pages from the cache; what is not in it is drawn by the views and put there."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not request.path_info.startswith(OPEN):
            return self.get_response(request)
        request.META.pop("HTTP_COOKIE", None)
        is_plain = request.method in ("GET", "HEAD") and not request.META.get("QUERY_STRING")
        kept = caches["public"].get(request.path_info) if is_plain else None
        if kept is None:
            response = self.get_response(request)
            response.headers["Vary"] = "Accept-Encoding"
            if not getattr(response, "is_kept", False):
                return response
            kept = _kept(response)
            if is_plain:
                caches["public"].set(request.path_info, kept, KEPT)
        return _given(request, kept)


def _kept(response: HttpResponse) -> Kept:
    body = response.content
    compressed = gzip.compress(body, 6, mtime=0) if len(body) >= SMALLEST else b""
    headers = tuple((name, value) for name, value in response.headers.items() if name != "Content-Length")
    return Kept(headers, body, compressed, f'"{hashlib.sha256(body).hexdigest()[:32]}"')


def _given(request, kept: Kept) -> HttpResponse:
    is_compressed = bool(kept.compressed) and "gzip" in request.headers.get("Accept-Encoding", "")
    etag = f'{kept.etag[:-1]}-gz"' if is_compressed else kept.etag
    response = HttpResponse(kept.compressed if is_compressed else kept.body)
    for name, value in kept.headers:
        response.headers[name] = value
    response.headers["ETag"] = etag
    response.headers["Content-Length"] = str(len(response.content))
    if is_compressed:
        response.headers["Content-Encoding"] = "gzip"
    patch_vary_headers(response, ("Accept-Encoding",))
    return get_conditional_response(request, etag=etag, response=response)
