"""The public site, and the preview of a draft by the same pages."""

from django.contrib.auth.decorators import login_not_required
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpResponse
from django.views.decorators.http import require_safe

from budget.pages import place_of
from publication.document import NoText
from publication.frozen import frozen_of

from . import site
from .data_files import CSV, NAMES, TYPES, data_file
from .drawing import ASSETS, asset, draw, draw_edition
from .edition import Edition, draft_of, edition_of
from .pages import MOST_HITS, Page, hits, page_of
from .serving import BROWSER, FOREVER, PREFIX, answered

ASKED = "public, max-age=60"
SEARCH = "search/"
NO_TEXT = "public/no_text.html"


@login_not_required
@require_safe
def index(request):
    """首页: departments, units and years; with `q`, those that are called so."""
    words = request.GET.get("q", "")[:60]
    return answered(draw("public/index.html", "", site.index(words)), control=ASKED if words else BROWSER)


@login_not_required
@require_safe
def organisation(request, unit):
    """One organisation: its years, and its figures beside each other."""
    found = site.organisation(unit)
    if found is None:
        return missing(request)
    return answered(draw("public/organisation.html", f"{unit}/", found))


@login_not_required
@require_safe
def edition_page(request, unit, year, address="", number=None):
    """A page, or a file, of the newest version or of one of them."""
    edition = edition_of(unit, year, number)
    if edition is None:
        return missing(request)
    path = site.path_of(edition, number)
    if address == SEARCH:
        return answered(_found(request, edition, path), control=ASKED)
    if address.startswith("files/") and address != "files/":
        return _file(request, edition, address.removeprefix("files/"), is_fixed=number is not None)
    page = page_of(edition, address)
    if page is None:
        return missing(request)
    return answered(draw_edition(edition, page, path, address))


@login_not_required
@require_safe
def asset_file(request, name):
    """The style sheet and the icon, under names that change with their contents."""
    for wanted, content_type in ASSETS.items():
        named, content = asset(wanted)
        if named == name:
            return answered(content, content_type, FOREVER)
    return missing(request)


@login_not_required
@require_safe
def robots(request):
    """Everything public may be looked through by search engines, and nothing else."""
    where = request.build_absolute_uri(f"{PREFIX}sitemap.xml")
    text = f"User-agent: *\nAllow: {PREFIX}\nDisallow: /\nSitemap: {where}\n"
    return HttpResponse(text, content_type="text/plain; charset=utf-8", headers={"Cache-Control": BROWSER})


@login_not_required
@require_safe
def sitemap(request):
    """Every page that stays current."""
    body = site.sitemap(request.build_absolute_uri(PREFIX))
    return HttpResponse(body, content_type="application/xml; charset=utf-8", headers={"Cache-Control": BROWSER})


@login_not_required
@require_safe
def missing(request, address=""):
    """The same for what is not there, what is not published and what is left out of what is published."""
    body = draw("public/missing.html", "", {"root": PREFIX}, assets=f"{PREFIX}assets/")
    return HttpResponse(body, status=404)


@require_safe
def preview(request, unit, year, stage=None, address=""):
    """What would be published of a budget now, marked as a draft, for those who may see the budget."""
    place = place_of(request, unit, year, stage)
    try:
        edition = draft_of(frozen_of(place.selection))
    except NoText as error:
        body = draw(NO_TEXT, "", {"reason": str(error), "back": place.root}, assets=f"{PREFIX}assets/")
        return HttpResponse(body, status=409)
    page = page_of(edition, address)
    if page is None:
        raise Http404
    told = {"back": place.root, "is_demo": place.is_demo, "state": f"{place.stage_name}，{place.state}"}
    body = draw_edition(edition, page, "", address, context=told, assets=f"{PREFIX}assets/", is_static=True)
    return HttpResponse(body)


# ---- parts


def _found(request, edition: Edition, path: str) -> bytes:
    words = request.GET.get("q", "")[:60].strip()
    page = Page("public/search.html", SEARCH, "查找", {"words": words, "hits": hits(edition, words), "most": MOST_HITS})
    return draw_edition(edition, page, path, SEARCH)


def _file(request, edition: Edition, name: str, *, is_fixed: bool):
    control = FOREVER if is_fixed else BROWSER
    form = next((form for form, called in NAMES.items() if name in (form, called)), None)
    kept = edition.file(form) if form else None
    if kept is not None:
        headers = {"Cache-Control": control, "ETag": f'"{kept.digest[:32]}"'}
        return FileResponse(
            default_storage.open(kept.path),
            as_attachment=True,
            filename=kept.name,
            content_type=TYPES[form],
            headers=headers,
        )
    content = data_file(edition.frozen, name)
    return missing(request) if content is None else answered(content, CSV, control)
