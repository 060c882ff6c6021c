"""The page on which all lines of a budget stand in one form; saved by one write, whole or not at all.

Two hundred lines are more fields than Django reads of a form. The limit is raised for this page alone: it reads its
form itself, and is protected against foreign forms after that.
"""

from urllib.parse import parse_qsl

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.views.decorators.csrf import csrf_protect

from budget import writing
from budget.administration import told
from budget.line_sheet import ITEM_COLUMNS, Sheet
from budget.models import Category, Line, Nature
from organisation.rights import can
from records.administration import VIA, address_of

MOST_FIELDS = 20_000
PER_PAGE = 500


def line_page(page, request, budget_id: int):
    """The page of the budget with that number; the same 404 for none and for one that the person may not see."""
    if request.method == "POST":
        read_large_form(request)
    return _protected(request, page, budget_id)


def read_large_form(request) -> None:
    """Read the posted form before anybody asks for `request.POST`, with this page's own limit of fields."""
    if request.content_type not in ("application/x-www-form-urlencoded", ""):
        raise BadRequest("表单格式不正确。")
    try:
        pairs = parse_qsl(request.body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        raise BadRequest("表单过大或编码不正确。") from None
    posted = QueryDict(mutable=True)
    for name, value in pairs:
        posted.appendlist(name, value)
    posted._mutable = False
    request.POST = posted


@csrf_protect
def _protected(request, page, budget_id: int):
    budget = page.get_object(request, str(budget_id))
    may_write = can(request.user, "edit", budget)
    first = _first(request)
    if request.method == "POST":
        if not may_write:
            raise PermissionDenied
        sheet = Sheet(budget)
        written = _save(sheet, request)
        if written is not None:
            messages.success(request, _summary(written)) if written else messages.info(request, "没有改动。")
            return HttpResponseRedirect(request.get_full_path())
    else:
        sheet = Sheet(budget)
        sheet.show(first, PER_PAGE)
    return _render(page, request, budget, sheet, first, may_write)


def _first(request) -> int:
    value = request.GET.get("from", "0")
    return int(value) if value.isdecimal() and len(value) < 7 else 0


def _save(sheet: Sheet, request) -> writing.Written | None:
    """What was written; None where anything was refused, with the reasons at the rows."""
    sheet.read(request.POST)
    found = sheet.changes()
    if sheet.errors or any(row.errors for row in sheet.rows):
        sheet.add_blank()
        return None
    sources = [place for place, _ in found]
    try:
        return writing.write(
            sheet.budget, [change for _, change in found], by=request.user, via=VIA, address=address_of(request)
        )
    except writing.Refused as refused:
        sheet.explain(refused, sources)
    except writing.Conflicted as conflicted:
        sheet.explain_conflicts(conflicted, sources)
    except writing.Locked as locked:
        sheet.errors.append(str(locked))
    sheet.add_blank()
    return None


def _summary(written: writing.Written) -> str:
    counts = (("新增", written.added), ("修改", written.edited), ("删除", written.removed))
    return f"已保存：{'、'.join(f'{what}{len(rows)}行' for what, rows in counts if rows)}。"


def _render(page, request, budget, sheet: Sheet, first: int, may_write: bool):
    count = Line.objects.of(budget).count()
    classes = sheet.dimensions.classes
    context = {
        **page.admin_site.each_context(request),
        "title": "预算明细表",
        "subtitle": told(budget),
        "opts": page.opts,
        "budget": budget,
        "sheet": sheet,
        "wrong": [row for row in (*sheet.new_items, *sheet.rows) if row.errors],
        "may_write": may_write and budget.is_draft,
        "reason": lock_reason(budget, may_write),
        "pages": [(at, at == first) for at in range(0, count, PER_PAGE)] if count > PER_PAGE else [],
        "item_columns": ITEM_COLUMNS,
        "categories": Category.choices,
        "natures": Nature.choices,
        "offers": [
            ("function", [row for row in classes["function"].values() if row.is_leaf]),
            ("economic", [row for row in classes["dept_economic"].values() if row.is_leaf]),
            ("government", [row for row in classes["gov_economic"].values() if row.is_leaf]),
        ],
        "funds": sorted(
            {fund.label or fund.code for funds in sheet.dimensions.funds.values() for fund in funds if fund.is_leaf}
        ),
    }
    request.current_app = page.admin_site.name
    return TemplateResponse(request, "admin/budget/budget/lines.html", context)


def lock_reason(budget, may_write: bool) -> str:
    """Why the form cannot be written in; "" where it can."""
    if not budget.is_draft:
        return f"本预算{budget.get_state_display()}，不能修改。需要修改请先退回或撤回。"
    return "" if may_write else "您可以查看本预算，不能修改。"
