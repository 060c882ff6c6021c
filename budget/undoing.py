"""撤销: what one write did to rows is put back by another write, as long as nobody has changed those rows since."""

import uuid
from collections.abc import Iterable

from django.db import models

from records.models import ChangeRecord

from . import writing
from .models import Budget, BudgetOwned


def undo(
    budget: Budget,
    operation: uuid.UUID,
    allowed: Iterable[type[BudgetOwned]],
    owner: dict,
    *,
    by,
    via: str,
    address: str | None = None,
) -> writing.Written:
    """Put the rows of an operation back. `allowed`: models without codes, whose rows hang on `owner`.

    Raises LookupError where the draft has no such operation on such rows, writing.Conflicted where the rows have moved
    on, and what `writing.write` raises.
    """
    subjects = {model._meta.label_lower: model for model in allowed}
    records = list(ChangeRecord.objects.filter(chain=budget.chain, operation=operation).order_by("sequence"))
    if not records or any(record.subject not in subjects for record in records):
        raise LookupError(operation)
    uids = [record.subject_uid for record in records]
    since = ChangeRecord.objects.filter(chain=budget.chain, sequence__gt=records[-1].sequence, subject_uid__in=uids)
    stored = {
        row.uid: row for model in subjects.values() for row in model._default_manager.filter(uid__in=uids, **owner)
    }
    if since.exists() or any(record.subject_uid not in stored for record in records if record.action != "remove"):
        raise writing.Conflicted([])
    changes = [_back(record, subjects[record.subject], stored, owner) for record in records]
    return writing.write(budget, changes, by=by, via=via, seen=budget.version, address=address)


def _back(record: ChangeRecord, model, stored: dict, owner: dict) -> writing.Change:
    if record.action == ChangeRecord.Action.ADD:
        return writing.Remove(model, record.subject_uid, stored[record.subject_uid].version)
    before = {name: value for name, value in record.before.items() if name not in owner}
    values = {name: _value(model._meta.get_field(name), value) for name, value in before.items()}
    if record.action == ChangeRecord.Action.EDIT:
        return writing.Edit(model, record.subject_uid, stored[record.subject_uid].version, values)
    return writing.Add(model(uid=record.subject_uid, **owner, **values))


def _value(column: models.Field, value):
    """A value of the history as the model keeps it."""
    if column.is_relation:
        raise LookupError(column.name)
    return column.to_python(value)
