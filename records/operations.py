"""Saves that are asked for twice (a dropped answer, a double click) are done once and answered alike."""

import hashlib
from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from .models import SavedOperation

KEPT_FOR = timedelta(days=7)


class NameTaken(ValueError):
    """The operation's name was given to something else, or by somebody else."""


def answer_of(uid: UUID, body: bytes, *, user, budget_uid: UUID):
    """What the operation was answered, None for a new one. NameTaken where the name belongs to another request."""
    found = SavedOperation.objects.filter(uid=uid).first()
    if found is None:
        return None
    if (found.user_id, found.budget_uid, found.digest) != (user.pk, budget_uid, _digest(body)):
        raise NameTaken
    return found.answer


def keep(uid: UUID, body: bytes, answer, *, user, budget_uid: UUID) -> None:
    """Keep the answer, in the transaction that wrote; what is old goes."""
    SavedOperation.objects.filter(budget_uid=budget_uid, at__lt=timezone.now() - KEPT_FOR).delete()
    SavedOperation.objects.create(uid=uid, digest=_digest(body), answer=answer, user=user, budget_uid=budget_uid)


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()
