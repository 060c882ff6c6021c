"""What a person does about their own account: log in, the password, how amounts are shown."""

from django.contrib import messages
from django.contrib.auth.views import LoginView, PasswordChangeView
from django.http import HttpResponseBadRequest
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from .models import User

form_page = method_decorator(require_http_methods(["GET", "HEAD", "POST"]), name="dispatch")


@form_page
class LogIn(LoginView):
    """登录."""

    redirect_authenticated_user = True


@form_page
class ChangePassword(PasswordChangeView):
    """修改密码: by one's own wish, or because the next log-in asks for it (then everything else waits)."""

    template_name = "registration/change_password.html"
    success_url = reverse_lazy("home")

    def form_valid(self, form):
        form.user.must_change_password = False  # saved together with the password
        response = super().form_valid(form)
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
