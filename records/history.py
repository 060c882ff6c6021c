"""The history: append-only, written by the writers, chained by hash."""

import hashlib
import json
import uuid
from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import OuterRef, Subquery
from django.utils import timezone

from .inserting import Encoded, insert
from .models import AccessRecord, ChangeRecord, HistoryAnchor

CANONICAL = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


class Happened(NamedTuple):
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
    by_id, by_name = (by.pk, str(by)) if by else (None, "系统")
    unit_id = unit.pk if unit else None
    same = {"chain": chain, "at": now, "by_id": by_id, "by_name": by_name, "via": via, "address": address}
    same |= {"operation": operation, "unit_id": unit_id}
    told = list(happened)
    labels = [change.label[:300] for change in told]
    before, after = ([_encoded(getattr(change, name)) for change in told] for name in ("before", "after"))
    # the parts of what `digest` hashes, put together: encoding the whole of each record takes three times as long
    encode = CANONICAL.encode
    first, place = encode(chain), encode(unit_id)
    middle = encode([now.isoformat(), by_id, by_name, via, address, str(operation)])[1:-1]
    ends = [previous]  # the hash before each record, and the last one's
    for at, (change, label, was, now_is) in enumerate(zip(told, labels, before, after, strict=True), sequence + 1):
        ends.append(
            hashlib.sha256(
                f"[{first},{at},{middle},{encode(change.action)},{place},{encode(change.subject)},"
                f'"{change.subject_uid}",{encode(label)},{was or "null"},{now_is or "null"},"{ends[-1]}"]'.encode()
            ).hexdigest()
        )
    insert(
        ChangeRecord,
        {
            "sequence": range(sequence + 1, sequence + 1 + len(told)),
            **{name: [value] * len(told) for name, value in same.items()},
            **{name: [getattr(change, name) for change in told] for name in ("action", "subject", "subject_uid")},
            "label": labels,
            "before": before,
            "after": after,
            "previous_hash": ends[:-1],
            "hash": ends[1:],
        },
    )
    return operation


def _encoded(values: dict | None) -> Encoded | None:
    return None if values is None else Encoded(CANONICAL.encode(values))


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
    return _hash(content)


def _hash(content: list) -> str:
    return hashlib.sha256(CANONICAL.encode(content).encode()).hexdigest()


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
