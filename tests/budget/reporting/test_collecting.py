"""Bulk work leaves the collector of rubbish alone, and gives it back however it ends."""

import gc

import pytest

from budget.reporting.collecting import BULK, without_collecting


@pytest.mark.parametrize(("count", "is_on"), [(None, False), (BULK + 1, False), (BULK, True), (0, True)])
def test_only_work_on_many_goes_without(count, is_on):
    with without_collecting(count):
        assert gc.isenabled() is is_on
    assert gc.isenabled()


def test_it_is_given_back_after_an_error_and_not_by_what_is_within():
    with pytest.raises(ValueError, match="halfway"), without_collecting():
        with without_collecting(0), without_collecting():
            pass
        assert not gc.isenabled()
        raise ValueError("halfway")
    assert gc.isenabled()
