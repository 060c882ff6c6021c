"""Locked is locked: triggers on both databases refuse what the law of the product forbids, whoever writes.

- a row of a budget that is no draft is not written, nor moved there, nor taken away;
- a budget that is no draft keeps what it is, never becomes a draft again, and is not deleted;
- a code that a submitted budget may print is not renamed;
- the history is only ever appended to, and so is what was published.

Listed once here, installed after every migrate (Django remakes SQLite tables and drops their triggers silently).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from django.apps import apps
from django.db import connections, transaction

from records.models import OnlyAdded

FROZEN_COLUMNS = (
    "uid",
    "unit_id",
    "campaign_id",
    "stage",
    "revision",
    "version",
    "unit_name",
    "is_demo",
    "adjustment",
    "adjustment_reason",
)
NUMBERED_COLUMNS = ("document_number", "document_date")  # an adjustment gets them when it is approved
LAST_STATES = "('approved', 'returned', 'withdrawn')"  # from which nothing leads away


class Lock(NamedTuple):
    """A trigger: before `event` on `table`, refuse with `message` when `condition` holds."""

    name: str
    table: str
    event: str
    condition: str
    message: str


def locks() -> list[Lock]:
    """Every lock, from the models."""
    from .models import BudgetOwned

    found = []
    for model in apps.get_models():
        if issubclass(model, BudgetOwned):
            found.extend(_row_locks(model))
    found.extend(_budget_locks())
    found.extend(_edition_locks())
    found.extend(_history_locks())
    found.extend(_kept_locks())
    return found


def _row_locks(model) -> Iterator[Lock]:
    table, message = model._meta.db_table, f"{model._meta.verbose_name}：预算已锁定，不能修改"
    new, old = (f"{_state(model, row)} <> 'draft'" for row in ("NEW", "OLD"))
    yield Lock(f"lock_{table}_insert", table, "INSERT", new, message)
    yield Lock(f"lock_{table}_update", table, "UPDATE", f"{old} OR {new}", message)
    yield Lock(f"lock_{table}_delete", table, "DELETE", old, message)


def _state(model, row: str) -> str:
    """SQL for the state of the budget that a row (NEW or OLD) belongs to."""
    first, *rest = model.BUDGET_PATH
    field = model._meta.get_field(first)
    expression, here = f"{row}.{field.column}", field.related_model
    for name in rest:
        field = here._meta.get_field(name)
        expression = f"(SELECT {field.column} FROM {here._meta.db_table} WHERE id = {expression})"
        here = field.related_model
    return f"(SELECT state FROM {here._meta.db_table} WHERE id = {expression})"


def _budget_locks() -> Iterator[Lock]:
    changed = " OR ".join(f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in FROZEN_COLUMNS)
    numbered = " OR ".join(f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in NUMBERED_COLUMNS)
    changed += f" OR (({numbered}) AND NOT (OLD.state = 'passed' AND NEW.state = 'approved'))"
    reopened = f"NEW.state = 'draft' OR (OLD.state IN {LAST_STATES} AND NEW.state <> OLD.state)"
    yield Lock(
        "lock_budget_update",
        "budget_budget",
        "UPDATE",
        f"OLD.state <> 'draft' AND ({reopened} OR {changed})",
        "预算已锁定，不能改回草稿，也不能修改",
    )
    yield Lock("lock_budget_delete", "budget_budget", "DELETE", "OLD.state <> 'draft'", "预算已锁定，不能删除")


def _edition_locks() -> Iterator[Lock]:
    from .models import DepartmentEconomicClass, FunctionalClass, FundSource, GovernmentEconomicClass

    used = (
        "EXISTS (SELECT 1 FROM budget_budget b JOIN budget_campaign c ON c.id = b.campaign_id"
        " WHERE c.edition_id = OLD.edition_id AND b.state <> 'draft')"
    )
    for model in (FunctionalClass, DepartmentEconomicClass, GovernmentEconomicClass, FundSource):
        table = model._meta.db_table
        renamed = "(NEW.code <> OLD.code OR NEW.name <> OLD.name OR NEW.edition_id <> OLD.edition_id)"
        yield Lock(
            f"lock_{table}_rename",
            table,
            "UPDATE",
            f"{renamed} AND {used}",
            f"{model._meta.verbose_name}：已有送审的预算使用本版本，科目不能改名",
        )


def _history_locks() -> Iterator[Lock]:
    for name, table, told in (
        ("history", "records_changerecord", "变更记录"),
        ("access", "records_accessrecord", "访问日志"),
        ("anchor", "records_historyanchor", "日志锚点"),
        ("transition", "budget_transition", "流转记录"),
    ):
        for event in ("UPDATE", "DELETE"):
            yield Lock(f"lock_{name}_{event.lower()}", table, event, "OLD.id IS NOT NULL", f"{told}只增不改")


def _kept_locks() -> Iterator[Lock]:
    """Of rows that are only ever added, and of what they are linked to."""
    for model in apps.get_models():
        if issubclass(model, OnlyAdded):
            links = [field.remote_field.through._meta.db_table for field in model._meta.local_many_to_many]
            for table in (model._meta.db_table, *links):
                for event in ("UPDATE", "DELETE"):
                    message = f"{model._meta.verbose_name}只增不改"
                    yield Lock(f"lock_{table}_{event.lower()}", table, event, "OLD.id IS NOT NULL", message)


def install(using: str = "default") -> None:
    """Install every lock anew; nothing is left of what was there."""
    connection = connections[using]
    with transaction.atomic(using=using), connection.cursor() as cursor:
        for lock in locks():
            for statement in _statements(lock, connection.vendor):
                cursor.execute(statement)


def uninstall(using: str = "default") -> None:
    """Take every lock away: for throwing a database's content away as a whole, never for a write."""
    connection = connections[using]
    existing = set(connection.introspection.table_names())
    with transaction.atomic(using=using), connection.cursor() as cursor:
        for lock in locks():
            if lock.table in existing:
                cursor.execute(_drop(lock.name, lock.table, connection.vendor))


