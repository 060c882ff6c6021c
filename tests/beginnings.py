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
_codes: dict[type[models.Model], list[tuple]] = {}  # of an edition that was loaded beside another


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
        return _another_edition(year)
    tables = _names((Edition, *MODELS.values(), EconomicPair))
    _again(("edition", year), lambda: load_edition(year, DATA / "2024"), list(tables))
    return Edition.objects.get()


def _another_edition(year: int) -> Edition:
    """Beside those that are there: the rows have ids of their own."""
    if not _codes or Edition.objects.filter(year=year).exists():
        loaded = load_edition(year, DATA / "2024").edition
        for model in (*MODELS.values(), EconomicPair):
            names = [field.attname for field in model._meta.concrete_fields]
            _codes[model] = list(model.objects.filter(edition=loaded).order_by("pk").values_list(*names))
        _codes[Edition] = [(loaded.name.replace(str(year), "{}"), loaded.source)]
        return loaded
    name, source = _codes[Edition][0]
    new = Edition.objects.create(year=year, name=name.format(year), source=source)
    ids: dict[type[models.Model], dict[int, int]] = {Edition: {}}
    for model in (*MODELS.values(), EconomicPair):
        fields, rows = model._meta.concrete_fields, _codes[model]
        ids[model] = dict(zip([row[0] for row in rows], _next_ids(model, len(rows)), strict=True))
        mapped = [_new_id(field, ids, new) for field in fields]
        _insert(
            model, [[value if at is None else at(value) for at, value in zip(mapped, row, strict=True)] for row in rows]
        )
    return new


def _new_id(field, ids, edition: Edition) -> Callable[[int | None], int | None] | None:
    """What a value of the field becomes, where it names a row."""
    if field.related_model is Edition:
        return lambda _: edition.pk
    if field.primary_key or field.is_relation:
        return ids[field.model if field.primary_key else field.related_model].get
    return None


def _next_ids(model: type[models.Model], count: int) -> list[int]:
    if connection.vendor != "postgresql":
        last = model.objects.aggregate(last=models.Max("pk"))["last"] or 0
        return list(range(last + 1, last + 1 + count))
    with connection.cursor() as cursor:
        sequence = f"pg_get_serial_sequence('\"{model._meta.db_table}\"', '{model._meta.pk.column}')"
        cursor.execute(f"SELECT nextval({sequence}) FROM generate_series(1, %s)", [count])
        return [row[0] for row in cursor.fetchall()]


def _insert(model: type[models.Model], rows: list[list]) -> None:
    columns = [f'"{field.column}"' for field in model._meta.concrete_fields]
    values = ", ".join(["%s"] * len(columns))
    with connection.cursor() as cursor:
        cursor.executemany(f'INSERT INTO "{model._meta.db_table}" ({", ".join(columns)}) VALUES ({values})', rows)


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
