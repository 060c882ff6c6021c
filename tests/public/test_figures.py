"""T-14: every figure of the public HTML, the CSV and the JSON is worked out again from the lines."""

from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from budget.books import select
from budget.models import Line
from organisation.models import Unit
from publication.frozen import Frozen, frozen_of
from publication.open_data import csv_zip, json_bytes
from publication.public.drawing import draw_edition
from publication.public.edition import draft_of
from publication.public.pages import addresses, page_of
from publication.public.summary import hundredths
from tests import beginnings
from tests.plain_books import budgets, reference
from tests.public.as_read import differences
from tests.stored_books import store

pytestmark = pytest.mark.django_db


def everything(organisation) -> tuple[dict[str, bytes], bytes, bytes]:
    """Every page, the archive of the data and the JSON of what would be published, by way of what is kept."""
    frozen = Frozen.from_json(frozen_of(select(organisation, 2024)).to_json())
    edition = draft_of(frozen)
    pages = {at: draw_edition(edition, page_of(edition, at), "566/2024/", at) for at in addresses(edition)}
    return pages, csv_zip(frozen), json_bytes(frozen)


def test_every_figure_of_the_reference():
    beginnings.demonstration(with_people=False)
    assert differences(reference(), *everything(Unit.objects.get(code="566"))) == []


@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(plain=budgets(fitting=True))
def test_every_figure_of_random_departments(plain):
    """A few; two hundred in tests/drill."""
    with transaction.atomic():
        assert differences(plain, *everything(store(plain))) == []
        transaction.set_rollback(True)


def test_one_changed_amount_is_found_everywhere():
    """The negative control: the lines say something else than what is published."""
    beginnings.demonstration(with_people=False)
    line = Line.objects.filter(economic__code="30201").first()
    Line.objects.filter(pk=line.pk).update(amount=line.amount + 100)
    found = differences(reference(), *everything(Unit.objects.get(code="566")))
    assert {one.split()[0] for one in found} >= {"html", "csv", "json", "spending.csv:", "summary"}


@given(st.lists(st.integers(0, 10**12), min_size=1, max_size=40))
def test_the_parts_of_a_hundred_are_a_hundred(amounts):
    shares = hundredths(amounts)
    whole = sum(amounts)
    assert sum(shares) == (10_000 if whole else 0)
    for amount, share in zip(amounts, shares, strict=True):
        assert not whole or abs(Decimal(amount) * 10_000 / whole - share) < 1
