"""T-14 for the public: every figure of the HTML, the CSV and the JSON of random departments against plain lines."""

import os

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings

from tests.plain_books import budgets
from tests.public.as_read import differences
from tests.public.test_figures import everything
from tests.stored_books import store

DEPARTMENTS = int(os.environ.get("DEPARTMENTS", "200"))


@pytest.mark.django_db
@settings(max_examples=DEPARTMENTS, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(plain=budgets(fitting=True))
def test_every_public_figure_of_a_random_department(plain):
    with transaction.atomic():
        assert differences(plain, *everything(store(plain))) == []
        transaction.set_rollback(True)
