"""How long a log-in lasts, and what comes before everything else in one."""

from time import time
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import logout
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.deprecation import MiddlewareMixin

from .models import SecondFactor
from .roles import ADMINISTRATORS

SEEN, BEGAN, DUE, SECOND = "seen", "began", "password_due", "second_factor"
KEPT_FOR = 60  # seconds in which a session that is in use is not written again
ALWAYS = ("logout", "health")


class SessionTimeMiddleware(MiddlewareMixin):
    """A log-in ends on the server after its age without a request, and in any case after SESSION_LONGEST.

    The session's own expiry date does the first: it moves on as long as pages are asked for.
    """

    def process_request(self, request):
        if request.user.is_authenticated:
            now, session = int(time()), request.session
            if now - session.get(BEGAN, now) > settings.SESSION_LONGEST:
                logout(request)
            elif now - session.get(SEEN, 0) > KEPT_FOR:
                session[SEEN] = now
                session.setdefault(BEGAN, now)


def is_administrator(user) -> bool:
    """Whether the person holds a role today whose log-ins are kept more strictly."""
    return user.memberships.current().filter(role__in=ADMINISTRATORS).exists()


def needs_second_factor(user) -> bool:
    """Whether the person may not do without."""
    return settings.SECOND_FACTOR == "required" and is_administrator(user)


def log_in_began(sender, request, user, **kwargs):
    """On user_logged_in."""
    request.session[BEGAN] = request.session[SEEN] = int(time())
    if is_administrator(user):
        request.session.set_expiry(settings.SESSION_ADMINISTRATOR_AGE)
    if user.password_is_due:
        request.session[DUE] = True
    if SecondFactor.objects.filter(user=user).exclude(confirmed=None).exists():
        request.session[SECOND] = "code"
    elif needs_second_factor(user):
        request.session[SECOND] = "setup"


def lasts(request) -> int:
    """In how many seconds the log-in ends, if nothing more is asked for."""
    session, now = request.session, int(time())
    idle = session.get(SEEN, now) + session.get_expiry_age() - now  # it is not written at every request
    longest = session.get(BEGAN, now) + settings.SESSION_LONGEST - now
    return max(0, min(idle, longest))


def told(request) -> dict:
    """For every page of somebody logged in: how long the log-in lasts."""
    user = getattr(request, "user", None)
    return {"log_in_lasts": lasts(request)} if user is not None and user.is_authenticated else {}


def first_thing(request) -> str | None:
    """The page that comes before all others in this log-in, if any.

    A password that grows too old during a log-in waits for the next one.
    """
    user, session = request.user, request.session
    if session.get(SECOND) == "code":
        return "second-factor"
    if user.must_change_password or (session.get(DUE) and user.password_is_due):
        return "change-password"
    return "security" if session.get(SECOND) == "setup" else None


def led_to(request, wanted: str):
    """The way to the page that comes first, and back again."""
    if wanted == "second-factor" and request.method in ("GET", "HEAD"):
        return redirect(f"{reverse(wanted)}?{urlencode({'next': request.get_full_path()})}")
    return redirect(wanted)


class FirstThingsMiddleware(MiddlewareMixin):
    """The second factor, and a password that must be changed, come before everything else.

    A view may say so itself: `password_first`.
    """

    def process_view(self, request, view, args, kwargs):
        wanted = first_thing(request) if request.user.is_authenticated else None
        name = request.resolver_match.url_name
        if wanted is None or name in (wanted, *ALWAYS) or (wanted, name) == ("change-password", "password_change"):
            return None
        if hasattr(view, "password_first"):
            return view.password_first(request)
        return led_to(request, wanted)
