"""Saving the grid: what was typed, against the rows as they are stored, in one write under the budget's lock."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from budget import writing
from budget.entry.draft import Draft
from budget.models import Budget, Item
from records import operations
from records.models import ChangeRecord

from .asked import Change, Save
from .plan import Plan
from .sheet import Sheet, Stored, StoredDraft

ATTEMPTS = 3


@dataclass(frozen=True)
class Clash:
    """A row that somebody else wrote meanwhile. `stored`: as it is now, None where it is gone."""

    uid: uuid.UUID
    stored: Stored | None
    wanted: dict[str, str] = field(default_factory=dict)


class Clashed(Exception):
    """Rows have moved on since the browser saw them; nothing was written. `answer`: both values, as JSON."""

    def __init__(self, answer: dict):
        self.answer = answer
        super().__init__("数据已被他人修改，请核对后重新保存。")


class Wrong(Exception):
    """A save that was to be whole has cells that are wrong; nothing was written. `errors`: by row and column."""

    def __init__(self, errors: dict[str, dict[str, list[str]]], reason: str = "有不能保存的单元格，请改正后再试。"):
        self.errors = errors
        super().__init__(reason)


def save(draft: Draft, project: Item | None, asked: Save, body: bytes, *, by, address: str | None = None) -> dict:
    """Save and answer (as JSON). `body`: the request as it came, which one operation's name stands for.

    Raises writing.Locked, Clashed, Wrong or operations.NameTaken; after any of them nothing is written.
    """
    uid = draft.budget.uid
    draft.read_dimensions()  # before the lock, which is to be held as short as can be
    with transaction.atomic():
        budget = (
            Budget.objects.select_for_update(of=("self",)).select_related("unit", "campaign").get(pk=draft.budget.pk)
        )
        answer = operations.answer_of(asked.operation, body, user=by, budget_uid=uid)
        if answer is None:
            if not budget.is_draft:
                raise writing.Locked(budget)
            draft.budget = budget
            answer, sheet = _written(Sheet(draft, project), asked, by=by, address=address)
            operations.keep(asked.operation, body, answer, user=by, budget_uid=uid)
        else:
            sheet = Sheet(draft, project)
    return {
        **answer,
        "totals": sheet.totals_json(),
        "unfinished": sheet.unfinished_json(),
        "quotas": sheet.quotas_json(),
    }


def _written(sheet: Sheet, asked: Save, *, by, address: str | None) -> tuple[dict, Sheet]:
    """The answer, and the rows as they are after it."""
    pending = fresh_changes(sheet, asked.changes)
    plan = _plan(sheet, asked, pending)
    written = None
    for attempt in range(ATTEMPTS):
        changes = plan.changes(by)
        if not changes:
            break
        try:
            written = writing.write(sheet.budget, changes, by=by, via=asked.via, address=address)
            break
        except writing.Refused as refused:
            told = plan.explained(refused.problems)
            if asked.whole or not told or attempt == ATTEMPTS - 1:
                raise Wrong(told, str(refused)) from None
            plan = _plan(sheet, asked, pending, told)
    draft = Draft(written.budget if written else sheet.budget, sheet.draft.user, sheet.draft.unit)
    draft.dimensions = sheet.draft.dimensions
    after = Sheet(draft, sheet.project)
    return {**_told(after, plan, asked.changes), "warnings": written.notices if written else []}, after


def _plan(sheet: Sheet, asked: Save, pending: list[Change], refused: dict | None = None) -> Plan:
    plan = Plan(sheet, pending, refused or {})
    if asked.whole and (errors := plan.wrong()):
        raise Wrong(errors)
    return plan


def _told(after: Sheet, plan: Plan, changes: Iterable[Change]) -> dict:
    """What a save is answered."""
    touched = dict.fromkeys([*(change.uid for change in changes), *plan.touched])
    rows, removed = [], []
    for uid in touched:
        stored = after.get(uid)
        if stored is not None:
            row = after.row_json(stored)
            row["followed"] = sorted(plan.followed(uid) & set(row["cells"]))
            rows.append(row)
        elif uid in plan.gone:
            removed.append(uid.hex)
    return {
        "version": after.budget.version,
        "rows": rows,
        "removed": removed,
        "notices": plan.notices,
        "saved": f"{timezone.localtime():%H:%M:%S}",
    }


def fresh_changes(sheet: Sheet, changes: Iterable[Change]) -> list[Change]:
    """The changes that there is something to do about. Raises Clashed for those whose rows have moved on."""
    clashes, fresh = [], []
    for change in changes:
        stored = sheet.get(change.uid)
        wanted = _differences(sheet, stored, change)
        clash = _clash(stored, change, wanted)
        if clash is not None:
            clashes.append(clash)
        elif _is_to_be_done(stored, change, wanted):
            fresh.append(change)
    if clashes:
        raise Clashed({"conflicts": _conflicts(sheet, clashes)})
    return fresh


def _is_to_be_done(stored: Stored | None, change: Change, wanted: dict[str, str]) -> bool:
    if stored is None:
        return not change.removes and _says_something(change)
    return bool(wanted) or change.removes or (change.confirms and bool(stored.origin))


def _says_something(change: Change) -> bool:
    return any(text.strip() for text in change.cells.values())


def _differences(sheet: Sheet, stored: Stored | None, change: Change) -> dict[str, str]:
    """The cells that are to be other than they are stored."""
    if stored is None:
        return dict(change.cells)
    texts, cleaned = sheet.texts(stored), sheet.judge.reader.cleaned
    return {
        key: text
        for key, text in change.cells.items()
        if cleaned(key, text) != cleaned(key, texts[key]) or (isinstance(stored, StoredDraft) and text != texts[key])
    }


def _clash(stored: Stored | None, change: Change, wanted: dict[str, str]) -> Clash | None:
    if stored is None:
        is_news = bool(change.seen) and _says_something(change)
        return Clash(change.uid, None, wanted) if is_news and not change.removes else None
    if change.seen == stored.version or _only_the_item_moved(stored, change):
        return None
    if change.removes or wanted or (change.confirms and stored.origin):
        return Clash(change.uid, stored, wanted)
    return None


def _only_the_item_moved(stored: Stored, change: Change) -> bool:
    """Somebody else gave the item another name: that is no matter to an amount."""
    if change.removes or not change.seen.startswith("l") or {"category", "name", "nature"} & set(change.cells):
        return False
    return change.seen.partition(".")[0] == stored.version.partition(".")[0]


def _conflicts(sheet: Sheet, clashes: list[Clash]) -> list[dict]:
    """Both values of every clash, with who wrote the stored one and when."""
    subjects = {clash.uid for clash in clashes} | {
        clash.stored.item.uid for clash in clashes if clash.stored is not None and hasattr(clash.stored, "item")
    }
    records = ChangeRecord.objects.filter(chain=sheet.budget.chain, subject_uid__in=subjects).order_by("sequence")
    last = {record.subject_uid: record for record in records}
    return [_conflict(sheet, clash, last) for clash in clashes]


def _conflict(sheet: Sheet, clash: Clash, last: dict[uuid.UUID, ChangeRecord]) -> dict:
    item = getattr(clash.stored, "item", None)
    told = [last[uid] for uid in (clash.uid, item.uid if item else None) if uid in last]
    record = max(told, key=lambda one: one.sequence, default=None)
    texts = sheet.texts(clash.stored) if clash.stored is not None else {}
    labels = {column.key: column.label for column in sheet.columns}
    return {
        "id": clash.uid.hex,
        "stored": sheet.row_json(clash.stored) if clash.stored is not None else None,
        "by": record.by_name if record else "",
        "at": timezone.localtime(record.at).isoformat(timespec="seconds") if record else "",
        "differences": [
            {"column": key, "label": labels.get(key, key), "stored": texts.get(key, ""), "wanted": text}
            for key, text in clash.wanted.items()
        ],
    }
