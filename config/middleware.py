"""What every response of ours is told."""

from django.utils.deprecation import MiddlewareMixin


class NoStoreMiddleware(MiddlewareMixin):
    """Nothing is kept by a browser or a proxy unless its view says otherwise; static files are served before this."""

    def process_response(self, request, response):
        response.headers.setdefault("Cache-Control", "no-store")
        return response
