"""从以前的预算带入: choose, look at what it does, confirm; and the lines brought over that nobody has looked at."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from budget import writing
from budget.copying import copying, from_published, published
from budget.entry.answer import chooses_unit, own_budget, place_to_write
from budget.entry.copying import REPLACE, CopyForm, PublishedForm, told
from budget.entry.draft import Draft
from budget.importing import files, guard
from budget.models import Budget, DraftRow, Item, Line
from budget.tables import exactly

SALT = "budget.copy.published"
CHECKED = "已核对：{} 条明细。"
MOVED_ON = "草稿在此期间有改动，没有写入。请按现在的草稿重新核对。"
SHOWN = 500  # of the lines to be looked at that one page lists


@require_http_methods(["GET", "HEAD", "POST"])
@chooses_unit
def copy(request, unit, year, stage=None):
    """从以前的预算带入."""
    place = place_to_write(request, unit, year, stage, "copy")
    draft = Draft(own_budget(place), request.user)
    if not draft.may_edit:
        raise PermissionDenied
    if not draft.is_writable:
        return _page(request, place, draft, status=409 if request.method == "POST" else 200)
    if request.method != "POST":
        return _page(request, place, draft)
    if request.POST.get("step") == "check":
        return _check(request, place, draft)
    if request.POST.get("step") in ("published", "rebuild"):
        return _published(request, place, draft)
    form = CopyForm(request.POST, sources=copying.sources(draft.budget, request.user))
    if not form.is_valid():
        return _page(request, place, draft, form=form, status=422)
    if request.POST.get("step") != "confirm":
        return _preview(request, place, draft, form)
    return _confirm(request, place, draft, form)


def _page(request, place, draft, *, form=None, status=200, **context):
    budget = draft.budget
    sources = form.sources if form else copying.sources(budget, request.user)
    if form is None:
        form = CopyForm(sources=sources)
    unchecked = _unchecked(draft) if draft.is_writable else []
    is_started = Budget.objects.filter(pk=budget.pk).filter(
        Exists(Item.objects.filter(budget=OuterRef("pk"))) | Exists(DraftRow.objects.filter(budget=OuterRef("pk")))
    )
    return render(
        request,
        "entry/copy.html",
        {
            "place": place,
            "draft": draft,
            "title": "从以前的预算带入",
            "section": "copy",
            "form": form,
            "published": PublishedForm(),
            "has_sources": bool(sources),
            "is_started": is_started.exists(),
            "unchecked": unchecked[:SHOWN],
            "more": max(0, len(unchecked) - SHOWN),
            **context,
        },
        status=status,
    )


def _unchecked(draft: Draft) -> list[dict]:
    lines = Line.objects.of(draft.budget).unchecked().with_dimensions()
    lines = lines.order_by("-origin", "item__position", "item__pk", "pk")  # what is presumed comes first
    return [
        {"line": line, "key": f"{line.uid}:{line.version}", "amount": f"{exactly(line.amount, draft.unit):,f}"}
        for line in lines
    ]


def _preview(request, place, draft, form):
    try:
        outcome = _copied(draft.budget, form, by=request.user, is_preview=True)
    except writing.Refused as refused:
        return _refused(request, place, refused)
    return render(
        request,
        "entry/copy_preview.html",
        {
            "place": place,
            "draft": draft,
            "title": "核对带入的内容",
            "section": "copy",
            "form": form,
            "outcome": outcome,
            "before": f"{exactly(outcome.before, draft.unit):,f}",
            "after": f"{exactly(outcome.after, draft.unit):,f}",
            "from_what": told(form.budget),
            "is_replacing": form.cleaned_data["keeping"] == REPLACE,
        },
    )


def _confirm(request, place, draft, form):
    if request.POST.get("seen") != str(draft.budget.version):
        messages.error(request, MOVED_ON)
        return _preview(request, place, draft, form)
    try:
        address = request.META.get("REMOTE_ADDR")
        outcome = _copied(draft.budget, form, by=request.user, address=address)
    except (writing.Conflicted, writing.Locked):
        messages.error(request, MOVED_ON)
        return redirect(place.url("copy"))
    except writing.Refused as refused:
        return _refused(request, place, refused)
    added = "、".join(f"{name} {count}" for name, count, _ in outcome.counts if count)
    messages.success(request, f"已从{told(form.budget)}带入：{added}。" if added else "没有需要带入的内容。")
    return redirect(place.url("copy"))


def _refused(request, place, refused: writing.Refused):
    """What the writer will not have, back on the page it came from; nothing was written."""
    for message in dict.fromkeys(problem.message for problem in refused.problems):
        messages.error(request, f"没有写入：{message}")
    return redirect(place.url("copy"))


def _copied(budget: Budget, form: CopyForm, **how) -> copying.Outcome:
    return copying.copy(form.budget, budget, form.choice, **how)


def _published(request, place, draft):
    """A published workbook: read and shown as it would be rebuilt, or rebuilt. Its facts travel signed in the page."""
    if request.POST["step"] == "rebuild":
        facts = _signed_facts(request, draft)
        if facts is None or request.POST.get("seen") != str(draft.budget.version):
            messages.error(request, MOVED_ON)
            return redirect(place.url("copy"))
    else:
        form = PublishedForm(request.POST, request.FILES)
        errors = list(form.errors.get("file", ()))
        if not errors:
            try:
                file = form.cleaned_data["file"]
                facts = from_published.read(guard.read(file.read(files.MAX_BYTES + 1), file.name), draft.budget)
            except files.FileRefused as refused:
                errors = [str(refused)]
            except published.NotPublished as wrong:
                errors = wrong.errors
        if errors:
            return _page(request, place, draft, status=422, published=form, file_errors=errors)
    return _rebuilt(request, place, draft, facts, is_preview=request.POST["step"] == "published")


def _rebuilt(request, place, draft, facts: published.Facts, *, is_preview: bool):
    try:
        address = request.META.get("REMOTE_ADDR")
        outcome = from_published.apply(facts, draft.budget, by=request.user, address=address, is_preview=is_preview)
    except (writing.Conflicted, writing.Locked):
        messages.error(request, MOVED_ON)
        return redirect(place.url("copy"))
    except writing.Refused as refused:
        return _refused(request, place, refused)
    if not is_preview:
        lines = len([row for row in outcome.written.added if isinstance(row, Line)])
        messages.success(
            request, f"已从公开的工作簿写入明细 {lines} 条，其中 {len(outcome.presumed)} 条有推定，请在下面逐条核对。"
        )
        return redirect(place.url("copy"))
    return render(
        request,
        "entry/copy_published.html",
        {
            "place": place,
            "draft": draft,
            "title": "核对公开表的内容",
            "section": "copy",
            "facts": facts,
            "outcome": outcome,
            "after": f"{exactly(outcome.after, draft.unit):,f}",
            "signed": signing.dumps([str(draft.budget.uid), facts.plain()], salt=SALT, compress=True),
            "is_of_another": bool(facts.organisation) and facts.organisation != draft.budget.unit_name,
        },
    )


def _signed_facts(request, draft) -> published.Facts | None:
    """The facts that this page was given for this budget; None where they are of another or too old."""
    try:
        budget, plain = signing.loads(request.POST.get("facts", ""), salt=SALT, max_age=settings.SESSION_COOKIE_AGE)
    except signing.BadSignature:
        return None
    return published.Facts(**plain) if budget == str(draft.budget.uid) else None


def _check(request, place, draft):
    """Mark lines as looked at, each as it was seen."""
    seen = [key.partition(":") for key in request.POST.getlist("line")]
    try:
        changes = [writing.Edit(Line, UUID(uid), int(version), {"origin": ""}) for uid, _, version in seen]
        written = writing.write(draft.budget, changes, by=request.user, via="form")
    except (ValueError, writing.Conflicted, writing.Locked):
        messages.error(request, "所选明细在此期间有改动，没有标记。请重新核对。")
    else:
        messages.success(request, CHECKED.format(len(written.edited)))
    return redirect(place.url("copy"))
