"""The history: append-only, written by the writers, chained by hash."""

import hashlib
import json
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import OuterRef, Subquery
from django.utils import timezone

from .models import AccessRecord, ChangeRecord, HistoryAnchor


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


# ---- what is cut off a chain is found by where it ended before

ACCESS = "access"


def heads() -> dict[str, list]:
    """Where every chain ends: chain → [sequence, hash]; the access log is a chain too."""
    found = {}
    last = ChangeRecord.objects.filter(chain=OuterRef("chain")).order_by("-sequence").values("pk")[:1]
    for row in ChangeRecord.objects.filter(pk=Subquery(last)).order_by("chain").iterator():
        found[row.chain] = [row.sequence, row.hash]
    newest = AccessRecord.objects.order_by("-sequence").first()
    if newest is not None:
        found[ACCESS] = [newest.sequence, newest.hash]
    return found


def anchor() -> HistoryAnchor:
    """Keep where every chain ends now; its digest is worth printing and keeping elsewhere."""
    found = heads()
    return HistoryAnchor.objects.create(at=timezone.now(), heads=found, digest=digest_of(found))


def digest_of(found: dict[str, list]) -> str:
    text = json.dumps(found, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def faults(against: dict[str, list] | None = None) -> list[str]:
    """Everything that does not hold, in words: broken chains, chains cut off since the newest anchor (or `against`)."""
    from .access import digest as digest_of_access

    found, there = [], {}
    expected: dict[str, tuple[int, str]] = {}
    for row in ChangeRecord.objects.order_by("chain", "sequence").iterator():
        sequence, previous = expected.get(row.chain, (1, ""))
        if row.sequence != sequence or row.previous_hash != previous or row.hash != digest(row):
            found.append(f"链 {row.chain} 第{sequence}条与摘要不符")
        expected[row.chain] = (row.sequence + 1, row.hash)
        there[row.chain, row.sequence] = row.hash
    sequence, previous = 1, ""
    for row in AccessRecord.objects.order_by("sequence").iterator():
        if row.sequence != sequence or row.previous_hash != previous or row.hash != digest_of_access(row):
            found.append(f"访问日志第{sequence}条与摘要不符")
        sequence, previous = row.sequence + 1, row.hash
        there[ACCESS, row.sequence] = row.hash
    for kept in HistoryAnchor.objects.all():
        if kept.digest != digest_of(kept.heads):
            found.append(f"{kept.at:%Y-%m-%d} 的锚点与摘要不符")
    newest = HistoryAnchor.objects.order_by("at", "pk").last()
    for chain, (at, last) in (against or (newest.heads if newest else {})).items():
        if there.get((chain, at)) != last:
            found.append(f"链 {chain} 在第{at}条处与锚点不符，可能被截断或改写")
    return found
