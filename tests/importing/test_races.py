"""The same import twice at once is written once; an import never goes over what its sender has not seen."""

import threading
from collections import Counter

import pytest
from django.test import Client

from budget.importing import uploads
from budget.models import Budget, Line
from tests.budget.importing.workbooks import workbook
from tests.factories import make_budget
from tests.importing.pages import HEAD, ROWS, Pages
from tests.importing.races import applied, at_once, edit, imports_on_something_unseen, send_and_confirm

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def budget(transactional_db):
    return make_budget()


def press(budget, clerk, upload):
    """Somebody presses the button, on a connection of their own."""

    def work():
        client = Client()
        client.force_login(clerk)
        return Pages(client, budget).answer(upload, "confirm").status_code

    return work


@pytest.mark.parametrize("round_", range(3))
def test_a_double_click_writes_once(budget, clerk, round_):
    upload = uploads.examine(uploads.receive("明细.xlsx", workbook([HEAD, *ROWS]), budget, by=clerk))
    assert at_once(*[press(budget, clerk, upload)] * 2) == [200, 200]
    assert (applied(budget), Line.objects.count(), Budget.objects.get().version) == (1, 4, 2)


def test_two_uploads_of_one_file_are_written_once(budget, clerk):
    content = workbook([HEAD, *ROWS])
    both = [uploads.examine(uploads.receive("明细.xlsx", content, budget, by=clerk)) for _ in range(2)]
    assert sorted(at_once(*(press(budget, clerk, upload) for upload in both))) == [200, 409]
    assert (applied(budget), Line.objects.count()) == (1, 4)


def test_an_import_among_people_who_edit_goes_over_nothing_unseen(budget, clerk):
    done = Counter()
    contents = [workbook([HEAD, *ROWS[: 2 + at]]) for at in range(2)]
    at_once(
        *(lambda at=at: edit(budget, at, 4, done) for at in range(4)),
        *(lambda content=content: send_and_confirm(budget, clerk, content, done, 4) for content in contents),
    )
    assert done["imports"] + done["stale"] == 8
    assert done["edits"] > 0
    assert imports_on_something_unseen(budget) == []


def test_without_the_version_an_import_would_go_over_what_nobody_saw(budget, clerk, monkeypatch):
    """The negative control: the same check, on an import that does not ask whether the draft has moved."""
    upload = uploads.examine(uploads.receive("明细.xlsx", workbook([HEAD, *ROWS]), budget, by=clerk))
    edit(budget, 1, 1, Counter())
    monkeypatch.setattr(uploads, "budget_of", lambda upload, real=uploads.budget_of: _blind(real(upload), upload))
    write = uploads.writing.write
    monkeypatch.setattr(uploads.writing, "write", lambda *given, seen, **how: write(*given, **how))
    uploads.confirm(upload, seen=upload.seen, by=clerk)
    assert imports_on_something_unseen(budget) == [upload.seen]


def _blind(budget, upload):
    budget.version = upload.seen
    return budget


def test_a_race_is_a_race():
    """The threads of `at_once` really meet."""
    met = threading.Barrier(3, timeout=20)
    assert len(set(at_once(*[met.wait] * 3))) == 3
