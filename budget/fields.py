"""One field class for money: the attribute is Decimal 元, the column integer 分. Sums are exact on every database."""

from decimal import Decimal, InvalidOperation

from django import forms
from django.core.exceptions import ValidationError
from django.db import models

from budget.reporting import money


class AmountField(models.BigIntegerField):
    """An amount in 元 with two decimals, stored as 分 in a column called `<name>_fen`."""

    description = "金额（元）"
    is_money = True  # who sees no amounts does not see it in the history either

    def contribute_to_class(self, cls, name, **kwargs):
        self.db_column = self.db_column or f"{name}_fen"
        super().contribute_to_class(cls, name, **kwargs)

    def from_db_value(self, value, expression, connection):
        return None if value is None else money.yuan(int(value))

    def to_python(self, value):
        if value is None or isinstance(value, Decimal):
            return value
        try:
            return Decimal(str(value))
        except InvalidOperation:
            raise ValidationError("“%(value)s”不是金额。", params={"value": value}) from None

    def get_prep_value(self, value):
        value = self.to_python(value)
        return None if value is None else money.fen(value)

    def value_to_string(self, obj):
        return str(self.value_from_object(obj))

    @property
    def validators(self):
        return [*self._validators, _storable]

    def formfield(self, **kwargs):
        kwargs.pop("min_value", None)
        kwargs = {"form_class": forms.DecimalField, "decimal_places": 2, "max_digits": 15, **kwargs}
        return models.Field.formfield(self, **kwargs)


def _storable(value):
    try:
        amount = money.fen(value)
    except ValueError as error:
        raise ValidationError(str(error)) from None
    if abs(amount) >= money.LIMIT_FEN:
        raise ValidationError("金额须小于10万亿元。")
