"""Imports killed at random moments: where they were, and what they left (T-07)."""

import os
import random
import signal
import time
from collections import Counter
from decimal import Decimal

from django.db import connection, connections

from budget import writing
from budget.importing import files, guard, lines, uploads
from budget.models import Budget, Line, Upload
from records import history
from tests.budget.importing.workbooks import workbook
from tests.importing.pages import HEAD

LINES = 300
BEFORE, WITHIN, AFTER = "before the transaction", "in mid-transaction", "after the commit"
WRITES = ("INSERT", "UPDATE", "DELETE")


def file_of(first: int) -> bytes:
    """LINES lines that share no amount with those of another `first`, a third of them no item either."""
    rows = []
    for at in range(LINES):
        name = f"项目{at}" if at % 3 else f"项目{first}-{at}"
        rows.append(["公用经费", name, None, "2060101", "30201", "50201", "一般公共预算", first + at])
    return workbook([HEAD, *rows])


def content(budget: Budget) -> frozenset:
    return frozenset(Line.objects.of(budget).values_list("item__name", "amount"))


def wanted(first: int) -> frozenset:
    return frozenset(
        (f"项目{at}" if at % 3 else f"项目{first}-{at}", Decimal(first + at) * 10_000) for at in range(LINES)
    )


def confirm(upload: Upload, clerk) -> None:
    uploads.confirm(upload, seen=upload.seen, by=clerk)


def confirm_in_pieces(upload: Upload, clerk) -> None:
    """The negative control: an import that commits every fifty lines."""
    budget = uploads.budget_of(upload)
    reading = lines.read(uploads.content_of(upload), upload.name, budget)
    changes = lines.changes(reading.desired, budget)
    own = [change for change in changes if not isinstance(getattr(change, "row", None), Line)]
    writing.write(budget, own, by=clerk, via="import")
    rest = [change for change in changes if change not in own]
    for at in range(0, len(rest), 50):
        writing.write(budget, rest[at : at + 50], by=clerk, via="import")


def seconds_of_writing(upload: Upload, clerk, work) -> float:
    """How long the import takes from its first write to its end, when nobody kills it."""
    begun = []
    with connection.execute_wrapper(lambda run, sql, *rest: _noted(begun, sql) or run(sql, *rest)):
        work(upload, clerk)
    return time.monotonic() - begun[0]


def _noted(begun: list[float], sql: str) -> None:
    if sql.startswith(WRITES):
        begun.append(time.monotonic())


def killed(upload: Upload, clerk, work, pick: random.Random, longest: float) -> str:
    """Fork, let the child import, kill it; where it was. Three in four are killed once it has begun to write."""
    connections.close_all()
    told, tell = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(told)
        guard.read = files.read  # the server of readers is the parent's, which does not survive a fork
        try:
            with connection.execute_wrapper(lambda run, sql, *rest: _said(tell, sql) or run(sql, *rest)):
                work(upload, clerk)
            os.write(tell, b"C")
            time.sleep(5)
        finally:
            os._exit(0)
    os.close(tell)
    waits = pick.random() < 0.75
    with os.fdopen(told, "rb", buffering=0) as said:
        first = said.read(1) if waits else b""
        time.sleep(pick.random() * longest * (1 if waits else 2))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        marks = first + said.read()
    if b"C" in marks:
        return AFTER
    return WITHIN if b"W" in marks else BEFORE


def wait_for_the_last_word() -> None:
    """PostgreSQL may still be doing what a killed client asked for last, a commit too: wait until it has let go."""
    if connection.vendor != "postgresql":
        return
    others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    for _ in range(600):
        with connection.cursor() as cursor:
            cursor.execute(f"{others} AND backend_type = 'client backend'")
            if cursor.fetchone() == (0,):
                return
        time.sleep(0.05)
    raise AssertionError("somebody is still connected")


def _said(tell: int, sql: str) -> None:
    if sql.startswith(WRITES):
        os.write(tell, b"W")


def campaign(budget: Budget, clerk, count: int, work=confirm) -> tuple[Counter, Counter]:
    """Kill `count` imports; where they were, and what was found: none, all, half (with what else is amiss)."""
    pick = random.Random(7)
    places, outcomes = Counter(), Counter()
    longest = seconds_of_writing(_sent(budget, clerk, 1), clerk, work)
    for number in range(1, count + 1):
        first = 1 + number * 1_000
        upload = _sent(budget, clerk, first)
        before = content(budget)
        place = killed(upload, clerk, work, pick, longest)
        places[place] += 1
        wait_for_the_last_word()
        outcomes[_outcome(budget, upload, before, wanted(first), place)] += 1
    return places, outcomes


def _sent(budget: Budget, clerk, first: int) -> Upload:
    upload = uploads.examine(uploads.receive("明细.xlsx", file_of(first), budget, by=clerk))
    assert upload.state == "ready", upload.report
    return upload


def _outcome(budget: Budget, upload: Upload, before: frozenset, after: frozenset, place: str) -> str:
    upload.refresh_from_db()
    budget.refresh_from_db()
    now = content(budget)
    if now not in (before, after):
        return "half"
    is_written = now == after
    if (upload.state == "applied") != is_written or (place == AFTER and not is_written):
        return "acknowledged but lost"
    if history.broken(budget.chain) is not None:
        return "history broken"
    return "all" if is_written else "none"