def missing(using: str = "default") -> list[str]:
    """The names of locks that the database does not have."""
    there = {name for name, _ in _installed(using)}
    return [lock.name for lock in locks() if lock.name not in there]


def _installed(using: str) -> list[tuple[str, str]]:
    """Name and table of every trigger that works."""
    connection = connections[using]
    query = (
        "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'"
        if connection.vendor == "sqlite"
        else "SELECT tgname, relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid"
        " WHERE NOT tgisinternal AND tgenabled <> 'D'"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall()


@contextmanager
def lifted(using: str = "default"):
    """Without locks inside one transaction: only for removing demonstration data whole."""
    with transaction.atomic(using=using):
        uninstall(using)
        yield
        install(using)


def make_way(sender, using: str, plan, **kwargs) -> None:
    """Before migrate, where it has something to do: the receiver. No lock hinders it, those of older versions neither.

    SQLite renames a table only where every trigger that names it still makes sense. Should migrate fail, the locks are
    missing until it succeeds; `checkbooks` says so.
    """
    if sender.name == "budget" and plan:
        vendor = connections[using].vendor
        with transaction.atomic(using=using), connections[using].cursor() as cursor:
            for name, table in _installed(using):
                if name.startswith("lock_"):
                    cursor.execute(_drop(name, table, vendor))


def reinstall(sender, using: str, **kwargs) -> None:
    """After migrate: the receiver, once (for this app)."""
    if sender.name == "budget":
        existing = set(connections[using].introspection.table_names())
        if {lock.table for lock in locks()} <= existing:
            install(using)


def _drop(name: str, table: str, vendor: str) -> str:
    return f"DROP TRIGGER IF EXISTS {name}" + (f" ON {table}" if vendor == "postgresql" else "")


def _statements(lock: Lock, vendor: str) -> list[str]:
    yield_row = "OLD" if lock.event == "DELETE" else "NEW"
    if vendor == "sqlite":
        return [
            _drop(lock.name, lock.table, vendor),
            f"CREATE TRIGGER {lock.name} BEFORE {lock.event} ON {lock.table} FOR EACH ROW WHEN {lock.condition}"
            f" BEGIN SELECT RAISE(ABORT, '{lock.message}'); END",
        ]
    return [
        _drop(lock.name, lock.table, vendor),
        f"CREATE OR REPLACE FUNCTION {lock.name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        f" IF {lock.condition} THEN RAISE EXCEPTION '{lock.message}' USING ERRCODE = 'check_violation'; END IF;"
        f" RETURN {yield_row}; END $$",
        f"CREATE TRIGGER {lock.name} BEFORE {lock.event} ON {lock.table} FOR EACH ROW EXECUTE FUNCTION {lock.name}()",
    ]
