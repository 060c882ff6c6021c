"""修改历史 of a budget: who changed what, when, how, before and after, over all its revisions."""

from django import forms
from django.apps import apps
from django.core.paginator import Paginator
from django.db.models import Q
from django.shortcuts import render
from django.utils.timezone import localtime
from django.views.decorators.http import require_safe

from budget.downloads import list_response
from budget.models import Budget, stage_name
from budget.pages import place_of
from records.administration import Told
from records.models import ChangeRecord

from .lists import _uid, file_name

PER_PAGE = 100
WORDS = {"stage": stage_name}


class Narrowed(forms.Form):
    q = forms.CharField(label="内容或操作人", required=False)
    action = forms.ChoiceField(label="动作", required=False, choices=[("", "全部"), *ChangeRecord.Action.choices])
    via = forms.ChoiceField(label="方式", required=False, choices=[("", "全部"), *ChangeRecord.Via.choices])
    since = forms.DateField(label="从", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label="到", required=False, widget=forms.DateInput(attrs={"type": "date"}))


@require_safe
def history(request, unit, year, stage=None):
    """修改历史; with row only that row's, in whichever stage."""
    place = place_of(request, unit, year, stage)
    same = Q(pk__in=[])
    row = _uid(request.GET.get("row"))
    for budget in place.budgets:
        own = Q(unit=budget.unit_id, campaign=budget.campaign_id)
        same |= own if row else own & Q(stage=budget.stage)
    budgets = {one.chain: one for one in Budget.objects.filter(same).select_related("campaign")}
    rows = ChangeRecord.objects.filter(chain__in=list(budgets))
    if row:
        rows = rows.filter(subject_uid=row)
    form = Narrowed(request.GET)
    rows = _narrowed(rows, form).order_by("-at", "-pk")
    if wanted := request.GET.get("format"):
        return list_response(_lines(rows[:20000], budgets), wanted, file_name(place, "修改历史"))
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "place": place,
        "section": "history",
        "title": "修改历史",
        "form": form,
        "page": page,
        "changes": [(one.record, one.values, _kind(one.record), budgets[one.record.chain]) for one in told(page)],
        "query": query.urlencode(),
        "is_of_row": row is not None,
    }
    return render(request, "cycle/history.html", context)


def told(records) -> list[Told]:
    return [Told(_model(record), record, WORDS) for record in records]


def _narrowed(rows, form: Narrowed):
    asked = form.cleaned_data if form.is_valid() else {}
    for word in asked.get("q", "").split():
        rows = rows.filter(Q(label__icontains=word) | Q(by_name__icontains=word))
    for name in ("action", "via"):
        if asked.get(name):
            rows = rows.filter(**{name: asked[name]})
    if asked.get("since"):
        rows = rows.filter(at__date__gte=asked["since"])
    if asked.get("until"):
        rows = rows.filter(at__date__lte=asked["until"])
    return rows


def _model(record: ChangeRecord):
    try:
        return apps.get_model(record.subject)
    except (LookupError, ValueError):
        return None


def _kind(record: ChangeRecord) -> str:
    model = _model(record)
    return str(model._meta.verbose_name) if model else record.subject


def _lines(records, budgets):
    yield ("时间", "操作人", "动作", "方式", "来源地址", "稿次", "类型", "对象", "字段", "变更前", "变更后")
    for one in told(records):
        record = one.record
        head = (
            f"{localtime(record.at):%Y-%m-%d %H:%M:%S}",
            record.by_name,
            record.get_action_display(),
            record.get_via_display(),
            record.address or "",
            f"{budgets[record.chain].stage_name}第{budgets[record.chain].revision}稿",
            _kind(record),
            record.label,
        )
        for values in one.values or [("", "", "")]:
            yield (*head, *values)
