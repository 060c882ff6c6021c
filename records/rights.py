"""Who holds which role: given, ended and changed here only, each time with its history in the chain `rights`."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from organisation.models import Membership

from . import keeping

CHAIN = "rights"


def grant(membership: Membership, *, by, via: str, address: str | None = None) -> Membership:
    """Give the role. ValidationError where the rules forbid it; nobody gives roles to themselves."""
    return _keep(membership, by=by, via=via, address=address)


def change(membership: Membership, *, by, via: str, address: str | None = None) -> Membership:
    """Change how long the role is held. ValidationError as for `grant`."""
    return _keep(membership, by=by, via=via, address=address)


def end(membership: Membership, *, by, via: str, address: str | None = None) -> None:
    """End the role at once: it was held until yesterday; one that had not begun by then is taken away."""
    _refuse_own(membership, by)
    yesterday = timezone.localdate() - timedelta(days=1)
    how = {"chain": CHAIN, "by": by, "via": via, "unit": membership.unit, "address": address}
    if membership.starts > yesterday:
        keeping.remove(membership, **how)
    elif membership.ends is None or membership.ends > yesterday:
        membership.ends = yesterday
        keeping.save(membership, **how)


def _keep(membership: Membership, *, by, via: str, address: str | None) -> Membership:
    _refuse_own(membership, by)
    with transaction.atomic():
        keeping.hold(CHAIN)  # roles that exclude each other are not given at the same moment
        membership.full_clean()
        keeping.save(membership, chain=CHAIN, by=by, via=via, unit=membership.unit, address=address)
    return membership


def _refuse_own(membership: Membership, by) -> None:
    if by is not None and membership.user_id == by.pk:
        raise ValidationError("不能改动本人的任职，请由另一位安全管理员办理。")
