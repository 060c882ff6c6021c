"""检查: what the rules found, by heading and by table; a warning is explained here."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from budget import checking, explaining, writing
from budget.checked_forms import Addresses, report_json, report_rows
from budget.checked_sheet import report_bytes
from budget.checking import Checked, Report, Result
from budget.downloads import file_response, list_response
from budget.entry.answer import own_budget
from budget.pages import Place, place_of
from budget.reporting.rules import Severity, Status
from organisation.rights import can
from records import jobs

from .lists import file_name

FILTERS = {
    "open": "待处理",
    "error": "错误",
    "warning": "警告",
    "hint": "提示",
    "explained": "已说明",
    "all": "全部规则",
}
MOST_PLACES = 8


@dataclass(frozen=True)
class Shown:
    """A finding as the page shows it: with the addresses of its places, and what a form to explain it posts."""

    checked: Checked
    places: list[tuple[str, str]]
    can_explain: bool = False

    @property
    def finding(self):
        return self.checked.finding


@require_http_methods(["GET", "HEAD", "POST"])
def checks(request, unit, year, stage=None):
    """检查. `show` narrows by severity, `table` to one table; `format` gives a file, or the number that is open."""
    place = place_of(request, unit, year, stage)
    budget = own_budget(place)
    if request.method == "POST":
        return _check_units(request, place) if "units" in request.POST else _explain(request, place, budget)
    report = checking.check(place.selection)
    if form := request.GET.get("format"):
        return _file(place, report, form)
    show = request.GET.get("show", "open")
    if show not in FILTERS:
        raise Http404
    template = "budget/table_findings.html" if "fragment" in request.GET else "budget/checks.html"
    return render(request, template, _context(request, place, budget, report, show))


def _file(place: Place, report: Report, form: str) -> HttpResponse:
    if form == "count":
        return JsonResponse({"errors": report.counts["error"], "warnings": report.counts["warning"]})
    if form == "json":
        return JsonResponse(report_json(report), json_dumps_params={"ensure_ascii": False, "indent": 1})
    name = file_name(place, "检查报告")
    if form == "xlsx":
        return file_response(report_bytes(report, f"{place.name}{place.year}年{place.stage_name}检查报告"), form, name)
    return list_response(report_rows(report), form, name)


def _context(request: HttpRequest, place: Place, budget, report: Report, show: str) -> dict:
    table = request.GET.get("table", "")
    if ("fragment" in request.GET and not table) or (table and place.table_set.placed(table) is None):
        raise Http404
    checked = report.of_table(table) if table else report.checked
    may_explain = budget is not None and budget.is_draft and can(request.user, "edit", budget)
    addresses = Addresses(place, report.matter.records("checked_items"))
    shown = {id(one): _shown(one, addresses, may_explain) for one in checked if _is_wanted(one, show)}
    groups = []
    for heading, results in report.by_heading().items():
        rows = [(result, [shown[id(one)] for one in result.checked if id(one) in shown]) for result in results]
        kept = [
            (result, found, _together(result, found) if may_explain else None)
            for result, found in rows
            if found or (show == "all" and not table)
        ]
        groups.append((heading, kept, _summary(results)))
    return {
        "place": place,
        "section": "checks",
        "report": report,
        "counts": report.counts,
        "groups": groups,
        "by_table": [(link, sum(_is_wanted(one, show) for one in report.of_table(link.key))) for link in place.tables],
        "filters": [(name, label, _number(report, name)) for name, label in FILTERS.items()],
        "show": show,
        "table": next((link for link in place.tables if link.key == table), None),
        "reasons": explaining.REASONS,
        "may_explain": may_explain,
        "address": place.url("checks"),
        "nothing": not shown,
    }


def _shown(one: Checked, addresses: Addresses, may_explain: bool) -> Shown:
    places = []
    for spot in one.finding.spots[:MOST_PLACES]:
        found = (spot.label or "打开", addresses.of(spot))
        if found[1] and found not in places:
            places.append(found)
    return Shown(one, places, may_explain and one.can_be_explained)


def _together(result: Result, found: list[Shown]) -> tuple[int, str] | None:
    """How many warnings of a rule may be explained at once, all being on the page, and the digest of what is seen."""
    waiting = explaining.open_of(result.checked, result.rule.id)
    if len(waiting) < 2 or any(id(one) not in {id(shown.checked) for shown in found} for one in waiting):
        return None
    return len(waiting), explaining.digest_of(waiting)


def _is_wanted(one: Checked, show: str) -> bool:
    match show:
        case "all":
            return True
        case "explained":
            return not one.is_open
        case "open":
            return one.is_open and one.severity is not Severity.HINT
    return one.is_open and one.severity == show


def _number(report: Report, name: str) -> int:
    counts = report.counts
    match name:
        case "all":
            return len(report.results)
        case "open":
            return counts["error"] + counts["warning"]
    return counts[name]


def _summary(results: list[Result]) -> str:
    """How the rules of a heading stand, in words."""
    counted = {status: sum(result.status is status for result in results) for status in Status}
    return "，".join(f"{status.label} {number}" for status, number in counted.items() if number)


def _check_units(request: HttpRequest, place: Place) -> HttpResponse:
    """Have each unit of a department checked by itself, in the background."""
    if not place.is_of_department:
        raise Http404
    job = jobs.start(
        checking.UNITS,
        title=f"逐单位检查：{place.name}{place.year}年{place.stage_name}",
        by=request.user,
        parameters={"unit": place.code, "year": place.year, "stage": place.stage},
        link=place.url("checks"),
        total=len(place.budgets),
    )
    return redirect("job", job.uid)


def _explain(request, place: Place, budget) -> HttpResponse:
    if budget is None:
        raise Http404
    if not can(request.user, "edit", budget):
        raise PermissionDenied
    posted = request.POST
    name, digest = posted.get("rule", ""), posted.get("digest", "")
    back = redirect(
        f"{place.url('checks')}?show={posted['show']}" if posted.get("show") in FILTERS else place.url("checks")
    )
    checked = checking.check(place.selection).checked
    if "every" in posted:
        found = explaining.find_all(checked, name, digest)
    else:
        found = [one for one in [explaining.find(checked, name, posted.get("subject", ""), digest)] if one]
    if not found:
        messages.error(request, "没有保存：这条检查结果已经变化，请核对现在的结果。")
        return back
    reason = posted.get("words", "").strip() or posted.get("reason", "")
    try:
        explaining.explain_all(budget, found, reason, by=request.user, address=request.META.get("REMOTE_ADDR"))
    except (explaining.NotExplainable, writing.Locked, writing.Refused, writing.Conflicted) as refused:
        messages.error(request, f"没有保存：{refused}")
    else:
        more = f"等 {len(found)} 处" if len(found) > 1 else ""
        messages.success(request, f"已说明{more}：{found[0].finding.message[:60]}")
    return back
