"""依据文件: files given as the basis of an item; what was sent for review keeps its own, whatever comes after."""

import hashlib
import uuid

from django.core.files.base import ContentFile
from django.db import transaction

from records import history
from records.file_types import FileNotTaken, kind_of, name_for
from records.models import Attachment, ChangeRecord

from .models import Budget, Item
from .writing import Locked

MAX_BYTES = 20 * 1024 * 1024
MOST = 30  # of one item
SUBJECT = Item._meta.label_lower
TOLD = ("name", "size", "content_type", "sha256")


class NotKept(Exception):
    """A file that is not kept, or not taken out; the words say why."""


def of_item(item: Item) -> list[Attachment]:
    """The files that the item has in its budget, oldest first."""
    found = Attachment.objects.filter(unit=item.budget.unit_id, subject=SUBJECT, subject_uid=item.uid)
    found = list(found.select_related("by").order_by("created", "pk"))
    if all(one.budget_uid == item.budget.uid and not one.gone_from for one in found):
        return found
    line = _line_of(item.budget)
    return [one for one in found if str(one.budget_uid) in line and line.isdisjoint(one.gone_from)]


def _line_of(budget: Budget) -> set[str]:
    """The uids of the budget and of all that it was copied from."""
    rows = {
        pk: (str(uid), based_on)
        for pk, uid, based_on in Budget.objects.filter(unit=budget.unit_id).values_list("pk", "uid", "based_on_id")
    }
    line, at = set(), budget.pk
    while at in rows:
        found, at = rows.pop(at)
        line.add(found)
    return line


def add(item: Item, name: str, content: bytes, *, by, address: str | None = None) -> Attachment:
    """Keep a file for the item of a draft. Raises NotKept or Locked."""
    if len(content) > MAX_BYTES:
        raise NotKept(f"文件超过 {MAX_BYTES // 1024 // 1024} MB。")
    try:
        kind = kind_of(content, name)
    except FileNotTaken as refused:
        raise NotKept(str(refused)) from refused
    row = Attachment(
        unit=item.budget.unit,
        budget_uid=item.budget.uid,
        subject=SUBJECT,
        subject_uid=item.uid,
        name=name_for(name, kind),
        size=len(content),
        content_type=kind.content_type,
        sha256=hashlib.sha256(content).hexdigest(),
        by=by,
    )
    try:
        with transaction.atomic():
            item = _held(item)
            there = of_item(item)
            if same := next((one for one in there if one.sha256 == row.sha256), None):
                raise NotKept(f"这个文件已经在列表中，名为“{same.name}”。")
            if len(there) >= MOST:
                raise NotKept(f"一个项目最多 {MOST} 个依据文件，请先移除不用的。")
            row.file.save(f"{uuid.uuid4().hex}.bin", ContentFile(content), save=False)
            row.save()
            _tell(item, row, "add", None, _values(row), by=by, address=address)
    except BaseException:
        if row.file:
            row.file.delete(save=False)
        raise
    return row


def remove(item: Item, attachment: uuid.UUID, *, by, address: str | None = None) -> Attachment:
    """Take a file out of a draft. One that no earlier budget has is deleted. Raises NotKept or Locked."""
    with transaction.atomic():
        item = _held(item)
        row = next((one for one in of_item(item) if one.uid == attachment), None)
        if row is None:
            raise NotKept("这个文件已经被移除。")
        if row.budget_uid == item.budget.uid and not Budget.objects.filter(based_on=item.budget).exists():
            name, storage = row.file.name, row.file.storage
            row.delete()
            transaction.on_commit(lambda: storage.delete(name))
        else:
            row.gone_from = [*row.gone_from, str(item.budget.uid)]
            row.save(update_fields=["gone_from"])
        _tell(item, row, "remove", _values(row), None, by=by, address=address)
    return row


def had(item: Item, attachment: uuid.UUID) -> bool:
    """Whether a file of that uid was taken out of the item's budget."""
    kept = ChangeRecord.objects.filter(chain=item.budget.chain, subject=Attachment._meta.label_lower)
    return kept.filter(subject_uid=attachment, action=ChangeRecord.Action.REMOVE).exists()


def _held(item: Item) -> Item:
    """The item with its budget locked until the end of the transaction. Raises NotKept or Locked."""
    rows = Budget.objects.select_for_update(of=("self",)).select_related("unit", "campaign")
    budget = rows.get(pk=item.budget_id)
    if not budget.is_draft:
        raise Locked(budget)
    found = Item.objects.of(budget).filter(uid=item.uid).first()
    if found is None:
        raise NotKept("这个项目已被删除，请刷新后再看。")
    found.budget = budget
    return found


def _values(row: Attachment) -> dict:
    return {name: getattr(row, name) for name in TOLD}


def _tell(item: Item, row: Attachment, action: str, before, after, *, by, address) -> None:
    label = f"{item.name}：{row.name}"
    happened = history.Happened(action, row._meta.label_lower, row.uid, label, before, after)
    history.append(item.budget.chain, [happened], by=by, via="form", unit=item.budget.unit, address=address)
