"""进度: units × steps for departments and finance; who is late, reminders, the year closed and opened again."""

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localtime
from django.views.decorators.http import require_POST, require_safe

from budget import cycle, steps_overview, telling, turns
from budget.downloads import list_response
from budget.models import Campaign, stage_name, stage_order
from budget.steps_html import row_html
from organisation.rights import can
from records.administration import address_of

PER_PAGE = 30


class Narrowed(forms.Form):
    year = forms.TypedChoiceField(label="年度", required=False, coerce=int, empty_value=None)
    stage = forms.ChoiceField(label="阶段", required=False)
    show = forms.ChoiceField(
        label="只看",
        required=False,
        choices=[("", "全部单位"), ("mine", "等我处理"), ("late", "已逾期"), ("unit", "单位还没有送审")],
    )
    q = forms.CharField(label="单位", required=False)


@require_safe
def progress(request):
    """进度, as a page or as a file of what is shown."""
    if not can(request.user, "remind"):
        raise Http404
    campaign, stage, form = _asked(request)
    if campaign is None:
        return render(request, "cycle/progress.html", {"title": "编制进度", "section": "progress", "campaign": None})
    shown = [row for row in steps_overview.rows(request.user, campaign, stage) if _holds(row, form)]
    columns = steps_overview.columns(campaign, stage)
    page = Paginator(shown, PER_PAGE).get_page(request.GET.get("page"))
    steps_overview.tell_since(shown if request.GET.get("format") else list(page))
    if wanted := request.GET.get("format"):
        heading = ("单位代码", "单位名称", "状态", *(name for name, _ in columns), "等待", "上次办理")
        body = ([row.code, row.name, row.state, *(c.words for c in row.cells), row.turn, _at(row)] for row in shown)
        return list_response([heading, *body], wanted, f"{campaign.year}年_{stage_name(stage)}_编制进度")
    query = request.GET.copy()
    for name in ("format", "page"):
        query.pop(name, None)
    context = {
        "title": f"{campaign.year}年{stage_name(stage)}编制进度",
        "section": "progress",
        "campaign": campaign,
        "stage": stage,
        "form": form,
        "columns": columns,
        "page": page,
        "body": [row_html(row) for row in page],
        "late": sum(row.is_late for row in shown),
        "behind": sum(row.waits_for_unit for row in shown),
        "query": query.urlencode(),
        "may_configure": can(request.user, "configure"),
    }
    return render(request, "cycle/progress.html", context)


@require_safe
def waiting(request):
    """等我处理: what waits for the person, or how many as JSON for the badge in the navigation."""
    found = steps_overview.mine(request.user)
    if request.GET.get("format") == "count":
        return JsonResponse({"count": len(found)})
    return render(request, "cycle/waiting.html", {"title": "等我处理", "section": "waiting", "waiting": found})


@require_POST
def remind(request):
    """催报: the clerks of the units that have not submitted, or of one of them; once a day each."""
    if not can(request.user, "remind"):
        raise Http404
    campaign, stage, _ = _asked(request, request.POST)
    if campaign is None:
        raise Http404
    only = request.POST.get("unit", "")
    behind = [
        row
        for row in steps_overview.rows(request.user, campaign, stage)
        if row.waits_for_unit and only in ("", row.code) and can(request.user, "remind", row.unit)
    ]
    told = sum(telling.remind(row.unit, campaign.year, stage, by=request.user) for row in behind)
    again = len(behind) - told
    text = f"已催报 {told} 个单位。"
    messages.success(request, f"{text}另有 {again} 个单位今天已催过，或没有经办人。" if again else text)
    return redirect(f"{reverse('progress')}?year={campaign.year}&stage={stage}")


@require_POST
def close(request):
    """结束编制, or 重新打开 with a reason."""
    if not can(request.user, "configure"):
        raise Http404
    campaign = _asked(request, request.POST)[0]
    if campaign is None:
        raise Http404
    how = {"by": request.user, "address": address_of(request)}
    try:
        if campaign.closed:
            cycle.open_again(campaign, reason=request.POST.get("reason", ""), **how)
        else:
            cycle.close(campaign, **how)
    except cycle.Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"{campaign}已{'重新打开' if campaign.closed else '结束'}。")
    return redirect(f"{reverse('progress')}?year={campaign.year}")


def _asked(request, data=None):
    """(campaign, stage, the form): what is asked for, else the newest year and its furthest stage."""
    campaigns = {one.year: one for one in Campaign.objects.prefetch_related("stages__steps")}
    form = Narrowed(data if data is not None else request.GET or None)
    form.fields["year"].choices = [(year, f"{year}年") for year in campaigns]
    codes = {code for one in campaigns.values() for code in turns.stages_of(one)}
    codes = sorted((code for code in codes if stage_order(code) < stage_order("approved")), key=stage_order)
    form.fields["stage"].choices = [(code, stage_name(code)) for code in codes]
    asked = form.cleaned_data if form.is_valid() else {}
    campaign = campaigns.get(asked.get("year")) or next(iter(campaigns.values()), None)
    if campaign is None:
        return None, "", form
    own = [code for code in codes if code in turns.stages_of(campaign)]
    stage = asked.get("stage") if asked.get("stage") in own else (own or ["second"])[-1]
    form.initial = {"year": campaign.year, "stage": stage}
    return campaign, stage, form


def _holds(row: steps_overview.Row, form: Narrowed) -> bool:
    asked = form.cleaned_data if form.is_bound and form.is_valid() else {}
    show, words = asked.get("show", ""), asked.get("q", "").split()
    name = {"mine": "is_mine", "late": "is_late", "unit": "waits_for_unit"}.get(show)
    return (name is None or getattr(row, name)) and all(row.code.startswith(word) or word in row.name for word in words)


def _at(row: steps_overview.Row) -> str:
    return f"{localtime(row.since):%Y-%m-%d %H:%M}" if row.since else ""
