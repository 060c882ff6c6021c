"""Which columns of a list a person wants to see."""

from django.http import HttpResponseBadRequest
from django.views.decorators.http import require_POST

from budget.grids import columns as grid_columns
from budget.tables import list_of
from organisation.models import User
from organisation.views import back


@require_POST
def columns(request):
    """Remember the columns of a list or grid: of those `offered`, the ones `shown`; the others stay as they were."""
    name = request.POST.get("list") or "-"
    chosen = list_of(name)
    known = set(chosen.base_columns) - chosen.ALWAYS if chosen else set(grid_columns.choices(name))
    if not known:
        return HttpResponseBadRequest("没有这个列表。", content_type="text/plain; charset=utf-8")
    offered = set(request.POST.getlist("offered")) & known
    hidden = set(request.user.hidden_columns.get(name, ())) - offered
    hidden |= offered - set(request.POST.getlist("shown"))
    kept = {**request.user.hidden_columns, name: sorted(hidden)}
    User.objects.filter(pk=request.user.pk).update(hidden_columns=kept)
    return back(request)
