"""依据文件 of a project: the list with what may be done, one file to keep, one taken out after a question."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from budget import attachments, writing
from budget.entry.draft import Draft
from budget.models import Item
from budget.pages import Place, place_of
from organisation.rights import can
from records.administration import address_of
from records.file_types import ACCEPTED, KINDS
from records.models import Attachment

ENDINGS = ",".join(f".{ending}" for kind in KINDS for ending in kind.endings)


@require_http_methods(["GET", "HEAD", "POST"])
def project_attachments(request, unit, year, uid, stage=None):
    """The files of a project; POST: one more."""
    place, item = _item(request, unit, year, stage, uid)
    if request.method != "POST":
        return _page(request, place, item)
    _may_edit(request.user, item)
    sent = request.FILES.get("file")
    try:
        if sent is None:
            raise attachments.NotKept("请选择文件。")
        if sent.size > attachments.MAX_BYTES:
            raise attachments.NotKept(f"文件超过 {attachments.MAX_BYTES // 1024 // 1024} MB。")
        row = attachments.add(item, sent.name, sent.read(), by=request.user, address=address_of(request))
    except attachments.NotKept as error:
        return _page(request, place, item, str(error), status=422)
    except writing.Locked as locked:
        item.budget.state = locked.budget.state
        return _page(request, place, item, status=409)
    messages.success(request, f"已上传“{row.name}”。")
    return redirect(place.url("project-attachments", item.uid))


@require_safe
def project_attachment(request, unit, year, uid, attachment, stage=None):
    """One file, to be kept by whoever sees the project: never shown as a page."""
    _, item = _item(request, unit, year, stage, uid)
    row = _attachment(item, attachment)
    try:
        content = row.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    headers = {"X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-store"}
    return FileResponse(content, as_attachment=True, filename=row.name, content_type=row.content_type, headers=headers)


@require_http_methods(["GET", "HEAD", "POST"])
def project_attachment_remove(request, unit, year, uid, attachment, stage=None):
    """Ask before a file is taken out."""
    place, item = _item(request, unit, year, stage, uid)
    _may_edit(request.user, item)
    back = place.url("project-attachments", item.uid)
    status = 200
    if request.method == "POST":
        try:
            row = attachments.remove(item, attachment, by=request.user, address=address_of(request))
        except attachments.NotKept as error:
            _was_here(item, attachment)
            messages.info(request, str(error))
            return redirect(back)
        except writing.Locked as locked:
            item.budget.state, status = locked.budget.state, 409
        else:
            messages.success(request, f"已移除“{row.name}”。")
            return redirect(back)
    context = {
        "place": place,
        "section": "projects",
        "item": item,
        "draft": Draft(item.budget, request.user),
        "attachment": _attachment(item, attachment),
        "back": back,
    }
    return render(request, "performance/remove_attachment.html", context, status=status)


def shown(place: Place, item: Item) -> dict:
    """What the list of files needs on a page of the project."""
    return {
        "attachments": attachments.of_item(item),
        "may_attach": item.budget.is_draft and can(place.user, "edit", item.budget),
        "most_megabytes": attachments.MAX_BYTES // 1024 // 1024,
        "accepted": ACCEPTED,
        "endings": ENDINGS,
    }


def _page(request, place: Place, item: Item, error: str = "", *, status: int = 200):
    context = {
        "place": place,
        "section": "projects",
        "item": item,
        "draft": Draft(item.budget, request.user),
        "error": error,
        **shown(place, item),
    }
    return render(request, "performance/attachments.html", context, status=status)


def _item(request, unit: str, year: int, stage: str | None, uid) -> tuple[Place, Item]:
    place = place_of(request, unit, year, stage)
    rows = Item.objects.projects().filter(budget__in=place.budgets, uid=uid)
    item = rows.select_related("budget__unit", "budget__campaign").first()
    if item is None:
        raise Http404
    return place, item


def _may_edit(user, item: Item) -> None:
    if not can(user, "edit", item.budget):
        raise PermissionDenied


def _attachment(item: Item, uid) -> Attachment:
    row = next((one for one in attachments.of_item(item) if one.uid == uid), None)
    if row is None:
        raise Http404
    return row


def _was_here(item: Item, uid) -> None:
    """Http404 unless the item had a file of that uid: whoever takes it out a second time is told so."""
    if not attachments.had(item, uid):
        raise Http404
