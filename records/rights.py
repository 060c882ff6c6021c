"""Who holds which role: given, ended and changed here only, each time with its history in the chain `rights`.

Each time the sessions of the person end, too: what a session may do, and how long it lasts, is settled at log-in.
"""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from organisation.models import Membership
from organisation.roles import ROLES

from . import keeping, notices

CHAIN = "rights"


def grant(membership: Membership, *, by, via: str, address: str | None = None) -> Membership:
    """Give the role. ValidationError where the rules forbid it; nobody gives roles to themselves."""
    return _keep(membership, by=by, via=via, address=address)


def delegate(held: Membership, to, *, starts, ends, by, address: str | None = None) -> Membership:
    """委托: somebody else takes a role of one's own for a time, and no longer than one holds it oneself.

    Roles of administrators, and roles that were themselves delegated, are not passed on. ValidationError says why.
    """
    if by is None or held.user_id != by.pk or held.delegated_by_id is not None:
        raise ValidationError("只能委托本人的任职，受委托的任职不能再转委托。")
    if ROLES[held.role].exclusive:
        raise ValidationError("系统管理员、安全管理员、审计管理员不能委托他人。")
    if ends is None or starts < held.starts or (held.ends is not None and ends > held.ends):
        raise ValidationError({"ends": "委托期须有终止日期，并在本人任职期间之内。"})
    row = Membership(user=to, unit=held.unit, role=held.role, starts=starts, ends=ends, delegated_by=by)
    with transaction.atomic():
        kept = _keep(row, by=by, via="form", address=address)
        where = f"（{kept.unit.name}）" if kept.unit else ""
        notices.tell(
            [to],
            event=f"delegation:{kept.pk}",
            text=f"{by}把“{kept.get_role_display()}”{where}委托给您，从{_day(starts)}到{_day(ends)}。",
            link=reverse("waiting"),
        )
    return kept


def _day(day) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def take_back(membership: Membership, *, by, address: str | None = None) -> None:
    """End what one delegated oneself, at once."""
    if by is None or membership.delegated_by_id != by.pk:
        raise ValidationError("只能收回本人委托的任职。")
    end(membership, by=by, via="form", address=address)


def change(membership: Membership, *, by, via: str, address: str | None = None) -> Membership:
    """Change how long the role is held. ValidationError as for `grant`."""
    return _keep(membership, by=by, via=via, address=address)


def end(membership: Membership, *, by, via: str, address: str | None = None) -> None:
    """End the role at once: it was held until yesterday; one that had not begun by then is taken away."""
    _refuse_own(membership, by)
    yesterday = timezone.localdate() - timedelta(days=1)
    how = {"chain": CHAIN, "by": by, "via": via, "unit": membership.unit, "address": address}
    with transaction.atomic():
        if membership.starts > yesterday:
            keeping.remove(membership, **how)
        elif membership.ends is None or membership.ends > yesterday:
            membership.ends = yesterday
            keeping.save(membership, **how)
        membership.user.end_sessions()


def _keep(membership: Membership, *, by, via: str, address: str | None) -> Membership:
    _refuse_own(membership, by)
    with transaction.atomic():
        keeping.hold(CHAIN)  # roles that exclude each other are not given at the same moment
        membership.full_clean()
        if keeping.save(membership, chain=CHAIN, by=by, via=via, unit=membership.unit, address=address):
            membership.user.end_sessions()
    return membership


def _refuse_own(membership: Membership, by) -> None:
    if by is not None and membership.user_id == by.pk:
        raise ValidationError("不能改动本人的任职，请由另一位安全管理员办理。")
