"""Imports ended at each of their writes, by the kernel, the disk or the database: all or nothing is left (T-07)."""

import os
import signal

import pytest
from django.db import OperationalError, connection, connections

from budget.importing import files, guard, uploads
from budget.models import Upload
from records import history
from tests.factories import make_budget, make_user
from tests.importing import crashes

pytestmark = pytest.mark.django_db(transaction=True)
MOST_WRITES = 40


@pytest.fixture
def own():
    budget = make_budget()
    return budget, make_user("clerk", budget.unit)


def sent(budget, clerk, first: int = 1) -> Upload:
    return uploads.examine(uploads.receive("明细.xlsx", crashes.file_of(first), budget, by=clerk))


def killed_at(upload: Upload, clerk, work, write: int) -> bool:
    """Fork, import there, and end by SIGKILL when the write of that number was done; whether it came to that."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        guard.read = files.read  # the server of readers is the parent's
        done = [0]

        def count(run, sql, *rest):
            result = run(sql, *rest)
            done[0] += sql.startswith(crashes.WRITES)
            if done[0] == write:
                os.kill(os.getpid(), signal.SIGKILL)
            return result

        try:
            with connection.execute_wrapper(count):
                work(upload, clerk)
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def left_by_kills(budget, clerk, work) -> list[str]:
    """What each kill leaves, at the first write, the second, and so on to the last."""
    found = []
    upload, before = sent(budget, clerk), crashes.content(budget)
    for write in range(1, MOST_WRITES):
        if not killed_at(upload, clerk, work, write):
            break
        now = crashes.content(budget)
        found.append("none" if now == before else "all" if now == crashes.wanted(1) else "half")
        if now != before:
            break
    return found


def test_a_kill_at_whichever_write_leaves_nothing_and_the_file_can_be_confirmed_again(own):
    budget, clerk = own
    found = left_by_kills(budget, clerk, crashes.confirm)
    assert len(found) > 3 and set(found) == {"none"}
    assert crashes.content(budget) == crashes.wanted(1), "the last one was not killed"
    budget.refresh_from_db()
    assert history.broken(budget.chain) is None


def test_an_import_in_pieces_leaves_halves(own):
    """The negative control."""
    assert "half" in left_by_kills(*own, crashes.confirm_in_pieces)


def test_a_connection_that_the_database_ends_leaves_nothing(own):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no connections to end")
    budget, clerk = own
    upload, before = sent(budget, clerk), crashes.content(budget)
    other = connections.create_connection("default")

    def end(run, sql, *rest):
        result = run(sql, *rest)
        if sql.startswith("INSERT"):
            with other.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(%s)", [connection.connection.info.backend_pid])
        return result

    with pytest.raises(OperationalError), connection.execute_wrapper(end):
        crashes.confirm(upload, clerk)
    other.close()
    connection.close()
    assert crashes.content(budget) == before
    upload.refresh_from_db()
    crashes.confirm(upload, clerk)
    assert crashes.content(budget) == crashes.wanted(1)


def test_a_full_disk_leaves_nothing(own):
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL has no limit of pages")
    budget, clerk = own
    upload, before = sent(budget, clerk), crashes.content(budget)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")  # pages that earlier tests gave back would be used up first
        pages = cursor.execute("PRAGMA page_count").fetchone()[0]
        cursor.execute(f"PRAGMA max_page_count = {pages + 5}")
        try:
            with pytest.raises(OperationalError, match="full"):
                crashes.confirm(upload, clerk)
        finally:
            cursor.execute("PRAGMA max_page_count = 1073741823")
    assert crashes.content(budget) == before
    upload.refresh_from_db()
    assert upload.state == "ready"
    crashes.confirm(upload, clerk)
    assert crashes.content(budget) == crashes.wanted(1)
