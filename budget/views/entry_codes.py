"""Codes looked up while typing: by number, name, pinyin, initials."""

import re

from django.http import Http404, JsonResponse
from django.views.decorators.http import require_safe

from budget.entry.search import KINDS, index_of
from budget.models import Campaign

NEAR = re.compile(r"\d{3,10}")


@require_safe
def codes(request, kind):
    """The best eight hits for `q` in the classification of `year`; the neighbours of the codes `near` come first."""
    year = request.GET.get("year", "")
    if kind not in KINDS or not re.fullmatch(r"[12]\d{3}", year):
        raise Http404
    campaign = Campaign.objects.filter(year=int(year)).select_related("edition").first()
    if campaign is None:
        raise Http404
    near = NEAR.findall(request.GET.get("near", "")[:400])
    hits = index_of(kind, campaign.edition).search(request.GET.get("q", ""), near=near)
    found = [
        {
            "code": entry.code,
            "name": entry.name,
            "shown": entry.shown,
            "above": entry.above,
            "leaf": entry.is_leaf,
            "government": dict(entry.government),
        }
        for entry in hits
    ]
    return JsonResponse({"hits": found}, json_dumps_params={"ensure_ascii": False})
