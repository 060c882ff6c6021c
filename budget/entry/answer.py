"""How a page of rows answers: shown, one row more, saved, refused, conflicting, locked."""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from budget import writing
from budget.models import Budget
from budget.pages import Place, place_of

from .draft import Draft
from .editing import Editing

SHOWN_AGAIN = "刚才填写的内容都在，还没有保存。请核对后再保存。"

NOT_SAVED = "下面是您刚才填写的内容，没有保存。"


class ChooseUnit(Exception):
    """The address names a department: entry is of a unit's own budget. `response` says which to choose."""

    def __init__(self, response):
        self.response = response


def place_to_write(request, unit: str, year: int, stage: str | None, page: str) -> Place:
    """The place of a unit that has a budget of its own; for a department ChooseUnit, with where to go instead."""
    place = place_of(request, unit, year, stage)
    if own_budget(place) is not None:
        return place
    if request.method == "POST":
        raise Http404
    units = [(budget, reverse(page, args=(budget.unit.code, place.year, place.stage))) for budget in place.budgets]
    if len(units) == 1:
        raise ChooseUnit(redirect(units[0][1]))
    raise ChooseUnit(render(request, "entry/choose.html", {"place": place, "units": units}))


def own_budget(place: Place) -> Budget | None:
    return next((budget for budget in place.budgets if budget.unit.code == place.code), None)


def chooses_unit(view):
    """Decorator: where an address names a department, its units are offered instead of the page."""

    @wraps(view)
    def choosing(request, *args, **kwargs):
        try:
            return view(request, *args, **kwargs)
        except ChooseUnit as choose:
            return choose.response

    return choosing


def answer(
    request,
    place: Place,
    make: Callable[[Draft, object], Editing],
    *,
    template: str,
    title: str,
    section: str,
    address: str,
    saved_at: Callable[[Editing], str] | None = None,
    **context,
) -> HttpResponse:
    """Show or save the page that `make(draft, posted)` builds. `address`: its own, with the stage in it."""
    posted = request.typed or (request.POST if request.method == "POST" else None)
    draft = Draft(own_budget(place), request.user, posted.get("unit", "") if posted else "")
    is_saving = posted is not None and request.typed is None
    query = request.GET.urlencode()
    if is_saving and not draft.may_edit:
        raise PermissionDenied
    editing = make(draft, posted if draft.may_edit else None)
    status, added = 200, None
    if not draft.is_writable:
        status = 409 if is_saving else 200
        editing.show_only()
    elif not is_saving:
        editing.show_only()
    elif wanted := posted.get("add"):
        added = editing.add_row(wanted)
    else:
        try:
            written = editing.save(by=request.user, address=request.META.get("REMOTE_ADDR"))
        except writing.Locked as locked:
            draft.budget.state = locked.budget.state
            written, status = None, 409
        if written is not None:
            messages.success(request, _saved(written))
            for notice in (*written.notices, *editing.notices):
                messages.info(request, notice)
            where = saved_at(editing) if saved_at else address
            return redirect(f"{where}?{query}" if query and not saved_at else where)
        if status == 200:
            status = 409 if editing.is_conflicted else 422
    return render(
        request,
        template,
        {
            "place": place,
            "draft": draft,
            "editing": editing,
            "sets": editing.sets,
            "title": title,
            "section": section,
            "address": address,
            "post_to": f"{address}?{query}" if query else address,
            "added": added,
            "notice": _notice(request.typed is not None, status, draft),
            "is_unsaved": posted is not None and draft.is_writable,
            **context,
        },
        status=status,
    )


def _notice(is_shown_again: bool, status: int, draft: Draft) -> str:
    if draft.is_writable:
        return SHOWN_AGAIN if is_shown_again else ""
    return NOT_SAVED if status == 409 else ""


def _saved(written: writing.Written) -> str:
    """已保存：新增 2 行，修改 1 行。"""
    counted = (("新增", written.added), ("修改", written.edited), ("删除", written.removed))
    done = "，".join(f"{word} {len(rows)} 行" for word, rows in counted if rows)
    return f"已保存：{done}。" if done else "没有改动，不用保存。"
