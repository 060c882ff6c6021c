"""安全设置: the second factor, asked for in a log-in, begun, renewed and given up; each time with its history."""

import segno
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.db import transaction
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_http_methods

from organisation import second_factor
from organisation.models import SecondFactor
from organisation.sessions import SECOND, needs_second_factor

from . import access, keeping
from .administration import address_of
from .models import AccessRecord

CHAIN = "rights"
UNREADABLE = "服务器更换过密钥，读不出您的验证器密钥。请联系安全管理员重置第二因素，重置后重新启用。"
LOCKED = "连续输错次数过多，请过10分钟再试。"
WRONG = "验证码不正确、已过期或已用过。请核对手机时间，等下一个验证码再试。"


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request):
    """验证: after the password, before everything else."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    if request.session.get(SECOND) != "code":
        return redirect("home")
    error = ""
    if request.method == "POST":
        error = _refusal(request, SecondFactor.objects.get(user=request.user))
        if not error:
            del request.session[SECOND]
            request.session.cycle_key()
            return redirect(wanted if is_ours else "home")
    context = {"error": error, "next": wanted if is_ours else ""}
    return render(request, "registration/second_factor.html", context, status=422 if error else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def security(request):
    """安全设置: one's own second factor."""
    factor = SecondFactor.objects.filter(user=request.user).select_related("user").first()
    is_on = factor is not None and factor.confirmed is not None
    is_needed = needs_second_factor(request.user)
    error, codes = "", None
    if request.method == "POST":
        asked = request.POST.get("do")
        if asked == "begin" and not is_on:  # a key that cannot be read any more is replaced, too
            SecondFactor.objects.update_or_create(user=request.user, defaults={"secret": second_factor.new_secret()})
            return redirect("security")
        if factor is None or asked not in ("confirm", "renew", "end") or (asked == "confirm") == is_on:
            return redirect("security")
        if asked == "end" and is_needed:
            error = "您担任的角色必须启用第二因素，不能停用。"
        error = error or _refusal(request, factor)
        if not error and asked == "end":
            _end(request, factor)
            return redirect("security")
        if not error:
            codes = _renewed(request, factor)
            is_on = True
    is_shown = factor is not None and not is_on and second_factor.is_readable(factor)
    context = {
        "section": "security",
        "factor": factor if is_on or is_shown else None,
        "secret": second_factor.secret_of(factor) if is_shown else "",
        "is_on": is_on,
        "is_needed": is_needed,
        "error": error,
        "codes": codes,
        "left": factor.recovery_codes.filter(used=None).count() if is_on else 0,
        "picture": _picture(factor) if is_shown else "",
    }
    return render(request, "records/security.html", context, status=422 if error else 200)


def _refusal(request, factor: SecondFactor) -> str:
    """Why the code that was typed is not taken; nothing where it is."""
    if second_factor.accept(factor, request.POST.get("code", "")[:40]):
        return ""
    access.keep(
        AccessRecord.Event.LOG_IN_FAILED, user=request.user, address=address_of(request), path=request.path, status=401
    )
    if not second_factor.is_readable(factor):
        return UNREADABLE
    return LOCKED if second_factor.is_locked(factor) else WRONG


def _renewed(request, factor: SecondFactor) -> list[str]:
    """Recovery codes, once; with the first of them the factor is in force and other sessions end."""
    factor.refresh_from_db()
    with transaction.atomic():
        if factor.confirmed is None:
            factor.confirmed = timezone.now()
        keeping.save(
            factor, told={"recovery_codes": f"已生成（{timezone.localtime():%Y-%m-%d %H:%M:%S}）"}, **_how(request)
        )
        codes = second_factor.give_recovery_codes(factor)
        _end_other_sessions(request)
    request.session.pop(SECOND, None)
    return codes


def _end(request, factor: SecondFactor) -> None:
    with transaction.atomic():
        keeping.remove(factor, **_how(request))
        _end_other_sessions(request)
    messages.success(request, "已停用第二因素。")


def _end_other_sessions(request) -> None:
    request.user.end_sessions()
    request.user.refresh_from_db(fields=["session_number"])
    update_session_auth_hash(request, request.user)


def _how(request) -> dict:
    return {"chain": CHAIN, "by": request.user, "via": "form", "address": address_of(request)}


def _picture(factor: SecondFactor) -> str:
    """The QR code as SVG: made here of nothing that anybody typed but the user name, which is encoded in it."""
    return mark_safe(segno.make(second_factor.address(factor), error="m").svg_inline(scale=4, border=2))
