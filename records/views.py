"""通知: what a person should know, and that they have read it."""

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from .notices import address_in, notices_of

PER_PAGE = 50


@require_safe
def notices(request):
    """通知, newest first."""
    page = Paginator(notices_of(request.user), PER_PAGE).get_page(request.GET.get("page"))
    rows = [{"notice": notice, "address": address_in(notice)} for notice in page]
    return render(request, "records/notices.html", {"section": "notices", "page": page, "rows": rows})


@require_POST
def read(request):
    """Mark a notice as read, or all of them."""
    rows = notices_of(request.user)
    if asked := request.POST.get("notice"):
        rows = rows.filter(pk=asked) if asked.isdecimal() and len(asked) < 19 else rows.none()
        if not rows.exists():
            raise Http404
    rows.filter(read=None).update(read=timezone.now())
    return redirect("notices")
