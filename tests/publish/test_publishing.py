"""What stands there once it is published: files with their digests, history, notices; and nothing where it broke."""

import hashlib
import io
import os
import zipfile
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from publication import files, publishing
from publication.frozen import Frozen
from publication.models import Publication, PublishedFile
from publication.models.publications import FORMS
from records import history
from records.models import AccessRecord, ChangeRecord, Notice
from tests.publish.world import EXPLANATION, content_of, reword

pytestmark = pytest.mark.django_db


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def folders() -> list[str]:
    root = os.path.join(settings.MEDIA_ROOT, files.FOLDER)
    return sorted(os.listdir(root)) if os.path.isdir(root) else []


def test_a_version_has_every_file_of_one_state_and_what_proves_it(office):
    office.review()
    row = office.publish()
    kept = {file.form: content_of(file) for file in row.files.all()}
    assert set(kept) == set(FORMS)
    assert kept["pdf"].startswith(b"%PDF") and row.files.get(form="pdf").pages > 20
    for form in ("xlsx", "docx", "csv"):
        assert zipfile.ZipFile(io.BytesIO(kept[form])).testzip() is None
    assert {file.form: (file.size, file.digest) for file in row.files.all()} == {
        form: (len(content), digest(content)) for form, content in kept.items()
    }
    lines = [f"content {digest(row.content.encode())}", *sorted(f"{form} {digest(c)}" for form, c in kept.items())]
    assert row.digest == digest("\n".join(lines).encode())
    frozen = Frozen.from_json(row.content)
    assert (frozen.code, frozen.year, len(frozen.grids)) == ("566001", 2024, 15)
    assert [budget.unit.code for budget in row.budgets.all()] == ["566001"]
    assert publishing.faults(row) == []
    # who, when, what: in the history, in the access log, and told
    told = ChangeRecord.objects.filter(chain="publication:566001:2024").last()
    assert (told.by, told.after["number"], told.after["digest"]) == (row.published_by, 1, row.digest)
    assert history.broken("publication:566001:2024") is None
    assert row.digest in AccessRecord.objects.get(event="publish").path
    assert set(Notice.objects.filter(event=f"published:{row.uid.hex}").values_list("user__username", flat=True)) >= {
        "jingban",
        "shenhe",
        "zhuguan",
    }
    # the negative control of the proof: a file that is touched is found
    with open(row.files.get(form="json").file.path, "ab") as file:
        file.write(b" ")
    assert publishing.faults(row) == [f"{row}的文件“{row.files.get(form='json').name}”与摘要不符"]


def test_a_correction_leaves_the_old_version_as_it_was(office, quickly):
    office.review()
    before = len(folders())
    first = office.publish()
    reword(office.selection.campaign)
    office.review()
    second = office.publish(2)
    assert (second.number, second.explanation) == (2, EXPLANATION)
    assert list(Publication.objects.current()) == [second]
    first.refresh_from_db()
    assert publishing.faults(first) == publishing.faults(second) == []
    assert first.digest != second.digest and len(folders()) == before + 2


class Killed(BaseException):
    """What no `except Exception` catches, as a process that is gone catches nothing."""


def fsyncs(at: int):
    """os.fsync that kills at the at-th call."""
    left, sync = [at], os.fsync

    def kill(handle):
        left[0] -= 1
        if left[0] < 0:
            raise Killed
        sync(handle)

    return kill


PLACES = {
    "in the first file": ("os.fsync", lambda: fsyncs(0)),
    "before the folder appears": ("os.fsync", lambda: fsyncs(1)),
    "when the folder has appeared": ("os.fsync", lambda: fsyncs(2)),
    "among the rows": ("publication.publishing._tell_history", lambda: _kill),
    "before the commit": ("records.access.keep", lambda: _kill),
}


def _kill(*args, **kwargs):
    raise Killed


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("cleans", [True, False], ids=["told to stop", "kill -9"])
def test_of_a_version_that_was_killed_nothing_is_published(office, quickly, monkeypatch, client, place, cleans):
    """T-17 in small: nothing half is ever to be downloaded; a new start publishes, and the rest is swept away."""
    office.review()
    before = folders()
    with monkeypatch.context() as broken:
        name, made = PLACES[place]
        broken.setattr(name, made())
        if not cleans:
            broken.setattr("shutil.rmtree", lambda *args, **kwargs: None)
        with pytest.raises(Killed):
            office.publish()
    assert not Publication.objects.exists() and not PublishedFile.objects.exists()
    assert not ChangeRecord.objects.filter(subject="publication.publication").exists()
    assert client.get("/public/566001/2024/files/json").status_code == 404
    left = set(folders()) - set(before)
    assert bool(left) is not cleans
    row = office.publish()
    assert publishing.faults(row) == []
    kept = {row.uid.hex, *before}
    assert files.sweep(kept, timezone.now() - timedelta(days=1)) == 0  # what may be being made stays
    assert files.sweep(kept, timezone.now() + timedelta(hours=1)) == len(left)
    assert set(folders()) == kept
    assert publishing.faults(row) == []
