"""Where a request comes from: the address that logs, history and throttling go by."""

from ipaddress import ip_address

from django.conf import settings
from django.utils.deprecation import MiddlewareMixin


class ClientAddressMiddleware(MiddlewareMixin):
    """Puts the client's address in REMOTE_ADDR where the request came through TRUSTED_PROXIES of our own.

    Each of them adds to the end of X-Forwarded-For whom it heard from. What stands before that is whatever the client
    wrote, and is not read; with no trusted proxy nothing is.
    """

    def process_request(self, request):
        count = settings.TRUSTED_PROXIES
        heard = [one.strip() for one in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
        if count < 1 or len(heard) < count:
            return
        try:
            request.META["REMOTE_ADDR"] = str(ip_address(heard[-count]))
        except ValueError:
            return  # not an address: that of the proxy is the best we know


def client_address(request) -> str | None:
    """The address of the client, as the middleware left it."""
    return request.META.get("REMOTE_ADDR") or None
