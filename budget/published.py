"""Whether a budget is published, as pages of the budget say it; the app that publishes answers."""

from collections.abc import Callable
from typing import NamedTuple

from organisation.models import Unit

from .models import Campaign


class Standing(NamedTuple):
    """未公开, 已公开, 已更正 in words, how long there is still, and the page about it."""

    words: str
    clock: str = ""
    url: str = ""
    is_late: bool = False
    is_soon: bool = False


_answers: list[Callable[[Unit, Campaign], Standing | None]] = []


def answers(tell: Callable[[Unit, Campaign], Standing | None]):
    """Decorator: the function that says how an organisation's year stands."""
    _answers.append(tell)
    return tell


def standing_of(organisation: Unit, campaign: Campaign) -> Standing | None:
    """How it stands; None where nothing is to be published yet."""
    return next((found for tell in _answers if (found := tell(organisation, campaign))), None)
