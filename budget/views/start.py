"""The first run: a unit without a budget begins one."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from budget import writing
from budget.drafts import open_draft
from budget.models import Campaign
from budget.next_steps import steps_before
from budget.starting import Start, start_of
from organisation.models import Unit
from organisation.rights import can


def first_run(request, found: Start, *, wrong: str = "", status: int = 200):
    """The five steps of a unit that has no budget."""
    return render(
        request,
        "budget/first_run.html",
        {"start": found, "steps": steps_before(found), "wrong": wrong, "section": "home"},
        status=status,
    )


@require_POST
def start(request, unit, year, stage):
    """Open the draft that the first step offers."""
    found = Unit.objects.visible_to(request.user).filter(code=unit).first()
    if found is None:
        raise Http404
    if not can(request.user, "edit", found):
        raise PermissionDenied
    campaign = get_object_or_404(Campaign, year=year)
    try:
        budget = open_draft(
            found, campaign, stage, by=request.user, via="form", address=request.META.get("REMOTE_ADDR")
        )
    except writing.Refused as refused:
        offered = start_of(found, request.user)
        if offered is None:  # somebody was first, or the address is old: the unit's newest budget says how things are
            messages.info(request, "".join(one.message for one in refused.problems))
            return redirect("organisation", unit)
        return first_run(request, offered, wrong="".join(one.message for one in refused.problems), status=422)
    messages.success(request, f"已建立{budget.year}年{budget.stage_name}草稿。请从下面的第二步开始填报。")
    return redirect("budget", unit, budget.year, budget.stage)
