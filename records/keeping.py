"""Rows that belong to no budget (units, users, roles, campaigns, codes) saved and removed with their history."""

import uuid

from django.db import connection, transaction

from . import history

UNTOLD = {
    "password",
    "password_set",
    "session_number",
    "secret",
    "last_step",
    "failures",
    "locked_until",
    "last_login",
    "uid",
    "path",
    "id",
    "loaded",
}


def save(row, *, chain: str, by, via: str, unit=None, address: str | None = None, told: dict | None = None) -> bool:
    """Save the row and append to the chain what changed; nothing is appended, and False answered, where nothing did.

    `told`: what the history says beside the row's own values (a password that was set, never the password).
    """
    model = type(row)
    with transaction.atomic():
        hold(chain)
        stored = model._default_manager.filter(pk=row.pk).first() if row.pk else None
        before = plain(stored) if stored else None
        row.save()
        after = {**plain(row), **(told or {})}
        if before is not None:
            after = {name: value for name, value in after.items() if before.get(name) != value}
            before = {name: before.get(name) for name in after}
        if after:
            _append(chain, "edit" if stored else "add", row, before, after, by=by, via=via, unit=unit, address=address)
    return bool(after)


def remove(row, *, chain: str, by, via: str, unit=None, address: str | None = None) -> None:
    """Delete the row and append to the chain what it was."""
    with transaction.atomic():
        hold(chain)
        _append(chain, "remove", row, plain(row), None, by=by, via=via, unit=unit, address=address)
        row.delete()


def hold(chain: str) -> None:
    """Until the end of the transaction nobody else appends to the chain. SQLite has one writer at a time anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [chain])


def uid_of(row) -> uuid.UUID:
    """What the history calls the row by: its own uid, or one made of its kind and number."""
    return getattr(row, "uid", None) or uuid.uuid5(uuid.NAMESPACE_OID, f"{row._meta.label_lower}:{row.pk}")


def plain(row) -> dict:
    """A row's values as the history keeps them: words for rows of other tables, text for dates."""
    values = {}
    for column in row._meta.concrete_fields:
        if column.name in UNTOLD:
            continue
        value = getattr(row, column.name)
        values[column.name] = value if value is None or isinstance(value, (bool, int, str)) else str(value)
    return values


def _append(chain, action, row, before, after, **how) -> None:
    happened = history.Happened(action, row._meta.label_lower, uid_of(row), str(row), before, after)
    history.append(chain, [happened], **how)
