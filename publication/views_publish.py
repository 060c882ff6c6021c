"""公开: the list before publication, the review of secrecy, publishing, correcting, receipts, two versions compared."""

import re
from dataclasses import replace

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from budget.checked_forms import Addresses
from budget.models import stage_order
from budget.pages import Place, place_of
from budget.reporting.spec import kind_of
from organisation.rights import can
from records import jobs
from records.administration import address_of

from . import compared, publishing
from .clock import DAYS, SOURCE, standing_by
from .frozen import Frozen
from .models import Publication
from .past import PUBLISH
from .prepublication import Entry, Preparation, prepare

WORDS = re.compile(r"words-(.+)")


@require_safe
def publish_page(request, unit, year, stage=None):
    """公开."""
    place = place_of(request, unit, year, stage)
    return _page(request, place)


@require_POST
def review(request, unit, year, stage=None):
    """涉密审查 of what the person has seen on the page."""
    place = place_of(request, unit, year, stage)
    if not can(request.user, "review", place.selection.organisation):
        raise PermissionDenied
    try:
        publishing.review_secrecy(
            place.selection,
            by=request.user,
            seen=request.POST.get("seen", ""),
            remark=request.POST.get("remark", ""),
            address=address_of(request),
        )
    except publishing.Refused as refused:
        return _page(request, place, refused.reasons)
    messages.success(request, "已记录：没有发现涉密内容。内容变化后须重新审查。")
    return redirect(place.url("publish"))


@require_POST
def publish_now(request, unit, year, stage=None):
    """公开 or 更正: refused with every reason on the page, 409; else the files are made in the background."""
    place = place_of(request, unit, year, stage)
    if not can(request.user, "publish", place.selection.organisation):
        raise PermissionDenied
    posted = request.POST
    seen, explanation = posted.get("seen", ""), posted.get("explanation", "")
    number = int(posted["number"]) if re.fullmatch(r"\d{1,4}", posted.get("number", "")) else 0
    overruled = {found[1]: text for name, text in posted.items() if (found := WORDS.fullmatch(name)) and text.strip()}
    prepared = prepare(place.selection, publisher=request.user)
    reasons = publishing.objections(
        prepared, by=request.user, seen=seen, number=number, explanation=explanation, overruled=overruled
    )
    if reasons:
        return _page(request, place, reasons, prepared)
    job = jobs.start(
        PUBLISH,
        title=f"{'更正' if number > 1 else '公开'}：{place.name}{place.year}年预算第{number}版",
        by=request.user,
        unit=place.selection.organisation,
        parameters={
            "unit": place.code,
            "year": place.year,
            "stage": place.stage,
            "seen": seen,
            "number": number,
            "explanation": explanation.strip(),
            "overruled": overruled,
            "address": address_of(request),
        },
        link=place.url("publish"),
    )
    return redirect("job", job.uid)


@require_safe
def receipt(request, unit, year, number, stage=None):
    """回执 of a version, to be printed."""
    place = place_of(request, unit, year, stage)
    row = _version(place, number)
    files = list(row.files.all())
    context = {
        "place": place,
        "section": "publish",
        "row": row,
        "kind": kind_of(row.unit.is_department),
        "review": publishing.review_of(row),
        "files": files,
        "tables": len(Frozen.from_json(row.content).grids) if row.content != "{}" else 0,
        "pages": next((one.pages for one in files if one.pages), None),
        "address": request.build_absolute_uri(publishing.address_of(row)),
        "verify": request.build_absolute_uri("/verify/"),
        "newest": publishing.last_number(place.selection),
        "days": DAYS,
        "source": SOURCE,
    }
    return render(request, "publication/receipt.html", context)


@require_safe
def compare(request, unit, year, stage=None):
    """Two versions, table by table; without a choice the newest two."""
    place = place_of(request, unit, year, stage)
    rows = list(_versions(place))
    numbers = [one.number for one in rows]
    asked = [request.GET.get(name, "") for name in ("before", "after")]
    chosen = [int(text) for text in asked if re.fullmatch(r"\d{1,4}", text) and int(text) in numbers]
    if len(chosen) != 2:
        chosen = sorted(numbers[:2])
    context = {"place": place, "section": "publish", "versions": rows, "chosen": chosen}
    if len(chosen) == 2:
        before, after = (Frozen.from_json(_version(place, number).content) for number in chosen)
        context |= {
            "tables": compared.tables_compared(before, after),
            "texts": compared.text_compared(before, after),
            "explanations": [one for one in rows if min(chosen) < one.number <= max(chosen)],
        }
    return render(request, "publication/compare.html", context)


def _versions(place: Place):
    """The versions of the organisation's year, newest first."""
    selection = place.selection
    found = Publication.objects.filter(unit=selection.organisation, campaign=selection.campaign)
    return found.light().select_related("unit", "campaign").order_by("-number")


def _version(place: Place, number: int) -> Publication:
    found = _versions(place).defer(None).filter(number=number).first()
    if found is None:
        raise Http404
    return found


# ---- the page


def _page(
    request, place: Place, problems: list[str] | None = None, prepared: Preparation | None = None
) -> HttpResponse:
    organisation = place.selection.organisation
    publishes = can(request.user, "publish", organisation)
    if prepared is None:
        prepared = prepare(place.selection, publisher=request.user if publishes else None)
    place = replace(place, told=standing_by(prepared.clock, organisation, place.selection.campaign))
    versions = prepared.past.versions
    number = versions[0].number + 1 if versions else 1
    context = {
        "place": place,
        "section": "publish",
        "problems": problems or [],
        "typed": request.POST,
        "prepared": prepared,
        "clock": prepared.clock,
        "groups": _groups(request, place, prepared),
        "wrong": len(prepared.wrong),
        "final": len(prepared.final),
        "to_explain": len(prepared.to_overrule),
        "versions": [(row, reverse("public-version", args=(place.code, place.year, row.number))) for row in versions],
        "number": number,
        "publishes": publishes,
        "reviews": can(request.user, "review", organisation),
        "is_unchanged": bool(versions) and versions[0].content_digest == prepared.fingerprint,
        "job": prepared.past.job,
        "approved": _approved(place),
        "preview": place.url("publish-preview"),
        "source": SOURCE,
        "days": DAYS,
    }
    return render(request, "publication/publish.html", context, status=409 if problems else 200)


def _groups(request, place: Place, prepared: Preparation) -> list[tuple]:
    """The headings with their entries: each with the addresses of its places, and the words that were typed for it."""
    addresses = Addresses(place, prepared.report.matter.records("checked_items"))

    def shown(one: Entry) -> dict:
        places = [(at.label, addresses.of(at.spot)) for at in one.places]
        typed = request.POST.get(f"words-{one.key}", "")
        return {"entry": one, "places": [found for found in places if found[1]], "typed": typed}

    return [
        (heading, [shown(one) for one in entries], sum(one.is_wrong for one in entries))
        for heading, entries in prepared.by_heading().items()
    ]


def _approved(place: Place) -> str:
    """The page of the approved budget, where this is another stage of it."""
    if stage_order(place.stage) >= stage_order("approved"):
        return ""
    found = [one for one in place.elsewhere if one.year == place.year and stage_order(one.stage) >= 3]
    return f"{found[0].url}publish/" if found else ""
