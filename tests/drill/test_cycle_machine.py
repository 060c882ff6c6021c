"""T-24 at full length: 500 walks of 50 moves."""

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.cycle.machine import Year


@pytest.mark.django_db
def test_no_order_of_moves_gets_a_budget_out_of_order():
    full = settings(max_examples=500, stateful_step_count=50, deadline=None, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(Year, settings=full)
