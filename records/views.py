"""通知: what a person should know, and that they have read it."""

from urllib.parse import urlsplit

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from organisation.models import Membership, User

from . import access, rights
from .administration import address_of
from .models import AccessRecord
from .notices import address_in, notices_of

PER_PAGE = 50


@require_POST
def printed(request):
    """A page of ours that the person's browser is about to print, kept in the access log."""
    path = request.POST.get("path", "")
    try:
        parts = urlsplit(path)
        resolve("" if parts.scheme or parts.netloc else parts.path)
    except (Resolver404, ValueError):
        return HttpResponseBadRequest("没有这个页面。", content_type="text/plain; charset=utf-8")
    access.keep(AccessRecord.Event.PRINT, user=request.user, address=address_of(request), path=path)
    return HttpResponse(status=204)


@require_safe
def notices(request):
    """通知, newest first."""
    page = Paginator(notices_of(request.user), PER_PAGE).get_page(request.GET.get("page"))
    rows = [{"notice": notice, "address": address_in(notice)} for notice in page]
    return render(request, "records/notices.html", {"section": "notices", "page": page, "rows": rows})


class Delegation(forms.Form):
    """Which of one's roles somebody else takes, and from when until when."""

    held = forms.ModelChoiceField(label="本人的任职", queryset=Membership.objects.none(), empty_label="请选择")
    username = forms.CharField(label="受委托人的用户名", max_length=150)
    starts = forms.DateField(label="从", widget=forms.DateInput(attrs={"type": "date"}))
    ends = forms.DateField(label="到", widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, data, user):
        super().__init__(data)
        self.fields["held"].queryset = (
            user.memberships.current().filter(delegated_by=None).select_related("unit", "user")
        )

    def clean_username(self):
        found = User.objects.filter(username=self.cleaned_data["username"], is_active=True).first()
        if found is None:
            raise ValidationError("没有这个用户。")
        return found


@require_http_methods(["GET", "HEAD", "POST"])
def delegations(request):
    """委托: one's roles given to somebody else for a time, and taken back."""
    form = Delegation(None, request.user)
    if request.method == "POST":
        how = {"by": request.user, "address": address_of(request)}
        form = Delegation(None if "back" in request.POST else request.POST, request.user)
        try:
            if "back" in request.POST:
                _take_back(request, how)
                return redirect("delegations")
            if form.is_valid():
                asked = form.cleaned_data
                rights.delegate(asked["held"], asked["username"], starts=asked["starts"], ends=asked["ends"], **how)
                messages.success(request, "已委托，到期自动终止。")
                return redirect("delegations")
        except ValidationError as error:
            form.add_error(None, error.messages) if form.is_bound else messages.error(
                request, "；".join(error.messages)
            )
    given = Membership.objects.filter(delegated_by=request.user.pk).select_related("user", "unit").order_by("-starts")
    context = {"form": form, "given": given, "section": "delegations", "today": timezone.localdate()}
    return render(request, "records/delegations.html", context, status=422 if form.errors else 200)


def _take_back(request, how: dict) -> None:
    number = request.POST["back"]
    rows = Membership.objects.filter(delegated_by=request.user.pk).select_related("unit", "user")
    found = rows.filter(pk=number).first() if number.isdecimal() and len(number) < 19 else None
    if found is None:
        raise Http404
    rights.take_back(found, **how)
    messages.success(request, "已收回，即时生效。")


@require_POST
def read(request):
    """Mark a notice as read, or all of them."""
    rows = notices_of(request.user)
    if asked := request.POST.get("notice"):
        rows = rows.filter(pk=asked) if asked.isdecimal() and len(asked) < 19 else rows.none()
        if not rows.exists():
            raise Http404
    rows.filter(read=None).update(read=timezone.now())
    return redirect("notices")
