"""The history: append-only, written by the writers, chained by hash."""

import hashlib
import json
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone

from .models import ChangeRecord


@dataclass(frozen=True)
class Happened:
    """One change of one row, as the history tells it. `before` and `after`: plain JSON values by field."""

    action: str
    subject: str
    subject_uid: uuid.UUID
    label: str
    before: dict | None
    after: dict | None


def append(
    chain: str, happened: Iterable[Happened], *, by, via: str, unit=None, address: str | None = None
) -> uuid.UUID:
    """Append the changes of one operation to a chain; the caller holds the chain's lock in a transaction.

    Returns the operation's uid.
    """
    last = ChangeRecord.objects.filter(chain=chain).order_by("-sequence").values("sequence", "hash").first()
    sequence, previous = (last["sequence"], last["hash"]) if last else (0, "")
    operation, now = uuid.uuid4(), timezone.now()
    rows = []
    for change in happened:
        sequence += 1
        row = ChangeRecord(
            chain=chain,
            sequence=sequence,
            at=now,
            by=by,
            by_name=str(by) if by else "系统",
            via=via,
            address=address,
            operation=operation,
            action=change.action,
            unit=unit,
            subject=change.subject,
            subject_uid=change.subject_uid,
            label=change.label[:300],
            before=change.before,
            after=change.after,
            previous_hash=previous,
        )
        row.hash = previous = digest(row)
        rows.append(row)
    ChangeRecord.objects.bulk_create(rows, batch_size=1000)
    return operation


def digest(row: ChangeRecord) -> str:
    """SHA-256 over everything a record says and the record before it."""
    content = [
        row.chain,
        row.sequence,
        row.at.isoformat(),
        row.by_id,
        row.by_name,
        row.via,
        row.address,
        str(row.operation),
        row.action,
        row.unit_id,
        row.subject,
        str(row.subject_uid),
        row.label,
        row.before,
        row.after,
        row.previous_hash,
    ]
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def broken(chain: str) -> int | None:
    """The sequence number at which a chain does not hold; None where it holds from end to end."""
    expected, previous = 1, ""
    for row in ChangeRecord.objects.filter(chain=chain).order_by("sequence").iterator():
        if row.sequence != expected or row.previous_hash != previous or row.hash != digest(row):
            return expected
        expected, previous = expected + 1, row.hash
    return None
