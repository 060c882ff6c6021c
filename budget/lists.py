"""A list as a page, or as a file of exactly what the page lists (all its pages, in its order)."""

from collections.abc import Callable
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django_tables2 import RequestConfig

from .downloads import list_response
from .tables import PER_PAGE, List


def list_page(
    request,
    *,
    title: str,
    build: Callable[..., List],
    form,
    export_unit: str,
    file_name: str,
    template: str = "budget/list.html",
    shown: UUID | None = None,
    **context,
) -> HttpResponse:
    """Answer with a list. `build(unit=…)` makes the table with its amounts in that unit; `form` narrows it.

    `shown`: the row whose page is wanted, if no page is asked for.
    """
    if form_wanted := request.GET.get("format"):
        table = build(unit=export_unit)
        RequestConfig(request, paginate=False).configure(table)
        return list_response(table.as_values(exclude_columns=hidden_by(request.user, table)), form_wanted, file_name)
    table = build(unit=request.user.amount_unit)
    config = {"per_page": PER_PAGE}
    RequestConfig(request, paginate=False).configure(table)
    if shown and "page" not in request.GET:
        config["page"] = _page_of(table, shown)
    RequestConfig(request, paginate=config).configure(table)
    hidden_by(request.user, table)
    query = request.GET.copy()
    for name in ("page", "line"):
        query.pop(name, None)
    kept = [(name, value) for name, value in query.items() if form is None or name not in form.fields]
    return render(
        request,
        template,
        {"title": title, "table": table, "filter_form": form, "query": query.urlencode(), "kept": kept, **context},
    )


def hidden_by(user, table: List) -> list[str]:
    """Put away the columns that the person does not want in this list; which they are."""
    return table.put_away(user.hidden_columns.get(table.KEY, ()))


def _page_of(table: List, uid: UUID) -> int:
    uids = list(table.data.data.values_list("uid", flat=True))
    return uids.index(uid) // PER_PAGE + 1 if uid in uids else 1
