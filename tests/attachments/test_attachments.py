"""依据文件: kept under a random name, given only to whoever sees the project, frozen with what was sent for review."""

import hashlib
import re
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from budget import attachments, cycle
from budget.invariants import INVARIANTS
from budget.models import Item
from budget.writing import Locked
from organisation.roles import Role
from records import history
from records.models import Attachment, ChangeRecord
from tests.attachments.test_types import HTML, SVG, TAKEN, names
from tests.cycle.world import People, explained, fresh, make_filled, make_steps, newest
from tests.factories import fingerprint, make_item, make_line, make_user

pytestmark = pytest.mark.django_db
CONTENT = b"%PDF-1.7 basis"


@pytest.fixture(autouse=True)
def folder(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def draft():
    budget = make_filled()
    make_steps(budget.campaign)
    make_line(make_item(budget, "科技项目", "3"), 500, function="2060499")
    return fresh(budget)


@pytest.fixture
def people(draft):
    return People(draft.unit)


def item_of(budget) -> Item:
    found = Item.objects.get(budget=budget, name="科技项目")
    found.budget = budget
    return found


def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def at(item: Item, rest: str = "") -> str:
    budget = item.budget
    return f"/{budget.unit.code}/{budget.campaign.year}/{budget.stage}/projects/{item.uid}/attachments/{rest}"


def send(client, item, content=CONTENT, name="批复.pdf"):
    return client.post(at(item), {"file": SimpleUploadedFile(name, content)})


def stored(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_file_is_kept_listed_given_and_told(draft, people, folder):
    item, clerk = item_of(draft), people[Role.CLERK]
    client = client_of(clerk)
    assert send(client, item).status_code == 302
    row = Attachment.objects.get()
    assert (row.name, row.size, row.content_type, row.by) == ("批复.pdf", len(CONTENT), "application/pdf", clerk)
    assert row.sha256 == hashlib.sha256(CONTENT).hexdigest()
    (path,) = stored(folder)
    assert re.fullmatch(r"attachments/\d{4}/[0-9a-f]{32}\.bin", path.relative_to(folder).as_posix())
    assert path.stat().st_mode & 0o777 == 0o600
    project = at(item).removesuffix("attachments/")
    for page in (at(item), project, f"{project}edit/"):
        text = client.get(page).content.decode()
        assert "批复.pdf" in text and "PDF" in text and str(clerk) in text and at(item, f"{row.uid}/") in text
    given = client.get(at(item, f"{row.uid}/"))
    assert given.getvalue() == CONTENT
    told = ChangeRecord.objects.get(subject="records.attachment")
    assert (told.action, told.by, told.before, told.after["sha256"]) == ("add", clerk, None, row.sha256)
    assert told.label == "科技项目：批复.pdf" and history.broken(draft.chain) is None
    assert list(INVARIANTS["文件都在，没有无主的文件"]()) == []
    path.unlink()
    assert client.get(at(item, f"{row.uid}/")).status_code == 404
    assert any("不见了" in one for one in INVARIANTS["文件都在，没有无主的文件"]())


def test_bad_names_neither_climb_nor_open_in_the_page(draft, people, folder, monkeypatch):
    """T-12: two hundred names; none leaves the folder, none is given inline."""
    monkeypatch.setattr(attachments, "MOST", 1000)
    item, clerk = item_of(draft), people[Role.CLERK]
    rows = [attachments.add(item, name, CONTENT + b"%d" % n, by=clerk) for n, name in enumerate(names())]
    files = stored(folder)
    assert len(files) == 200 and all(re.fullmatch(r"[0-9a-f]{32}\.bin", path.name) for path in files)
    assert {path.parent.parent for path in files} == {folder / "attachments"}
    client = client_of(clerk)
    for row in rows[::4]:
        given = client.get(at(item, f"{row.uid}/"))
        disposition = given.headers["Content-Disposition"]
        assert disposition.startswith("attachment") and disposition.isascii() and disposition.isprintable()
        assert given.headers["Content-Type"] == "application/pdf"
        assert given.headers["X-Content-Type-Options"] == "nosniff"
        assert given.getvalue().startswith(CONTENT)
    assert "<script>" not in client.get(at(item)).content.decode().partition("<main")[2].partition("</main>")[0]


@pytest.mark.parametrize(("content", "name"), [(HTML, "a.pdf"), (SVG, "a.png"), (b"MZ", "a.docx"), (b"", "a.pdf")])
def test_what_is_refused_leaves_nothing(draft, people, folder, content, name):
    item = item_of(draft)
    client = client_of(people[Role.CLERK])
    before = fingerprint()
    answer = send(client, item, content, name)
    assert answer.status_code == 422 and "没有上传" in answer.content.decode()
    assert fingerprint() == before and stored(folder) == []


def test_too_large_too_many_twice_or_none_is_refused_in_words(draft, people, folder, monkeypatch):
    item = item_of(draft)
    client = client_of(people[Role.CLERK])
    assert "请选择文件" in client.post(at(item)).content.decode()
    assert "超过 20 MB" in send(client, item, b"%PDF-" + bytes(attachments.MAX_BYTES)).content.decode()
    assert send(client, item).status_code == 302
    again = send(client, item, name="另一个名字.pdf")
    assert again.status_code == 422 and "已经在列表中，名为“批复.pdf”" in again.content.decode()
    monkeypatch.setattr(attachments, "MOST", 1)
    assert "最多 1 个" in send(client, item, TAKEN["文本"], "a.txt").content.decode()
    assert Attachment.objects.count() == len(stored(folder)) == 1


def test_taken_out_after_a_question(draft, people, folder, django_capture_on_commit_callbacks):
    item = item_of(draft)
    client = client_of(people[Role.CLERK])
    send(client, item)
    row = Attachment.objects.get()
    remove = at(item, f"{row.uid}/remove/")
    assert "移除后不能恢复" in client.get(remove).content.decode() and Attachment.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(remove).status_code == 302
    assert not Attachment.objects.exists() and stored(folder) == []
    told = ChangeRecord.objects.filter(subject="records.attachment").latest("sequence")
    assert (told.action, told.before["name"], told.before["sha256"], told.after) == (
        "remove",
        "批复.pdf",
        row.sha256,
        None,
    )
    assert client.post(remove).status_code == 302  # by somebody else meanwhile: said, not an error
    assert client.post(at(item, f"{item.uid}/remove/")).status_code == 404


def test_what_was_sent_keeps_its_files_whatever_the_next_draft_does(draft, people, folder):
    item, clerk = item_of(draft), people[Role.CLERK]
    row = attachments.add(item, "批复.pdf", CONTENT, by=clerk)
    cycle.submit(explained(draft), by=clerk)
    sent = item_of(fresh(draft))
    client = client_of(clerk)
    refused = send(client, sent, TAKEN["文本"], "a.txt")
    assert refused.status_code == 409 and "已送审" in refused.content.decode()
    with pytest.raises(Locked):
        attachments.remove(sent, row.uid, by=clerk)
    assert client.post(at(sent, f"{row.uid}/remove/")).status_code == 409
    reviewer = client_of(people[Role.REVIEWER])
    assert reviewer.get(at(sent, f"{row.uid}/")).getvalue() == CONTENT
    cycle.return_(fresh(draft), by=people[Role.REVIEWER], reason="请更换批复")
    again = item_of(newest(draft))
    assert again.budget.pk != sent.budget.pk
    assert attachments.of_item(again) == [row]
    attachments.remove(again, row.uid, by=clerk)
    other = attachments.add(again, "新批复.pdf", CONTENT + b"2", by=clerk)
    assert attachments.of_item(again) == [other]
    assert attachments.of_item(sent) == [row] and len(stored(folder)) == 2


def test_only_the_clerk_writes_and_strangers_see_nothing(draft, people):
    item = item_of(draft)
    row = attachments.add(item, "批复.pdf", CONTENT, by=people[Role.CLERK])
    before = fingerprint()
    reviewer = client_of(people[Role.REVIEWER])
    assert reviewer.get(at(item)).status_code == 200
    assert 'type="file"' not in reviewer.get(at(item)).content.decode()
    assert send(reviewer, item).status_code == 403
    assert reviewer.post(at(item, f"{row.uid}/remove/")).status_code == 403
    stranger = client_of(make_user(Role.CLERK, "777001"))
    for rest in ("", f"{row.uid}/", f"{row.uid}/remove/"):
        assert stranger.get(at(item, rest)).status_code == 404
        assert stranger.post(at(item, rest)).status_code in (404, 405)
    other = make_item(draft, "另一个项目", "3")
    other.budget = draft
    assert reviewer.get(at(other, f"{row.uid}/")).status_code == 404
    assert fingerprint() != before  # the item alone
    assert Attachment.objects.count() == 1
