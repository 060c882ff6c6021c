from django.http import HttpResponseBadRequest
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from .models import User


@require_POST
def amount_unit(request):
    """Remember in which unit the person reads amounts on screen; nothing else changes."""
    wanted = request.POST.get("amount_unit")
    if wanted not in User.AmountUnit.values:
        return HttpResponseBadRequest("金额显示单位只能是元或万元。", content_type="text/plain; charset=utf-8")
    User.objects.filter(pk=request.user.pk).update(amount_unit=wanted)
    came_from = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(came_from, {request.get_host()}, require_https=request.is_secure())
    return redirect(came_from if is_ours else "home")
