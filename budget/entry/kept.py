"""Nothing typed is lost when a log-in has expired: the page asks to log in again and takes what was typed with it.

What was typed travels in the page itself, as one hidden field; it is stored nowhere.
"""

from functools import wraps
from urllib.parse import urlsplit

from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import redirect_to_login
from django.http import QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views import csrf
from django.views.decorators.debug import sensitive_post_parameters

from organisation.sessions import first_thing, led_to

KEPT = "kept"
FIRST = {"second-factor": "输入验证码", "change-password": "修改密码", "security": "启用第二因素"}


def keeps_typing(view):
    """Decorator of a view with our forms: a POST that comes without a log-in is kept until there is one.

    The view finds in `request.typed` what is to be shown again and not yet saved (else None).
    """

    @login_not_required
    @sensitive_post_parameters("password")
    @wraps(view)
    def kept(request, *args, **kwargs):
        request.typed = None
        if request.user.is_authenticated:
            if request.method == "POST" and KEPT in request.POST:  # logged in elsewhere meanwhile
                request.typed = QueryDict(request.POST[KEPT])
            return view(request, *args, **kwargs)
        if request.method != "POST" or not request.POST:
            return redirect_to_login(request.get_full_path())
        return _log_in(request, view, args, kwargs)

    kept.keeps_typing = True
    kept.shows = view
    kept.password_first = _not_yet
    return kept


def _log_in(request, view, args, kwargs, *, is_asked: bool = True):
    is_second_page = KEPT in request.POST
    form = AuthenticationForm(request, data=request.POST if is_second_page and is_asked else None)
    typed = request.POST[KEPT] if is_second_page else _typed(request.POST).urlencode()
    if form.is_bound and form.is_valid():
        login(request, form.get_user())
        if wanted := first_thing(request):
            return _first(request, wanted, typed)
        request.typed = QueryDict(typed)
        return view(request, *args, **kwargs)
    return render(request, "entry/log_in.html", {"form": form, "kept": typed}, status=403)


def _not_yet(request):
    """What the form's address answers while something else comes first: a POST is kept, a page waits its turn."""
    wanted = first_thing(request)
    if request.method != "POST" or not request.POST:
        return led_to(request, wanted)
    return _first(request, wanted, request.POST.get(KEPT) or _typed(request.POST).urlencode())


def _first(request, wanted: str, typed: str):
    """The second factor or a new password comes before the page: in another window, so that nothing is lost here."""
    context = {"kept": typed, "address": reverse(wanted), "what": FIRST[wanted]}
    return render(request, "entry/first.html", context, status=403)


def _typed(posted: QueryDict) -> QueryDict:
    typed = posted.copy()
    typed.pop("csrfmiddlewaretoken", None)
    return typed


def csrf_failure(request, reason="", **kwargs):
    """The answer to a POST whose token is stale, as after a log-in in another window: our own page shows it again."""
    match = request.resolver_match
    if match and hasattr(match.func, "csrf_refused"):
        return match.func.csrf_refused(request)
    view = getattr(match.func, "shows", None) if match else None
    if view is None or request.method != "POST" or not _is_ours(request):
        return csrf.csrf_failure(request, reason, **kwargs)
    if not request.user.is_authenticated:
        return _log_in(request, view, match.args, match.kwargs, is_asked=False)
    request.typed = QueryDict(request.POST[KEPT]) if KEPT in request.POST else _typed(request.POST)
    return view(request, *match.args, **match.kwargs)


def _is_ours(request) -> bool:
    """Whether the browser says that the form was on a page of ours."""
    origin = urlsplit(request.headers.get("Origin", ""))
    return origin.scheme == request.scheme and origin.netloc == request.get_host()
