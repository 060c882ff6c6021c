"""The search of the top bar."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from budget import searching
from organisation.rights import can


@require_safe
def search(request):
    """查找: units, items, codes, lines, written words and remarks that the person may see."""
    text = request.GET.get("q", "").strip()[: searching.LONGEST]
    words = text.split()
    context = {"section": "search", "text": text, "nothing": True}
    if words:
        sees = can(request.user, "view")
        found = {
            "units": searching.units(request.user, words) if sees else None,
            "items": searching.items(request.user, words) if sees else None,
            "codes": searching.codes(words),
            "lines": searching.lines(request.user, words) if sees else None,
            "texts": searching.texts(request.user, words) if sees else None,
            "remarks": searching.remarks(request.user, words) if sees else None,
        }
        context |= found | {"nothing": not any(found.values()), "most": searching.MOST}
        context["item_rows"] = _with_addresses(found["items"], searching.address_of_item)
        context["line_rows"] = _with_addresses(found["lines"], searching.address_of_line)
    return render(request, "budget/search.html", context)


def _with_addresses(found, address):
    return [(one, address(one)) for one in found.rows] if found else []
