"""What people should know: their notices, and how many they have not read."""

from django.utils.functional import SimpleLazyObject
from django.utils.http import url_has_allowed_host_and_scheme

from .models import Notice


def notices_of(user):
    return Notice.objects.filter(user=user)


def unread(request):
    """Context processor: `unread_notices`, counted when a page asks for it."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"unread_notices": 0}
    return {"unread_notices": SimpleLazyObject(lambda: notices_of(user).filter(read=None).count())}


def address_in(notice: Notice) -> str:
    """Where a notice leads, if that is one of our pages."""
    return notice.link if notice.link.startswith("/") and url_has_allowed_host_and_scheme(notice.link, None) else ""
