"""控制数 of an organisation: what is issued, what is used and left; issued by form or file, split by departments."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from budget import cells, control_issue, controls
from budget.control_issue import NotIssued, Wanted
from budget.downloads import list_response
from budget.models import Budget, CampaignStage, ControlNumber, stage_order
from budget.pages import place_of
from budget.reporting.money import fen, printed, yuan
from budget.tables import exactly
from organisation.models import Unit
from organisation.rights import can
from records.administration import address_of


@require_http_methods(["GET", "HEAD", "POST"])
def control_numbers(request, unit, year, stage=None):
    """控制数; POST by finance."""
    here = _Here(request, unit, year, stage)
    if request.method == "POST":
        return _save(request, here, "issue_controls")
    if form := request.GET.get("format"):
        heading = (*control_issue.HEADING[:-1], f"控制数（{request.user.amount_unit}）", "已安排", "剩余")
        return list_response([heading, *here.lines()], form, f"{unit}_{year}年_控制数")
    return here.page()


@require_POST
def split(request, unit, year, stage=None):
    """The department's own numbers among its units."""
    return _save(request, _Here(request, unit, year, stage), "distribute_controls")


@require_POST
def upload(request, unit, year, stage=None):
    """Numbers from a file in the form that the page gives out: all of them, or none with every fault told."""
    here = _Here(request, unit, year, stage)
    if not can(request.user, "issue_controls", here.organisation):
        raise PermissionDenied
    sent = request.FILES.get("file")
    try:
        if sent is None:
            raise NotIssued(["请选择要上传的文件。"])
        wanted = control_issue.read(sent.read(), sent.name, here.units, request.user.amount_unit)
        done, removed = control_issue.issue(
            here.stage, wanted, by=request.user, via="import", address=address_of(request)
        )
    except NotIssued as error:
        return here.page(error.problems)
    messages.success(request, f"已从文件下达 {done} 个控制数，取消 {removed} 个，其余没有变化。")
    return redirect(here.address)


def _save(request, here: "_Here", action: str):
    if not can(request.user, action, here.organisation):
        raise PermissionDenied
    try:
        done, removed = control_issue.issue(
            here.stage, here.wanted(request.POST), by=request.user, address=address_of(request)
        )
    except NotIssued as error:
        return here.page(error.problems)
    messages.success(request, f"已保存：{done} 个控制数，取消 {removed} 个。" if done or removed else "没有改动。")
    return redirect(here.address)


class _Here:
    """The organisation, the stage, its units and their numbers, as one person sees them."""

    def __init__(self, request, unit: str, year: int, stage: str | None):
        self.request = request
        self.organisation = Unit.objects.visible_to(request.user).filter(code=unit).first()
        stages = CampaignStage.objects.filter(campaign__year=year).select_related("campaign")
        if self.organisation is None:
            raise Http404
        found = sorted(stages, key=lambda one: stage_order(one.code))
        self.stage = next((one for one in reversed(found) if stage in (None, one.code)), None)
        if self.stage is None:  # a stage without numbers of its own shows those that it was prepared under
            place_of(request, unit, year, stage)
            self.stage = next((one for one in reversed(found) if stage_order(one.code) < stage_order(stage)), None)
        if self.stage is None:
            raise Http404
        self.address = reverse("controls", args=(unit, year, self.stage.code))
        self.units = {one.code: one for one in Unit.objects.under(self.organisation).filter(is_active=True)}
        self.rows = list(
            ControlNumber.objects.filter(stage=self.stage, unit__in=self.units.values())
            .select_related("unit")
            .order_by("unit__path", "kind", "fund")
        )

    def quotas(self) -> list[controls.Quota]:
        """Every number with what is used of it."""
        under = Budget(unit=self.organisation, campaign=self.stage.campaign, stage=self.stage.code)
        return controls.used_of(self.rows, under)

    def wanted(self, posted) -> list[Wanted]:
        """What the form says: the rows that are there, and one new one where it is filled in."""
        found, problems = [], []
        unit_shown = posted.get("unit_shown")
        unit_shown = unit_shown if unit_shown in ("元", "万元") else self.request.user.amount_unit

        def amount(text: str, where: str):
            try:
                value = cells.parse_amount(text, unit_shown, cells.FEN_STEP).fen
            except cells.Refusal as refusal:
                problems.append(f"{where}{refusal}")
                return None
            return None if value is None else yuan(value)

        for row in self.rows:
            text, seen = posted.get(f"amount-{row.pk}"), posted.get(f"seen-{row.pk}", "")
            if text is not None and seen.isdecimal():
                value = amount(text, f"{row}：")
                if value != row.amount or int(seen) != row.version:
                    found.append(Wanted(row.unit, row.fund, row.kind, value, "", int(seen)))
        if posted.get("new-amount", "").strip():
            unit = self.units.get(posted.get("new-unit", ""))
            fund, kind = posted.get("new-fund", ""), posted.get("new-kind", "")
            if unit is None or fund not in ControlNumber.Fund.values or kind not in ControlNumber.Kind.values:
                problems.append("新增：请选择单位、资金和控制范围。")
            else:
                found.append(Wanted(unit, fund, kind, amount(posted["new-amount"], "新增："), "新增："))
        if problems:
            raise NotIssued(problems)
        return found

    def lines(self):
        """The numbers as a file has them, the same that is read again; for who has none a row to fill in."""
        shown = self.request.user.amount_unit
        having = {one.unit_id for one in self.rows}
        for one in self.quotas():
            unit = one.control.unit
            amounts = (exactly(value, shown) for value in (one.amount, one.used, one.remaining))
            yield (unit.code, unit.name, one.control.kind_name, one.control.get_fund_display(), *amounts)
        for unit in self.units.values():
            if unit.pk not in having:
                yield (unit.code, unit.name, ControlNumber.Kind.TOTAL.label, ControlNumber.Fund.ALL.label, "", "", "")

    def page(self, problems: list[str] | None = None):
        user, request = self.request.user, self.request
        try:
            place = place_of(request, self.organisation.code, self.stage.campaign.year, self.stage.code)
        except Http404:  # numbers are issued before anybody has begun
            place = None
        shown = user.amount_unit
        issues = can(user, "issue_controls", self.organisation)
        splits = not issues and can(user, "distribute_controls", self.organisation)
        rows = [
            {
                "quota": one,
                "control": one.control,
                "amount": printed(fen(one.amount), shown, thousands=True) or "0.00",
                "used": printed(fen(one.used), shown, thousands=True),
                "remaining": printed(fen(one.remaining), shown, thousands=True) or "0.00",
                "typed": request.POST.get(f"amount-{one.control.pk}"),
                "is_writable": issues or (splits and not one.control.unit.is_department),
            }
            for one in self.quotas()
        ]
        context = {
            "title": "控制数",
            "place": place,
            "section": "controls",
            "organisation": self.organisation,
            "stage": self.stage,
            "rows": rows,
            "problems": problems or [],
            "issues": issues,
            "may_write": issues or splits,
            "post_to": self.address if issues else reverse("controls-split", args=self._args),
            "upload_to": reverse("controls-upload", args=self._args),
            "units": [one for one in self.units.values() if issues or not one.is_department],
            "funds": ControlNumber.Fund.choices,
            "kinds": ControlNumber.Kind.choices,
            "typed": request.POST,
            "shown": shown,
            "mode": self.stage.campaign.get_control_mode_display(),
        }
        return render(request, "cycle/controls.html", context, status=422 if problems else 200)

    @property
    def _args(self) -> tuple:
        return (self.organisation.code, self.stage.campaign.year, self.stage.code)
