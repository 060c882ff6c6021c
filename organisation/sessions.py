"""How long a log-in lasts, and what comes before everything else in one."""

from time import time

from django.conf import settings
from django.contrib.auth import logout
from django.shortcuts import redirect
from django.utils.deprecation import MiddlewareMixin

SEEN, BEGAN = "seen", "began"
KEPT_FOR = 60  # seconds in which a session that is in use is not written again
WITHOUT_CHANGE = ("change-password", "password_change", "logout", "health")


class SessionTimeMiddleware(MiddlewareMixin):
    """A log-in ends on the server after SESSION_COOKIE_AGE without a request, and in any case after SESSION_LONGEST.

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


def log_in_began(sender, request, user, **kwargs):
    """On user_logged_in."""
    request.session[BEGAN] = request.session[SEEN] = int(time())


class ChangePasswordFirstMiddleware(MiddlewareMixin):
    """Who must change the password does nothing else before. A view may say so itself: `password_first`."""

    def process_view(self, request, view, args, kwargs):
        must = request.user.is_authenticated and request.user.must_change_password
        if not must or request.resolver_match.url_name in WITHOUT_CHANGE:
            return None
        return view.password_first(request) if hasattr(view, "password_first") else redirect("change-password")
