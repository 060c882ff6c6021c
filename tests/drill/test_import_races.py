"""T-08 and T-11 in full: a hundred double confirmations; an import while twenty people edit."""

from collections import Counter

import pytest

from budget.importing import uploads
from budget.models import Budget
from tests.factories import make_budget, make_user
from tests.importing.crashes import file_of
from tests.importing.races import applied, at_once, edit, imports_on_something_unseen, send_and_confirm
from tests.importing.test_races import press

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_hundred_double_clicks_write_once_each():
    budget = make_budget()
    clerk = make_user("clerk", budget.unit)
    for number in range(100):
        now = Budget.objects.get(pk=budget.pk)
        upload = uploads.examine(uploads.receive("明细.xlsx", file_of(number + 1), now, by=clerk))
        assert at_once(*[press(budget, clerk, upload)] * 2) == [200, 200]
        assert applied(budget) == number + 1
    print("\nT-08: 100 double confirmations, each written once")


def test_an_import_while_twenty_people_edit():
    budget, done = make_budget(), Counter()
    clerk = make_user("clerk", budget.unit)
    results = at_once(
        *(lambda at=at: edit(budget, at, 20, done) for at in range(20)),
        lambda: send_and_confirm(budget, clerk, file_of(1), done, 15),
        lambda: send_and_confirm(budget, clerk, file_of(2), done, 15),
    )
    print(f"\nT-11: {dict(done)}")
    assert results == [None] * 22
    assert imports_on_something_unseen(budget) == []
