"""A database that is busy is no defect: whoever asked is told to ask again, and nothing has been written."""

import logging
import sys

from django.db import OperationalError
from django.http import HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.deprecation import MiddlewareMixin
from django.views.defaults import server_error

AGAIN_AFTER = 2  # seconds
REASON = "系统正忙，这次没有写入。请稍后再试；表格中的内容会自动再次保存。"
SQLITE_STATES = (5, 6)  # SQLITE_BUSY, SQLITE_LOCKED; in the lowest byte of the code
# serialization_failure, deadlock_detected, lock_not_available, too_many_connections
POSTGRES_STATES = ("40001", "40P01", "55P03", "53300")

logger = logging.getLogger(__name__)


def is_busy(error: BaseException | None) -> bool:
    """Whether the database gave up waiting: a lock not had in time, a deadlock, a serialization failure."""
    if not isinstance(error, OperationalError):
        return False
    cause = error.__cause__
    code = getattr(cause, "sqlite_errorcode", None)
    return (code is not None and code & 0xFF in SQLITE_STATES) or getattr(cause, "sqlstate", None) in POSTGRES_STATES


def answer(request) -> HttpResponse:
    """503 in Chinese: a page for who wants one, else JSON. It asks nothing of the database."""
    logger.warning("database busy: %s %s", request.method, request.path)
    if "text/html" in request.headers.get("Accept", ""):
        response = HttpResponse(render_to_string("503.html"), status=503)
    else:
        response = JsonResponse({"reason": REASON}, status=503, json_dumps_params={"ensure_ascii": False})
    response.headers["Retry-After"] = str(AGAIN_AFTER)
    return response


class BusyMiddleware(MiddlewareMixin):
    """Answers for views; what happens in other middleware comes to `failed`."""

    def process_exception(self, request, exception):
        return answer(request) if is_busy(exception) else None


def failed(request) -> HttpResponse:
    """The handler of everything uncaught."""
    return answer(request) if is_busy(sys.exc_info()[1]) else server_error(request)
