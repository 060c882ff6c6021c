"""Rows by the ten thousand into a table, in one statement, without a model object for each."""

import json
from collections.abc import Mapping, Sequence

from django.db import connection, models


def insert(model: type[models.Model], columns: Mapping[str, Sequence]) -> None:
    """Insert rows given by column (attribute name → a value for each row), as `bulk_create` stores them.

    Ids are the database's; nobody is told of them. Raises what the database raises.
    """
    fields = [model._meta.get_field(name) for name in columns]
    values = [_prepared(field, column) for field, column in zip(fields, columns.values(), strict=True)]
    if not values[0]:
        return
    quote = connection.ops.quote_name
    into = f"INSERT INTO {quote(model._meta.db_table)} ({', '.join(quote(field.column) for field in fields)})"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # a list a column: a placeholder for every value would take longer to plan than to insert
            lists = ", ".join(f"%s::{field.db_type(connection).split('(')[0]}[]" for field in fields)
            cursor.execute(f"{into} SELECT * FROM unnest({lists})", values)
        else:
            places = ", ".join(["%s"] * len(fields))
            cursor.executemany(f"{into} VALUES ({places})", zip(*values, strict=True))


def _prepared(field: models.Field, values: Sequence) -> list:
    """The values as the column stores them; what repeats is prepared once."""
    if isinstance(field, models.JSONField):
        return [None if value is None else json.dumps(value, cls=field.encoder) for value in values]
    known = {value: field.get_db_prep_save(value, connection) for value in set(values)}
    return [known[value] for value in values]
