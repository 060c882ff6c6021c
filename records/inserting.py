"""Rows by the ten thousand into a table, in one statement, without a model object for each."""

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import chain
from uuid import UUID

from django.db import connection, models

# By the column's type, values that the database is given as they are; asking the field about each costs more than it.
AS_THEY_ARE = {
    "CharField": {str},
    "BooleanField": {bool},
    "ForeignKey": {int, type(None)},
    "PositiveIntegerField": {int},
    "PositiveBigIntegerField": {int},
}
UNQUOTED = {int, bool, UUID, Decimal, type(None)}
APART = "\x1f"  # no text that is typed has it
PLACEHOLDERS = 9999  # of a statement, by what every SQLite allows


class Encoded(str):
    """JSON that is text already."""


def insert(model: type[models.Model], columns: Mapping[str, Sequence]) -> None:
    """Insert rows given by column (attribute name → a value for each row), as `bulk_create` stores them.

    Ids are the database's; nobody is told of them. Raises what the database raises.
    """
    fields = [model._meta.get_field(name) for name in columns]
    if not all(columns.values()):
        return
    values = [_prepared(field, column) for field, column in zip(fields, columns.values(), strict=True)]
    quote = connection.ops.quote_name
    into = f"INSERT INTO {quote(model._meta.db_table)} ({', '.join(quote(field.column) for field in fields)})"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            _by_column(cursor, into, fields, values)
        else:
            _by_row(cursor, into, len(fields), values)


def _by_column(cursor, into: str, fields: Sequence[models.Field], values: Sequence[list]) -> None:
    """A parameter a column: a placeholder for every value would take longer to plan than to insert.

    What every row says is said once.
    """
    told, same, names, lists, given = [], [], ["at_row"], ["generate_series(1, %s)"], [len(values[0])]
    for at, (field, column) in enumerate(zip(fields, values, strict=True)):
        kind = field.db_type(connection).split("(")[0]
        if column.count(column[0]) == len(column):
            told.append(f"%s::{kind}")
            same.append(str(column[0]) if type(column[0]) is Encoded else column[0])
            continue
        told.append(f"c{at}")
        names.append(f"c{at}")
        if _is_json(field):  # one text, in which nothing is escaped a second time
            told[-1] = f"NULLIF(c{at}, 'null')"
            lists.append("jsonb_array_elements(%s::jsonb)")
            given.append(f"[{','.join(text or 'null' for text in column)}]")
        elif (text := _joined(column)) is not None:
            lists.append(f"unnest(string_to_array(%s, E'\\x1f')::{kind}[])")
            given.append(text)
        else:
            lists.append(f"unnest(%s::{kind}[])")
            given.append(_array(column))
    rows = f"ROWS FROM ({', '.join(lists)}) AS t({', '.join(names)})"
    cursor.execute(f"{into} SELECT {', '.join(told)} FROM {rows}", same + given)


def _joined(values: list) -> str | None:
    """Texts as one, which takes no quotes; None where there is anything else among them."""
    if set(map(type, values)) != {str}:
        return None
    text = APART.join(values)
    return text if text.count(APART) == len(values) - 1 else None


def _array(values: list) -> str | list:
    """An array in PostgreSQL's words where nothing in it needs quotes; psycopg looks at every value."""
    if set(map(type, values)) <= UNQUOTED:
        return f"{{{','.join('NULL' if value is None else str(value) for value in values)}}}"
    return values


def _by_row(cursor, into: str, width: int, values: Sequence[list]) -> None:
    """Many rows a statement: whatever has triggers is made ready to be undone at each."""
    rows = list(zip(*values, strict=True))
    together = max(1, PLACEHOLDERS // width)
    whole = len(rows) - len(rows) % together
    places = f"({', '.join(['%s'] * width)})"
    for first, last, of in ((0, whole, together), (whole, len(rows), len(rows) - whole)):
        if first < last:
            told = (chain.from_iterable(rows[at : at + of]) for at in range(first, last, of))
            cursor.executemany(f"{into} VALUES {', '.join([places] * of)}", map(tuple, told))


def _is_json(field: models.Field) -> bool:
    return isinstance(field, models.JSONField)


def _prepared(field: models.Field, values: Sequence) -> list:
    """The values as the column stores them; what repeats is prepared once."""
    if _is_json(field):
        return [
            value if value is None or type(value) is Encoded else json.dumps(value, cls=field.encoder)
            for value in values
        ]
    kinds = set(map(type, values))
    if kinds <= AS_THEY_ARE.get(field.get_internal_type(), frozenset()):
        return list(values)
    if kinds == {UUID} and isinstance(field, models.UUIDField):
        return list(values) if connection.features.has_native_uuid_field else [value.hex for value in values]
    known = {value: field.get_db_prep_save(value, connection) for value in set(values)}
    return [known[value] for value in values]
