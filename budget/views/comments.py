"""批注: the list of a budget's remarks; adding, answering, resolving them."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from budget import comments
from budget.models import Budget
from budget.pages import Place, place_of
from organisation.rights import can
from records.administration import address_of
from records.models import Comment

PER_PAGE = 100


@require_http_methods(["GET", "HEAD", "POST"])
def comment_list(request, unit, year, stage=None):
    """批注 of a budget (or of a department's); POST: one more."""
    place = place_of(request, unit, year, stage)
    if request.method != "POST":
        return _page(request, place)
    if not can(request.user, "comment", place.selection.organisation):
        raise PermissionDenied
    budget = next((one for one in place.budgets if one.unit.code == request.POST.get("unit", place.code)), None)
    if budget is None:
        return _page(request, place, "请到单位自己的页面批注。")
    try:
        comments.add(
            budget,
            by=request.user,
            text=request.POST.get("text", ""),
            subject=request.POST.get("subject", ""),
            subject_uid=_uid(request.POST.get("uid", "")),
            cell=request.POST.get("cell", ""),
            address=address_of(request),
        )
    except comments.NotKept as error:
        return _page(request, place, str(error))
    messages.success(request, "已批注。")
    return redirect(_back(request, place))


@require_POST
def comment_answer(request, unit, year, comment, stage=None):
    """An answer to a remark, or 已解决, or open again: `do`."""
    place = place_of(request, unit, year, stage)
    found = comments.of_stage(place.budgets).filter(uid=comment).first()
    if found is None:
        raise Http404
    budget = next(one for one in place.budgets if one.unit_id == found.unit_id)
    if not can(request.user, "comment", budget):
        raise PermissionDenied
    how = {"by": request.user, "address": address_of(request)}
    try:
        _answer(request.POST, budget, found, how)
    except comments.NotKept as error:
        return _page(request, place, str(error))
    return redirect(f"{_back(request, place)}#comment-{found.uid}")


def _answer(posted, budget: Budget, found: Comment, how: dict) -> None:
    match posted.get("do"):
        case "reply":
            comments.reply(budget, found, text=posted.get("text", ""), **how)
        case "resolve":
            comments.resolve(budget, found, **how)
        case "reopen":
            comments.reopen(budget, found, **how)
        case _:
            raise comments.NotKept("请选择答复、解决或重新打开。")


def _page(request, place: Place, problem: str = ""):
    shows_all = request.GET.get("all") == "1"
    rows = comments.of_stage(place.budgets, only_open=not shows_all)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "place": place,
        "section": "comments",
        "remarks": comments.told(list(page), place.budgets),
        "page": page,
        "shows_all": shows_all,
        "may_comment": can(request.user, "comment", place.selection.organisation),
        "on": _pinned(request, place),
        "address": place.url("comments"),
        "came_from": request.POST.get("next", ""),
        "problem": problem,
        "typed": request.POST.get("text", ""),
    }
    return render(request, "cycle/comments.html", context, status=422 if problem else 200)


def _pinned(request, place: Place) -> dict | None:
    """What a new remark is pinned on: a row or a table's cell, named and linked; None where nothing is asked for."""
    asked = request.POST if request.method == "POST" else request.GET
    budget = next((one for one in place.budgets if one.unit.code == asked.get("unit", place.code)), None)
    cell, subject, uid = asked.get("cell", ""), asked.get("subject", ""), _uid(asked.get("uid", ""))
    if budget is None or not (cell or uid):
        return None
    draft = Comment(unit=budget.unit, budget_uid=budget.uid, subject=subject, subject_uid=uid, cell=cell)
    try:
        name, url = comments.subject_of(draft, budget)
    except comments.NotKept:
        return None
    return {"unit": budget.unit.code, "cell": cell, "subject": subject, "uid": uid or "", "name": name, "url": url}


def _uid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _back(request, place: Place) -> str:
    wanted = request.POST.get("next", "")
    is_ours = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, None)
    return wanted if is_ours else place.url("comments")
