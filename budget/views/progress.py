"""进度: units × steps for departments and finance; who is late, reminders, the year closed and opened again."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localtime
from django.views.decorators.http import require_POST, require_safe

from budget import cycle, status, steps_overview, telling, turns
from budget.downloads import list_response
from budget.models import Campaign, stage_name, stage_order
from budget.steps_html import row_html
from organisation.models import Unit
from organisation.rights import can
from records.administration import address_of

PER_PAGE = 30


SHOWN = {
    "": ("全部单位", None),
    "mine": ("等我处理", "is_mine"),
    "late": ("已逾期", "is_late"),
    "unit": ("单位还没有送审", "waits_for_unit"),
}


@dataclass(frozen=True)
class Asked:
    """What is asked for, and what else could be: the newest year and its furthest stage where nothing is said.

    No Django form: drawing its four fields took as long as the thirty rows.
    """

    campaign: Campaign
    stage: str
    campaigns: list[Campaign]
    stages: list[tuple[str, str]]
    show: str = ""
    words: str = ""

    shows = [(value, words) for value, (words, _) in SHOWN.items()]

    def narrowed(self, rows: list[steps_overview.Row]) -> list[steps_overview.Row]:
        """Those of the rows that are asked for."""
        if name := SHOWN[self.show][1]:
            rows = [row for row in rows if getattr(row, name)]
        for word in self.words.split():
            rows = [row for row in rows if row.code.startswith(word) or word in row.name]
        return rows


@require_safe
def progress(request):
    """进度, as a page or as a file of what is shown."""
    if not can(request.user, "remind"):
        raise Http404
    asked = _asked(request.GET)
    if asked is None:
        return render(request, "cycle/progress.html", {"title": "编制进度", "section": "progress", "campaign": None})
    campaign, stage = asked.campaign, asked.stage
    shown = asked.narrowed(steps_overview.rows(request.user, campaign, stage))
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
        "asked": asked,
        "columns": columns,
        "page": page,
        "body": [row_html(row) for row in page],
        "late": sum(row.is_late for row in shown),
        "behind": sum(row.waits_for_unit for row in shown),
        "query": query.urlencode(),
        "next_stage": _next_stage(request.user, asked, shown),
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
    asked = _posted(request)
    campaign, stage = asked.campaign, asked.stage
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
def open_stage(request):
    """开始下一阶段 for every unit whose budget of this stage has passed, of all departments at once."""
    if not can(request.user, "open_stage"):
        raise Http404
    asked = _posted(request)
    stage, following = asked.stage, status.next_stage(asked.campaign, asked.stage)
    try:
        opened = cycle.open_next_stage(
            Unit.objects.where_allowed(request.user, "open_stage"),
            asked.campaign,
            following,
            by=request.user,
            address=address_of(request),
        )
    except cycle.Refused as refused:
        messages.error(request, str(refused))
    else:
        stage = following
        messages.success(request, f"已为 {len(opened)} 个单位开始{stage_name(stage)}。")
    return redirect(f"{reverse('progress')}?year={asked.campaign.year}&stage={stage}")


@require_POST
def close(request):
    """结束编制, or 重新打开 with a reason."""
    if not can(request.user, "configure"):
        raise Http404
    asked = _posted(request)
    campaign = asked.campaign
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


def _asked(data) -> Asked | None:
    """What the address or the form says; None where there is no year at all."""
    campaigns = list(Campaign.objects.prefetch_related("stages__steps"))
    if not campaigns:
        return None
    campaign = next((one for one in campaigns if str(one.year) == data.get("year")), campaigns[0])
    before = [code for one in campaigns for code in turns.stages_of(one) if stage_order(code) < stage_order("approved")]
    codes = sorted(set(before), key=stage_order)
    own = [code for code in codes if code in turns.stages_of(campaign)] or ["second"]
    stage = data.get("stage") if data.get("stage") in own else own[-1]
    show = data.get("show") if data.get("show") in SHOWN else ""
    return Asked(
        campaign, stage, campaigns, [(code, stage_name(code)) for code in codes], show, data.get("q", "").strip()[:60]
    )


def _next_stage(user, asked: Asked, rows: list[steps_overview.Row]) -> str:
    """The name of the stage that may be opened for those of the rows that have passed; "" where there is none."""
    following = status.next_stage(asked.campaign, asked.stage)
    may = following and can(user, "open_stage") and any(row.has_passed for row in rows)
    return stage_name(following) if may else ""


def _posted(request) -> Asked:
    """What a form says of a year and stage; 404 where there are none of that name."""
    asked = _asked(request.POST)
    if asked is None or request.POST.get("year", str(asked.campaign.year)) != str(asked.campaign.year):
        raise Http404
    if request.POST.get("stage", asked.stage) != asked.stage:
        raise Http404
    return asked


def _at(row: steps_overview.Row) -> str:
    return f"{localtime(row.since):%Y-%m-%d %H:%M}" if row.since else ""
