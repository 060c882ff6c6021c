"""Objects of models out of plain statements, for where the ORM takes longer to write a statement than it is worth."""

from collections.abc import Sequence
from functools import cached_property

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Model
from django.db.models.base import ModelState


class ModelColumns:
    """The columns of a model in a statement where its table is called `alias`, `after` those of another."""

    def __init__(self, model: type[Model], alias: str, after: "ModelColumns | None" = None):
        fields = model._meta.concrete_fields
        self.model = model
        self.text = ", ".join(f'{alias}."{field.column}"' for field in fields)
        self.names = [field.attname for field in fields]
        self.start = after.end if after else 0
        self.end = self.start + len(fields)

    @cached_property
    def _converters(self) -> list[tuple]:
        """Place, column and function where the database or the field gives something else than objects have."""
        columns = [field.cached_col for field in self.model._meta.concrete_fields]
        return [
            (at, column, convert)
            for at, column in enumerate(columns)
            for convert in (*connection.ops.get_db_converters(column), *column.get_db_converters(connection))
        ]

    def value(self, row: Sequence, name: str):
        """A value of a row, as the database gave it."""
        return row[self.start + self.names.index(name)]

    def made(self, row: Sequence) -> Model:
        """The object that a row of the statement tells of."""
        values = list(row[self.start : self.end])
        for at, column, convert in self._converters:
            values[at] = convert(values[at], column, connection)
        made = object.__new__(self.model)  # as from_db does it, without sending signals that nobody receives
        made.__dict__.update(zip(self.names, values, strict=True), _state=ModelState())
        made._state.adding, made._state.db = False, DEFAULT_DB_ALIAS
        return made
