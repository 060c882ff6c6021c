"""访问日志: log-ins, passwords, refusals, exports and prints, in one chain that is only ever appended to."""

import hashlib
import json

from django.db import transaction
from django.utils import timezone
from django.utils.deprecation import MiddlewareMixin

from . import keeping
from .models import AccessRecord

CHAIN = "access"
EVENT = AccessRecord.Event


def keep(event: str, *, user=None, name: str = "", address: str | None = None, path: str = "", status: int = 200):
    """Append one event. Whoever it is about may be nobody we know: `name` is what they called themselves."""
    with transaction.atomic():
        keeping.hold(CHAIN)
        last = AccessRecord.objects.order_by("-sequence").values("sequence", "hash").first()
        row = AccessRecord(
            sequence=last["sequence"] + 1 if last else 1,
            at=timezone.now(),
            event=event,
            by=user,
            by_name=one_line(name or (user.get_username() if user else ""))[:150],
            address=address,
            path=one_line(path)[:300],
            status=status,
            previous_hash=last["hash"] if last else "",
        )
        row.hash = digest(row)
        row.save()
    return row


def one_line(text: str) -> str:
    """Without what would begin a new line, or hide text, in a log."""
    return "".join(character if character.isprintable() else "\ufffd" for character in text)


def digest(row: AccessRecord) -> str:
    """SHA-256 over everything a record says and the record before it."""
    content = [
        row.sequence,
        row.at.isoformat(),
        row.event,
        row.by_id,
        row.by_name,
        row.address,
        row.path,
        row.status,
        row.previous_hash,
    ]
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


class AccessMiddleware(MiddlewareMixin):
    """Keeps what was refused to somebody logged in, every file that was given out, and passwords that were changed.

    What is printed the browser says itself (`views.printed`).
    """

    def process_response(self, request, response):
        user = getattr(request, "user", None)
        match = request.resolver_match
        if user is None or not user.is_authenticated or match is None:
            return response
        event = None
        if response.status_code in (403, 404):
            event = EVENT.REFUSED
        elif response.headers.get("Content-Disposition", "").startswith("attachment"):
            event = EVENT.EXPORT
        elif getattr(request, "password_changed", False):
            event = EVENT.PASSWORD
        if event is not None:
            path = request.get_full_path() if event == EVENT.EXPORT else request.path
            keep(
                event,
                user=user,
                address=request.META.get("REMOTE_ADDR") or None,
                path=f"{request.method} {path}",
                status=response.status_code,
            )
        return response


def _from(request) -> str | None:
    return (request.META.get("REMOTE_ADDR") or None) if request is not None else None


def logged_in(sender, request, user, **kwargs):
    """On user_logged_in."""
    keep(EVENT.LOG_IN, user=user, address=_from(request))


def logged_out(sender, request, user, **kwargs):
    """On user_logged_out."""
    if user is not None:
        keep(EVENT.LOG_OUT, user=user, address=_from(request))


def log_in_failed(sender, credentials, request=None, **kwargs):
    """On user_login_failed. The name that was tried, never the password."""
    keep(EVENT.LOG_IN_FAILED, name=str(credentials.get("username", "")), address=_from(request), status=401)
