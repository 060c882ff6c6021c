"""Entry of what this app keeps and of what hangs together with it: a project on one page."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from budget import attachments, controls, writing
from budget.entry.answer import answer, chooses_unit, own_budget, place_to_write
from budget.entry.draft import Draft
from budget.entry.kept import keeps_typing
from budget.models import Budget, Item, Line, ProcurementLine
from budget.pages import Place
from projects.models import CostDetail
from records.models import ChangeRecord

from .entry import ProjectEditing
from .entry_department import DepartmentEditing
from .models import ProjectIndicator


@keeps_typing
@require_http_methods(["GET", "HEAD", "POST"])
@chooses_unit
def project_new(request, unit, year, stage=None):
    """新增项目."""
    place = place_to_write(request, unit, year, stage, "project-new")
    return _project_page(request, place, None, title="新增项目", address=place.url("project-new"))


@keeps_typing
@require_http_methods(["GET", "HEAD", "POST"])
def project_edit(request, unit, year, uid, stage=None):
    """A project: everything about it on one page."""
    place = place_to_write(request, unit, year, stage, "projects")
    budget = own_budget(place)
    item = Item.objects.of(budget).projects().filter(uid=uid).first()
    if item is None and not (request.method == "POST" and _was_here(budget, uid)):
        raise Http404
    if item is not None:
        item.budget = budget
    title = item.name if item else "项目"
    return _project_page(request, place, item, title=title, address=place.url("project-edit", uid))


def _was_here(budget: Budget, uid: UUID) -> bool:
    """Whether the draft had a project of that uid: what was typed about it is not thrown away with it."""
    removed = ChangeRecord.objects.filter(chain=budget.chain, subject_uid=uid, subject="budget.item", action="remove")
    return removed.exists()


def _project_page(request, place, item, *, title: str, address: str):
    return answer(
        request,
        place,
        lambda draft, posted: ProjectEditing(draft, posted, item=item),
        template="entry/project.html",
        title=title,
        section="projects",
        address=address,
        saved_at=lambda editing: _after(place, editing.project.instance),
        item=item,
        attachments=attachments.of_item(item) if item else [],
        quotas=controls.quotas(own_budget(place)),
    )


@keeps_typing
@require_http_methods(["GET", "HEAD", "POST"])
@chooses_unit
def department(request, unit, year, stage=None):
    """绩效目标 of the department as a whole."""
    place = place_to_write(request, unit, year, stage, "performance")
    return answer(
        request,
        place,
        DepartmentEditing,
        template="entry/performance.html",
        title="部门整体绩效目标",
        section="performance",
        address=place.url("performance"),
    )


def _after(place: Place, item: Item | None) -> str:
    """Where one goes on after saving: to the project, or to the list where it is given up."""
    return place.url("project-edit", item.uid) if item else place.url("projects")


@require_http_methods(["GET", "HEAD", "POST"])
def project_delete(request, unit, year, uid, stage=None):
    """Ask before a project goes, and say what goes with it."""
    place = place_to_write(request, unit, year, stage, "projects")
    budget = own_budget(place)
    item = Item.objects.of(budget).projects().filter(uid=uid).first()
    if item is None:
        raise Http404
    draft = Draft(budget, request.user)
    if not draft.may_edit:
        raise PermissionDenied
    procurement = list(ProcurementLine.objects.filter(item=item))
    status, is_stale = 200, False
    if request.method == "POST" and draft.is_writable:
        changes = [writing.Remove(ProcurementLine, row.uid, row.version) for row in procurement]
        changes.append(writing.Remove(Item, item.uid, item.version))
        seen = request.POST.get("seen", "")
        try:
            writing.write(
                budget,
                changes,
                by=request.user,
                via="form",
                seen=int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else 0,
                address=request.META.get("REMOTE_ADDR"),
            )
        except writing.Conflicted:
            status, is_stale = 409, True
            budget.refresh_from_db(fields=["version"])
        except writing.Locked as locked:
            status, budget.state = 409, locked.budget.state
        else:
            messages.success(request, f"已删除项目“{item.name}”。")
            return redirect(place.url("projects"))
    lines = Line.objects.filter(item=item)
    hanging = (
        ("条预算明细", lines.count()),
        ("条测算明细", CostDetail.objects.filter(item=item).count()),
        ("条政府采购", len(procurement)),
        ("条绩效指标", ProjectIndicator.objects.filter(item=item).count()),
        ("个依据文件", len(attachments.of_item(item))),
    )
    return render(
        request,
        "entry/delete_project.html",
        {
            "place": place,
            "draft": draft,
            "section": "projects",
            "item": item,
            "hanging": [f"{count} {word}" for word, count in hanging if count],
            "is_stale": is_stale,
            "edit_url": place.url("project-edit", uid),
        },
        status=409 if request.method == "POST" and not draft.is_writable else status,
    )
