"""Imports at the same moment as each other, and as people who edit (T-08, T-11)."""

import threading
from collections import Counter

from django.db import connection

from budget import writing
from budget.importing import uploads
from budget.models import Budget, Category, Item
from records.models import ChangeRecord


def at_once(*works) -> list:
    """Run each in a thread of its own, begun together; what each gave back, or raised."""
    gate, results = threading.Barrier(len(works)), [None] * len(works)

    def run(at: int, work) -> None:
        gate.wait()
        try:
            results[at] = work()
        except Exception as error:
            results[at] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def applied(budget: Budget) -> int:
    """How many imports the history knows."""
    return ChangeRecord.objects.filter(chain=budget.chain, subject="budget.upload").count()


def edit(budget: Budget, number: int, times: int, done: Counter) -> None:
    """Somebody who adds items of their own, and takes what comes of it."""
    for at in range(times):
        item = Item(budget=budget, category=Category.OPERATING, name=f"编辑{number}-{at}", position=100 + at)
        try:
            writing.write(budget, [writing.Add(item)], by=None, via="form")
            done["edits"] += 1
        except (writing.Refused, writing.Conflicted):
            done["refused"] += 1


def send_and_confirm(budget: Budget, clerk, content: bytes, done: Counter, times: int = 5) -> None:
    """Somebody who imports, and looks again whenever the draft has moved."""
    for _ in range(times):
        upload = uploads.examine(uploads.receive("明细.xlsx", content, Budget.objects.get(pk=budget.pk), by=clerk))
        try:
            uploads.confirm(upload, seen=upload.seen, by=clerk)
            done["imports"] += 1
        except uploads.Stale:
            done["stale"] += 1


def imports_on_something_unseen(budget: Budget) -> list[int]:
    """Versions of imports between whose preview and writing somebody else wrote: each operation is one version."""
    order, unseen = [], []
    for row in ChangeRecord.objects.filter(chain=budget.chain).order_by("sequence"):
        if row.operation not in order:
            order.append(row.operation)
        if row.subject == "budget.upload":
            seen = budget.uploads.get(uid=row.subject_uid).seen
            if seen != len(order):  # versions begin at 1, before any operation
                unseen.append(seen)
    return unseen
