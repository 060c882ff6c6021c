"""What people should know: their notices, and how many they have not read."""

import logging
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mass_mail
from django.db import transaction
from django.utils.functional import SimpleLazyObject
from django.utils.http import url_has_allowed_host_and_scheme

from .models import Notice

logger = logging.getLogger(__name__)


def tell(people, *, event: str, text: str, link: str) -> int:
    """A notice of the event to each of them, to nobody twice; by mail too where that is set up. How many were told."""
    there = set(Notice.objects.filter(event=event).values_list("user_id", flat=True))
    told = [user for user in people if user.pk not in there]
    rows = [Notice(user=user, event=event, text=text[:500], link=link) for user in told]
    Notice.objects.bulk_create(rows, ignore_conflicts=True)
    if settings.NOTICES_BY_MAIL:
        addresses = [user.email for user in told if user.email]
        transaction.on_commit(lambda: _mail(addresses, text))
    return len(told)


def _mail(addresses: list[str], text: str) -> None:
    """What was told is told: a mail that does not go out is logged and nothing else."""
    try:
        send_mass_mail([("明账通知", text, None, [address]) for address in addresses])
    except (OSError, SMTPException):
        logger.exception("mail of a notice was not sent")


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
