"""T-24, lean; at full length in tests/drill."""

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.cycle.machine import Year


@pytest.mark.django_db
def test_no_order_of_moves_gets_a_budget_out_of_order():
    lean = settings(max_examples=6, stateful_step_count=15, deadline=None, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(Year, settings=lean)
