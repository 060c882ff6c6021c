"""Many damaged files through the upload view, and what must hold of every one (T-01)."""

import re
import time
from collections import Counter
from pathlib import Path

from django.db import transaction

from budget.models import Budget, Item, Line, Upload
from records.models import ChangeRecord
from tests.importing.mutations import mutated, originals

CHINESE = re.compile(r"[\u4e00-\u9fff]")
LONGEST = 20


def stored() -> tuple:
    """What an import may write, as it is now."""
    rows = (tuple(model.objects.order_by("pk").values_list()) for model in (Budget, Item, Line))
    return *rows, ChangeRecord.objects.count()


def send_all(pages, seeds, keep: Path) -> tuple[Counter, list[str]]:
    """Send the file of every seed; how they ended, and what went wrong with which (its file is kept)."""
    found, wrong, ended = originals(), [], Counter()
    before = stored()
    pages.client.raise_request_exception = False
    for seed in seeds:
        content = mutated(seed, found)
        start = time.monotonic()
        problem = _send(pages, content, before, ended)
        if time.monotonic() - start > LONGEST:
            problem = f"{problem} took {time.monotonic() - start:.1f} s"
        if problem:
            keep.mkdir(parents=True, exist_ok=True)
            (keep / f"{seed}.xlsx").write_bytes(content)
            wrong.append(f"{seed}: {problem}")
        Upload.objects.all().delete()
    return ended, wrong


def _send(pages, content: bytes, before: tuple, ended: Counter) -> str:
    with transaction.atomic():
        response = pages.send(content)
        upload = Upload.objects.order_by("pk").last()
        problem = ""
        if response.status_code not in (200, 422):
            problem = f"status {response.status_code}"
        elif upload is None:
            ended["not taken"] += 1
        elif upload.state == "refused":
            ended["refused" if upload.report["errors"][0][0] == 0 else "errors at cells"] += 1
            if not all(CHINESE.search(error[3]) for error in upload.report["errors"]):
                problem = f"no Chinese: {upload.report['errors']}"
        elif upload.state == "ready":
            ended["harmless" if not upload.has_changes else "other content"] += 1
            problem = _written_whole(pages, upload)
        else:
            problem = f"state {upload.state}"
        if upload is not None and upload.file:
            upload.file.delete(save=False)
        transaction.set_rollback(True)
    if stored() != before:
        problem += " something was written"
    return problem


def _written_whole(pages, upload: Upload) -> str:
    """What is read may be confirmed: then it is written to the 分, or not at all."""
    if not upload.has_changes:
        return ""
    status = pages.answer(upload, "confirm").status_code
    if status != 200:
        return f"not confirmed: {status}"
    total = sum(Line.objects.of(pages.budget).values_list("amount", flat=True))
    return "" if int(total * 100) == upload.report["diff"]["after"] else f"half written: {total}"
