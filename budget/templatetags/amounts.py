"""Amounts as a person reads them on screen."""

from decimal import Decimal

from django import template

from budget.reporting import money

register = template.Library()


@register.filter
def amount(yuan: Decimal | None, unit: str) -> str:
    """元 → the unit of the person, thousands separated; nothing for nothing."""
    return money.printed(money.fen(yuan), unit, thousands=True) if yuan else ""
