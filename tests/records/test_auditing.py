"""T-45, lean; a thousand operations in tests/drill."""

import pytest

from budget.models import Line
from records import access, history
from tests.records.auditing import Office

pytestmark = pytest.mark.django_db


def test_every_change_is_in_the_history_and_every_refusal_in_the_log(capsys):
    office = Office(45)
    wrong = office.work(2 * len(Office.OPERATIONS))
    assert wrong == [], "\n".join(wrong)
    changed = {name for name, has_changed in office.done if has_changed}
    names = {one.__name__ for one in Office.OPERATIONS}
    silent = {"asks_for_what_is_not_theirs", "guesses_a_password", "takes_a_file", "prints", "changes_the_password"}
    assert changed == names - silent, office.done


def test_a_change_beside_the_writer_is_found():
    """A negative control: a row that is changed without the writer is told by nobody."""
    office = Office(1)

    def beside(self):
        Line.objects.update(amount=1)
        return "grid", "clerk"

    office.do(beside)
    assert len(office.wrong) == 2 and all("is not told" in one for one in office.wrong)


def test_a_record_that_is_left_out_is_found(monkeypatch):
    """A negative control: a history that forgets the last record of an operation, a log that forgets refusals."""
    office = Office(2)
    whole, keep = history.append, access.keep
    monkeypatch.setattr(history, "append", lambda chain, told, **how: whole(chain, list(told)[:-1], **how))
    monkeypatch.setattr(access, "keep", lambda event, **how: keep(event, **how) if event != "refused" else None)
    office.do(Office.adds_in_the_grid)
    assert any("is not told" in one for one in office.wrong)
    office.wrong.clear()
    office.do(Office.asks_for_what_is_not_theirs)
    assert any("the log says" in one for one in office.wrong)
