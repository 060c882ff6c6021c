"""The lists of a budget: its lines, its basic items."""

from functools import partial
from uuid import UUID

from django.db.models import Count, Sum
from django.http import Http404
from django.views.decorators.http import require_safe

from budget.filters import BasicItemFilter, LineFilter
from budget.lists import list_page
from budget.models import Item, Line
from budget.pages import Place, place_of
from budget.tables import ItemList, LineList
from organisation.rights import can


@require_safe
def lines(request, unit, year, stage=None):
    """预算明细; with table, row and column only the lines behind that figure; with item only that item's."""
    place = place_of(request, unit, year, stage)
    rows, only = Line.objects.of(*place.budgets), ""
    if table := request.GET.get("table"):
        figure = place.figure(table, request.GET.get("row", ""), request.GET.get("column", ""))
        rows, only = figure.lines, f"{figure.grid.title}：{figure.label}"
    if "item" in request.GET:
        item = Item.objects.filter(budget__in=place.budgets, uid=_uid(request.GET["item"])).first()
        if item is None:
            raise Http404
        rows, only = rows.filter(item=item), f"{item.get_category_display()}：{item.name}"
    found = LineFilter(request.GET, rows.with_dimensions(), budgets=place.budgets)
    total = found.qs.order_by().aggregate(total=Sum("amount"))["total"]

    def build(unit):
        hidden = () if place.has_several_units else ("unit_name",)
        return LineList(found.qs, unit=unit, total=total, place=place, exclude=hidden)

    return list_page(
        request,
        title="预算明细",
        build=build,
        form=found.form,
        export_unit=place.table_set.unit,
        file_name=file_name(place, "预算明细"),
        shown=_uid(request.GET.get("line")),
        place=place,
        section="lines",
        only=only,
        file_links=[
            ("下载 Excel 模板", place.url("template")),
            ("下载 lines.csv", place.url("lines-csv")),
            *([("从以前的预算带入", place.url("copy"))] if _is_open(place) else []),
        ],
        address=place.url("lines"),
        import_url=place.url("import"),
        empty="还没有预算明细。明细是项目下按科目和资金性质填列的金额，各张报表都由明细汇总而成。",
        first_steps=partial(
            first_steps, place, basic="填基本支出", projects="填项目支出", copy="从上年带入", **{"import": "从文件导入"}
        ),
    )


@require_safe
def items(request, unit, year, stage=None):
    """基本支出, by item."""
    place = place_of(request, unit, year, stage)
    return item_page(
        request,
        place,
        rows=Item.objects.basic(),
        narrowed_by=BasicItemFilter,
        table=ItemList,
        title="基本支出",
        section="items",
        empty="还没有基本支出项目。基本支出按人员类、公用经费两类项目填列。",
        first_steps=partial(first_steps, place, basic="用表格录入", **{"import": "从文件导入"}),
    )


def item_page(request, place: Place, *, rows, narrowed_by, table, title: str, section: str, empty: str, **context):
    """A list of items with the sums of their lines."""
    rows = (
        rows.filter(budget__in=place.budgets)
        .select_related("budget__unit")
        .annotate(amount=Sum("lines__amount"), line_count=Count("lines"))
        .order_by("budget__unit__path", "category", "position", "pk")
    )
    found = narrowed_by(request.GET, rows, budgets=place.budgets)
    total = Line.objects.filter(item__in=found.qs.order_by().values("pk")).aggregate(total=Sum("amount"))["total"]

    def build(unit):
        return table(
            found.qs, unit=unit, total=total, place=place, exclude=() if place.has_several_units else ("unit_name",)
        )

    return list_page(
        request,
        title=title,
        build=build,
        form=found.form,
        export_unit=place.table_set.unit,
        file_name=file_name(place, title),
        place=place,
        section=section,
        address=place.url(section),
        empty=empty,
        **context,
    )


def first_steps(place: Place, **steps: str) -> list[tuple[str, str]]:
    """(words, address) of what may be done first about an empty list, by name of the address; for who may write."""
    return [(words, place.url(name)) for name, words in steps.items()] if place.budgets and _is_open(place) else []


def _is_open(place: Place) -> bool:
    """Whether the place is one draft that the person may write."""
    return not place.is_of_department and place.budgets[0].is_draft and can(place.user, "edit", place.budgets[0])


def file_name(place: Place, title: str) -> str:
    return f"{place.code}_{place.year}年_{place.stage_name}_{title}"


def _uid(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
