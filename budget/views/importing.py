"""导入明细: a file is sent, examined, looked at, confirmed. Nothing is written before the confirmation."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe

from budget import writing
from budget.entry.answer import chooses_unit, own_budget, place_to_write
from budget.entry.draft import Draft
from budget.importing import uploads
from budget.importing.files import MAX_BYTES, MAX_ROWS, FileRefused
from budget.models import Upload
from budget.pages import Place

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
RECENT = 10


@require_http_methods(["GET", "HEAD", "POST"])
@chooses_unit
def start(request, unit, year, stage=None):
    """导入明细: choose a file; what was sent before."""
    place = place_to_write(request, unit, year, stage, "import")
    draft = Draft(own_budget(place), request.user)
    error, status = "", 200
    if request.method == "POST":
        if not draft.may_edit:
            raise PermissionDenied
        try:
            return _received(request, place, draft)
        except FileRefused as refused:
            error, status = str(refused), 422
        except writing.Locked:
            status = 409
    found = draft.budget.uploads.select_related("owner").defer("report")[:RECENT]
    context = {"error": error, "uploads": found, "most_rows": MAX_ROWS, "most_megabytes": MAX_BYTES // 1024 // 1024}
    return _page(request, place, draft, "importing/start.html", status, **context)


def _received(request, place: Place, draft: Draft):
    if not draft.budget.is_draft:
        raise writing.Locked(draft.budget)
    sent = request.FILES.get("file")
    if sent is None:
        raise FileRefused("请选择文件。")
    if sent.size > MAX_BYTES:
        raise FileRefused(f"文件超过{MAX_BYTES // 1024 // 1024} MB。")
    upload = uploads.receive(sent.name, sent.read(), draft.budget, by=request.user)
    return _examined(request, place, upload)


def _examined(request, place: Place, upload: Upload):
    """To the page that shows what was found, or to the job that looks for it."""
    page = place.url("upload", upload.uid)
    if not upload.is_large:
        upload = uploads.examine(upload)
    if upload.is_large:
        return redirect("job", uploads.start_job(upload, uploads.PREVIEW, by=request.user, link=page).uid)
    return redirect(page)


@require_http_methods(["GET", "HEAD", "POST"])
@chooses_unit
def upload(request, unit, year, upload, stage=None):
    """One file: its errors, or what it would change, or that it was written."""
    place, draft, found = _upload(request, unit, year, stage, upload)
    status, moved = 200, ""
    if request.method == "POST":
        if not draft.may_edit:
            raise PermissionDenied
        try:
            return _answered(request, place, draft, found)
        except (uploads.Stale, FileRefused) as stale:
            status, moved = 409, str(stale)
        except writing.Locked as locked:
            draft.budget.state = locked.budget.state
            status = 409
        except writing.Refused as refused:
            status, moved = 409, "；".join(problem.message for problem in refused.problems[:5])
        found.refresh_from_db()
    if found.state == Upload.State.READY and found.seen != draft.budget.version:
        moved = moved or "预览之后草稿又有改动，请重新预览。"
    job = found.job if found.job and found.job.finished is None and found.state != Upload.State.APPLIED else None
    context = {"upload": found, "report": found.report, "moved": moved, "job": job, "kept": uploads.KEPT.days}
    return _page(request, place, draft, "importing/upload.html", status, **context)


def _answered(request, place: Place, draft: Draft, found: Upload):
    action = request.POST.get("action")
    page = place.url("upload", found.uid)
    if action == "discard":
        uploads.discard(found)
        messages.info(request, f"已放弃“{found.name}”，草稿没有改动。")
        return redirect(place.url("import"))
    if not draft.budget.is_draft:
        raise writing.Locked(draft.budget)
    if action == "preview" and found.is_open:
        return _examined(request, place, found)
    if action != "confirm":
        raise uploads.Stale("请从本页重新操作。")
    seen = request.POST.get("seen", "")
    if not (seen.isdecimal() and len(seen) < 19):
        raise uploads.Stale("数据已变，请重新预览。")
    address = request.META.get("REMOTE_ADDR")
    if found.is_large and found.state == Upload.State.READY:
        if found.seen != int(seen):
            raise uploads.Stale("数据已变，请重新预览。")
        job = found.job
        if job is None or job.kind != uploads.APPLY or job.finished is not None:
            job = uploads.start_job(found, uploads.APPLY, by=request.user, link=page, address=address)
        return redirect("job", job.uid)
    uploads.confirm(found, seen=int(seen), by=request.user, address=address)
    return redirect(page)


@require_safe
@chooses_unit
def marked(request, unit, year, upload, stage=None):
    """The copy of the file with its mistakes marked."""
    _, _, found = _upload(request, unit, year, stage, upload)
    if found.state != Upload.State.REFUSED:
        raise Http404
    try:
        content = uploads.marked(found)
    except FileRefused as refused:
        return HttpResponse(f"没有标注副本：{refused}", status=422, content_type="text/plain; charset=utf-8")
    response = HttpResponse(content, content_type=XLSX)
    response.headers["Content-Disposition"] = content_disposition_header(True, uploads.marked_name(found))
    return response


def _upload(request, unit, year, stage, uid) -> tuple[Place, Draft, Upload]:
    place = place_to_write(request, unit, year, stage, "import")
    draft = Draft(own_budget(place), request.user)
    found = draft.budget.uploads.filter(uid=uid).select_related("owner", "job", "budget__unit").first()
    if found is None:
        raise Http404
    return place, draft, found


def _page(request, place: Place, draft: Draft, template: str, status: int, **context):
    told = {"place": place, "draft": draft, "section": "import", "title": "导入明细", **context}
    told |= {"lines_url": place.url("lines"), "import_url": place.url("import")}
    return render(request, template, told, status=status)
