"""How long a log-in lasts, and what comes before everything else in one."""

from time import time

from django.conf import settings
from django.contrib.auth import logout
from django.shortcuts import redirect
from django.utils.deprecation import MiddlewareMixin

from .roles import ADMINISTRATORS

SEEN, BEGAN, DUE = "seen", "began", "password_due"
KEPT_FOR = 60  # seconds in which a session that is in use is not written again
WITHOUT_CHANGE = ("change-password", "password_change", "logout", "health")


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


def log_in_began(sender, request, user, **kwargs):
    """On user_logged_in."""
    request.session[BEGAN] = request.session[SEEN] = int(time())
    if is_administrator(user):
        request.session.set_expiry(settings.SESSION_ADMINISTRATOR_AGE)
    if user.password_is_due:
        request.session[DUE] = True


def lasts(request) -> int:
    """In how many seconds the log-in ends, if nothing more is asked for."""
    longest = request.session.get(BEGAN, int(time())) + settings.SESSION_LONGEST - int(time())
    return max(0, min(request.session.get_expiry_age(), longest))


def told(request) -> dict:
    """For every page of somebody logged in: how long the log-in lasts."""
    user = getattr(request, "user", None)
    return {"log_in_lasts": lasts(request)} if user is not None and user.is_authenticated else {}


class ChangePasswordFirstMiddleware(MiddlewareMixin):
    """Who must change the password does nothing else before. A view may say so itself: `password_first`.

    A password that grows too old during a log-in waits for the next one.
    """

    def process_view(self, request, view, args, kwargs):
        user = request.user
        if not user.is_authenticated or request.resolver_match.url_name in WITHOUT_CHANGE:
            return None
        if not user.must_change_password and not (request.session.get(DUE) and user.password_is_due):
            return None
        return view.password_first(request) if hasattr(view, "password_first") else redirect("change-password")
