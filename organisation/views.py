"""What a person does about their own account: log in, the password, how amounts are shown."""

from datetime import timedelta

from axes.models import AccessAttempt
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, PasswordChangeView
from django.core.exceptions import ValidationError
from django.db.models import Sum
from django.http import HttpResponseBadRequest, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from .addresses import client_address
from .models import User
from .sessions import lasts

form_page = method_decorator(require_http_methods(["GET", "HEAD", "POST"]), name="dispatch")


INITIAL_LASTS = timedelta(days=7)
IDLE = timedelta(days=90)


class LogInForm(AuthenticationForm):
    """A name and a password. Whatever is wrong with them, it says the same; only who knows both is told more."""

    error_messages = {"invalid_login": "用户名或密码不正确，请核对后重试。连续多次输错会暂时锁定。"}

    def confirm_login_allowed(self, user):
        super().confirm_login_allowed(user)
        now, since = timezone.now(), user.password_set or user.date_joined
        if user.must_change_password and now - since > INITIAL_LASTS:
            raise ValidationError(f"初始密码已超过{INITIAL_LASTS.days}天未用，请联系系统管理员重设。")
        if now - max(since, user.last_login or since) > IDLE and not settings.DEMO:
            raise ValidationError(f"账户超过{IDLE.days}天没有登录，已停用，请联系系统管理员重设密码。")


@form_page
class LogIn(LoginView):
    """登录."""

    form_class = LogInForm
    redirect_authenticated_user = True

    def post(self, request, *args, **kwargs):
        if _guesses_too_much(client_address(request)):
            return render(request, settings.AXES_LOCKOUT_TEMPLATE, status=429)
        return super().post(request, *args, **kwargs)


def _guesses_too_much(address: str | None) -> bool:
    """Whether from there so many log-ins failed, of whatever names, that no more are looked at for a while."""
    if not settings.AXES_ENABLED:
        return False
    recent = AccessAttempt.objects.filter(
        ip_address=address, attempt_time__gt=timezone.now() - settings.AXES_COOLOFF_TIME
    )
    return (recent.aggregate(all=Sum("failures_since_start"))["all"] or 0) >= settings.FAILURES_PER_ADDRESS


@require_safe
def stay(request):
    """Asked for by a page on which somebody goes on working: the log-in lasts as long again.

    `token`: for the forms of a page that was opened before the log-in there is now; `person`: whose that is.
    """
    told = {"lasts": lasts(request), "person": request.user.get_username(), "token": get_token(request)}
    return JsonResponse(told)


@form_page
class ChangePassword(PasswordChangeView):
    """修改密码: by one's own wish, or because the next log-in asks for it (then everything else waits)."""

    template_name = "registration/change_password.html"
    success_url = reverse_lazy("home")

    def form_valid(self, form):
        form.user.must_change_password = False  # saved together with the password
        response = super().form_valid(form)
        self.request.password_changed = True  # for the access log
        messages.success(self.request, "密码已修改，下次登录请使用新密码。")
        return response


@require_POST
def amount_unit(request):
    """Remember in which unit the person reads amounts on screen; nothing else changes."""
    wanted = request.POST.get("amount_unit")
    if wanted not in User.AmountUnit.values:
        return HttpResponseBadRequest("金额显示单位只能是元或万元。", content_type="text/plain; charset=utf-8")
    User.objects.filter(pk=request.user.pk).update(amount_unit=wanted)
    return back(request)


def back(request):
    """To where the form was, if that is one of our pages, else home."""
    came_from = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(came_from, {request.get_host()}, require_https=request.is_secure())
    return redirect(came_from if is_ours else "home")
