"""重置 a second factor, for who has lost telephone and codes: by a security administrator, or on the server."""

from django.db import transaction

from organisation.models import SecondFactor

from . import keeping
from .rights import CHAIN


def reset(factor: SecondFactor, *, by, via: str, address: str | None = None) -> None:
    """Take the factor away and end the person's sessions, with its history; they begin one again at the next log-in."""
    with transaction.atomic():
        keeping.remove(factor, chain=CHAIN, by=by, via=via, address=address)
        factor.user.end_sessions()
