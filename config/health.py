from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.views.decorators.http import require_safe


@login_not_required
@require_safe
def health(request):
    """Says that the program answers; asks nothing of the database, so that a busy one does not look like a dead one."""
    return HttpResponse("ok", content_type="text/plain; charset=utf-8")
