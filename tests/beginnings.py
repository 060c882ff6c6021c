"""What many tests begin with, put in again row for row: loaded once a process, then told to the database as it was.

Loading the classification or the demonstration takes a fifth of a second, and a thousand tests do it. The first to ask
really loads; what then lies in the tables is kept, and those who ask for it with an empty database are given the same.
"""

from collections.abc import Callable
from functools import cache

from django.apps import apps
from django.db import connection, models

from budget.classifications import DATA, MODELS, load_edition
from budget.models import Budget, EconomicPair, Edition
from organisation.models import Unit, User
from publication import demo
from records.models import ChangeRecord

OURS = ("organisation", "records", "budget", "projects", "performance", "publication")
_kept: dict[object, list[tuple[str, object]]] = {}  # what was loaded → (table, its rows), parents first


def demonstration(*, with_people: bool = True) -> Budget:
    """As `demo.load`."""
    is_empty = not any(model.objects.exists() for model in (Edition, Unit, User, ChangeRecord))
    if not is_empty:
        return demo.load(with_people=with_people)
    _again(("demo", with_people), lambda: demo.load(with_people=with_people), _tables())
    return Budget.objects.get()


def edition(year: int) -> Edition:
    """The classification of 2024 as edition of a year."""
    if Edition.objects.exists():
        return load_edition(year, DATA / "2024").edition
    tables = _names((Edition, *MODELS.values(), EconomicPair))
    _again(("edition", year), lambda: load_edition(year, DATA / "2024"), list(tables))
    return Edition.objects.get()


def _again(key: object, load: Callable[[], object], tables: list[str]) -> None:
    if key in _kept:
        for table, rows in _kept[key]:
            _put(table, rows)
    else:
        load()
        _kept[key] = [(table, rows) for table in tables if (rows := _taken(table))]


def _taken(table: str):
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f'COPY "{table}" TO STDOUT') as copy:
                return b"".join(copy)
        names = [column.name for column in connection.introspection.get_table_description(cursor, table)]
        values = " || ',' || ".join(f'quote("{name}")' for name in names)
        cursor.execute(f"SELECT '(' || {values} || ')' FROM \"{table}\" ORDER BY rowid")
        return ",".join(row[0] for row in cursor.fetchall())


def _put(table: str, rows) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f'COPY "{table}" FROM STDIN') as copy:
                copy.write(rows)
        else:
            cursor.execute(f'INSERT INTO "{table}" VALUES {rows}')


@cache
def _tables() -> list[str]:
    """Our tables, each after those its rows point to."""
    ordered: dict[type[models.Model], None] = {}

    def place(model):
        if model in ordered:
            return
        for field in model._meta.concrete_fields:
            if field.is_relation and field.related_model is not model and field.related_model._meta.app_label in OURS:
                place(field.related_model)
        ordered[model] = None

    for model in apps.get_models(include_auto_created=True):
        if model._meta.app_label in OURS and model._meta.managed and not model._meta.proxy:
            place(model)
    return list(_names(ordered))


def _names(found) -> dict[str, None]:
    return dict.fromkeys(model._meta.db_table for model in found)
