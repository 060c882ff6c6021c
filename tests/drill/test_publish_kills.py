"""T-17: a hundred publications at once, killed with SIGKILL in the middle. KILLS says how many."""

import os
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from publication import files, publishing
from publication.models import Publication
from tests.cycle.world import make_filled
from tests.publish.kills import campaign, outcome, seconds_of
from tests.publish.world import Office, approve, quick

pytestmark = pytest.mark.django_db(transaction=True)
COUNT = int(os.environ.get("KILLS", 100))


def offices(count: int) -> list[Office]:
    found = []
    for number in range(1, count + 1):
        office = Office(approve(make_filled(f"{100 + number}001")).unit.code)
        office.review()
        found.append(office)
    return found


def test_no_killed_publication_gives_out_half_of_itself():
    measured, *rest = offices(COUNT + 1)
    seconds = seconds_of(measured)
    assert outcome(measured.code) == "whole"
    found = campaign(rest, longest=seconds * 6)
    left = {name for name in os.listdir(os.path.join(settings.MEDIA_ROOT, files.FOLDER)) if name.startswith(".")}
    print(f"\nT-17 ({connection.vendor}): {COUNT} killed, {dict(found)}, {len(left)} half folders that nothing names")
    assert set(found) <= {"none", "whole"} and found["none"]
    kept = {uid.hex for uid in Publication.objects.values_list("uid", flat=True)}
    files.sweep(kept, timezone.now() + timedelta(hours=1))
    for office in [office for office in rest if outcome(office.code) == "none"][:3]:
        seconds_of(office)
        assert outcome(office.code) == "whole"


def test_files_put_one_by_one_would_be_halves(monkeypatch):
    """The negative control: rows and files that are kept one by one, as they are made."""
    quick(monkeypatch)
    (office,) = offices(1)
    made = publishing._kept

    def in_pieces(*args):
        row = made(*args)
        (file,) = row.files.all()
        os.truncate(file.file.path, file.size // 2)
        return row

    monkeypatch.setattr(publishing, "_kept", in_pieces)
    office.publish()
    assert outcome(office.code) == "half"
