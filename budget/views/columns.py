"""Which columns of a list a person wants to see."""

from django.http import HttpResponseBadRequest
from django.views.decorators.http import require_POST

from budget.tables import list_of
from organisation.models import User
from organisation.views import back


@require_POST
def columns(request):
    """Remember the columns of a list: of those `offered`, the ones that are `shown`; the others stay as they were."""
    chosen = list_of(request.POST.get("list") or "-")
    if chosen is None:
        return HttpResponseBadRequest("没有这个列表。", content_type="text/plain; charset=utf-8")
    offered = set(request.POST.getlist("offered")) & set(chosen.base_columns) - chosen.ALWAYS
    hidden = set(request.user.hidden_columns.get(chosen.KEY, ())) - offered
    hidden |= offered - set(request.POST.getlist("shown"))
    kept = {**request.user.hidden_columns, chosen.KEY: sorted(hidden)}
    User.objects.filter(pk=request.user.pk).update(hidden_columns=kept)
    return back(request)
