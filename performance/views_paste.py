"""Pasting a table of indicators, goals or tasks: what it would change, then all of it or nothing, and back."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from budget import cells, writing
from budget.entry.answer import chooses_unit, own_budget, place_to_write
from budget.entry.draft import Draft
from budget.entry.kept import keeps_typing
from budget.models import Item
from budget.undoing import undo

from . import pasting
from .entry import Reading
from .values import combine

MOVED = "没有写入：本页打开后预算又有改动。下面是按现在的内容重新比较的结果，请核对后再确认。"
NOT_UNDONE = "没有撤销：粘贴之后这些行又被修改过。请在页面上逐行修改，或重新粘贴原来的表。"
NOT_SAVED = "下面是您刚才粘贴的内容，没有写入。"


@keeps_typing
@require_http_methods(["GET", "HEAD", "POST"])
def project(request, unit, year, uid, stage=None):
    """The indicators of a project."""
    place = place_to_write(request, unit, year, stage, "projects")
    item = Item.objects.of(own_budget(place)).projects().filter(uid=uid).first()
    if item is None:
        raise Http404
    item.budget = own_budget(place)
    back = place.url("project-edit", uid)
    return _answer(request, place, pasting.PROJECT, item, place.url("project-paste", uid), back, item.name)


@keeps_typing
@require_http_methods(["GET", "HEAD", "POST"])
@chooses_unit
def department(request, unit, year, what, stage=None):
    """The goals, tasks or indicators of the department as a whole."""
    kind = pasting.DEPARTMENT.get(what)
    place = place_to_write(request, unit, year, stage, "performance")
    if kind is None:
        raise Http404
    address = place.url("performance-paste", what)
    return _answer(request, place, kind, own_budget(place), address, place.url("performance"), "部门整体绩效目标")


def _answer(request, place, kind: pasting.Kind, owner, address: str, back: str, above: str):
    posted = request.typed or (request.POST if request.method == "POST" else {})
    budget = own_budget(place)
    draft = Draft(budget, request.user)
    if not draft.may_edit:
        raise PermissionDenied
    is_writing = request.method == "POST" and request.typed is None
    text, mode = posted.get("text", ""), posted.get("mode", pasting.KEEP)
    plan, notice, status = None, "", 200
    if is_writing and draft.is_writable and "undo" in posted:
        return _undone(request, budget, kind, owner, posted["undo"], address)
    if posted.get("text") is not None and "again" not in posted:
        plan = pasting.plan(kind, text, owner, mode)
        status = 422 if plan.faults else 200
    if is_writing and not draft.is_writable:
        notice, status = NOT_SAVED, 409
    elif is_writing and plan and not plan.faults and "write" in posted:
        seen = posted.get("seen", "")
        try:
            written = writing.write(
                budget,
                plan.changes,
                by=request.user,
                via="paste",
                seen=int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else 0,
                address=request.META.get("REMOTE_ADDR"),
            )
        except writing.Conflicted:
            notice, status = MOVED, 409
            budget.refresh_from_db(fields=["version"])
            plan = pasting.plan(kind, text, owner, mode)
        except writing.Refused as refused:
            notice, status = "没有写入：" + "".join(one.message for one in refused.problems), 422
        except writing.Locked as locked:
            notice, status, budget.state = NOT_SAVED, 409, locked.budget.state
        else:
            messages.success(request, f"已粘贴：{plan.counted}。" if written else "没有改动，不用写入。")
            return redirect(f"{address}?done=1" if written else back)
    is_done = "done" in request.GET and request.method != "POST" and draft.is_writable
    return render(
        request,
        "entry/paste.html",
        {
            "place": place,
            "draft": draft,
            "section": "projects" if isinstance(owner, Item) else "performance",
            "kind": kind,
            "text": text,
            "mode": mode,
            "plan": plan,
            "notice": notice,
            "undoes": pasting.last_operation(budget, request.user) if is_done else "",
            "address": address,
            "back": back,
            "above": above,
        },
        status=status,
    )


def _undone(request, budget, kind: pasting.Kind, owner, operation: str, address: str):
    hangs = {"item" if isinstance(owner, Item) else "budget": owner}
    try:
        undo(
            budget,
            UUID(operation),
            (kind.model,),
            hangs,
            by=request.user,
            via="paste",
            address=request.META.get("REMOTE_ADDR"),
        )
    except (ValueError, LookupError):
        raise Http404 from None
    except (writing.Conflicted, writing.Refused, writing.Locked):
        messages.error(request, NOT_UNDONE)
    else:
        messages.success(request, "已撤销刚才的粘贴，各行恢复原样。")
    return redirect(address)


@require_safe
def indicator_value(request):
    """How an indicator's value is read while it is typed: as printed, as understood, what is odd, what to answer."""
    level, name, operator, target, measure = (
        request.GET.get(one, "")[:200] for one in ("level_1", "name", "operator", "target", "measure")
    )
    question = ""
    try:
        reading = Reading.of(name, combine(operator, target, measure), level)
    except cells.Refusal as refusal:
        reading, question = Reading(), str(refusal)
    said = {
        "printed": reading.printed,
        "understood": reading.understood,
        "hints": reading.hints,
        "question": question,
    }
    return JsonResponse(said, json_dumps_params={"ensure_ascii": False})
