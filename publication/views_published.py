"""What was published, over all organisations: who is to publish by when, and which version a file is of."""

import hashlib
import re

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from budget.downloads import list_response
from budget.models import Campaign
from organisation.rights import can

from . import publishing
from .clock import DAYS, SOURCE, Duty, duties
from .models import Publication, PublishedFile

PER_PAGE = 50
DIGEST = re.compile(r"[0-9a-f]{64}")


class Narrowed(forms.Form):
    year = forms.TypedChoiceField(label="年度", required=False, coerce=int, empty_value=None)
    show = forms.ChoiceField(
        label="只看",
        required=False,
        choices=[("", "全部"), ("late", "已逾期"), ("open", "未公开"), ("published", "已公开")],
    )
    q = forms.CharField(label="部门、单位", required=False)


@require_safe
def publications(request):
    """公开进度: every organisation with an approved budget, its last day, what it has published; those late first."""
    if not can(request.user, "remind"):
        raise Http404
    campaigns = {one.year: one for one in Campaign.objects.all()}
    form = Narrowed(request.GET or None)
    form.fields["year"].choices = [(year, f"{year}年") for year in campaigns]
    asked = form.cleaned_data if form.is_bound and form.is_valid() else {}
    campaign = campaigns.get(asked.get("year")) or next(iter(campaigns.values()), None)
    every = duties(request.user, campaign) if campaign else []
    found = [one for one in every if _holds(one, asked)]
    found.sort(key=lambda one: (one.clock.is_published, one.clock.due, one.unit.path))
    if wanted := request.GET.get("format"):
        return list_response([HEADING, *(_row(one) for one in found)], wanted, f"{campaign.year}年_公开进度")
    form.initial = {"year": campaign.year} if campaign else {}
    query = request.GET.copy()
    for name in ("format", "page"):
        query.pop(name, None)
    context = {
        "title": f"{campaign.year}年公开进度" if campaign else "公开进度",
        "section": "publications",
        "campaign": campaign,
        "form": form,
        "page": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
        "late": sum(one.clock.is_late and not one.clock.is_published for one in every),
        "published": sum(one.clock.is_published for one in every),
        "all": len(every),
        "query": query.urlencode(),
        "days": DAYS,
        "source": SOURCE,
    }
    return render(request, "publication/publications.html", context)


HEADING = ("代码", "部门、单位", "批复日期", "公开期限", "状态", "公开日期", "时间")


def _row(one: Duty) -> tuple:
    clock = one.clock
    days = [f"{day:%Y-%m-%d}" if day else "" for day in (clock.approved, clock.due, clock.first)]
    return (one.unit.code, one.unit.name, days[0], days[1], clock.state, days[2], clock.words)


def _holds(one: Duty, asked: dict) -> bool:
    clock, show = one.clock, asked.get("show", "")
    wanted = {
        "late": clock.is_late and not clock.is_published,
        "open": not clock.is_published,
        "published": clock.is_published,
    }.get(show, True)
    words = asked.get("q", "").split()
    return wanted and all(one.unit.code.startswith(word) or word in one.unit.name for word in words)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request):
    """核验: which publication a file or a digest is of. For everybody; nothing of the file is kept."""
    file, text = request.FILES.get("file"), request.GET.get("digest", request.POST.get("digest", ""))
    digest = re.sub(r"\s", "", text).lower()
    if file is not None:
        hashed = hashlib.sha256()
        for chunk in file.chunks():
            hashed.update(chunk)
        digest = hashed.hexdigest()
    context = {"digest": digest, "name": file.name if file else ""}
    if digest and not DIGEST.fullmatch(digest):
        context["problem"] = "摘要是64位的数字和字母（0–9，a–f），请核对后再输入。"
    elif digest:
        context["found"] = _of_digest(digest)
    elif request.method == "POST":
        context["problem"] = "请选择文件，或输入摘要。"
    return render(request, "publication/verify.html", context)


def _of_digest(digest: str) -> dict | None:
    """The version that a digest of a file, of its content or of the whole is of."""
    file = PublishedFile.objects.filter(digest=digest).order_by("pk").first()
    versions = Publication.objects.light().select_related("unit", "campaign")
    if file is not None:
        row = versions.get(pk=file.publication_id)
    else:
        row = versions.filter(digest=digest).first() or versions.filter(content_digest=digest).order_by("pk").first()
    if row is None:
        return None
    same = versions.filter(unit=row.unit, campaign=row.campaign).order_by("-number")
    newest = same.first()
    return {
        "row": row,
        "file": file,
        "newest": newest if newest.pk != row.pk else None,
        "address": publishing.address_of(row),
        "newest_address": publishing.address_of(newest),
    }
