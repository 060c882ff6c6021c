"""The logs: who came in, what was refused and given out; one changed row is found, and what is cut off too."""

import json
import random
import re
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from budget import comments, locks, writing
from budget.models import AssetHolding, DraftRow
from organisation.models import Membership, User
from organisation.rights import can
from organisation.roles import Role
from records import access, history, rights
from records.models import AccessRecord, ChangeRecord, HistoryAnchor
from tests.factories import PASSWORD, make_budget, make_item, make_line, make_user

pytestmark = pytest.mark.django_db


def events():
    return list(AccessRecord.objects.values_list("event", "by_name", "status"))


def test_log_ins_and_failures_are_kept_without_the_password():
    user = make_user(None, username="wang")
    client = Client()
    client.post("/login/", {"username": "wang", "password": "falsch-und-geheim"})
    client.post("/login/", {"username": "wang", "password": PASSWORD})
    client.post("/logout/")
    assert events() == [("failed", "wang", 401), ("log_in", "wang", 200), ("log_out", "wang", 200)]
    assert AccessRecord.objects.first().address == "127.0.0.1"
    assert "geheim" not in str(list(AccessRecord.objects.values()))
    assert user


def test_refusals_and_exports_are_kept():
    budget = make_budget()
    make_line(make_item(budget), 1000)
    client = Client()
    client.force_login(make_user(Role.CLERK, budget.unit, username="li"))
    AccessRecord.objects.exists()
    start = AccessRecord.objects.count()
    assert client.get("/777001/2024/second/").status_code == 404
    assert client.post("/566001/2024/second/cycle/pass/").status_code == 403
    assert client.get("/566001/2024/second/lines/?format=csv").status_code == 200
    assert client.get("/566001/2024/second/lines/").status_code == 200
    kept = list(AccessRecord.objects.order_by("sequence"))[start:]
    assert [(one.event, one.status) for one in kept] == [("refused", 404), ("refused", 403), ("export", 200)]
    assert kept[2].path == "GET /566001/2024/second/lines/?format=csv"


def test_a_name_does_not_write_lines_of_its_own_into_the_log():
    access.keep("failed", name="wang\n2026-01-01 OK admin\x1b[0m")
    assert "\n" not in AccessRecord.objects.get().by_name and "\x1b" not in AccessRecord.objects.get().by_name


def grow(chains: int = 4, length: int = 6) -> None:
    uid = "5b0f6a5e-3a53-4b57-9d3a-6c1f3f6f9b11"
    for chain in range(chains):
        for at in range(length):
            change = history.Happened("edit", "x.y", uid, f"第{at}行", {"amount": f"{at}"}, {"amount": f"{at + 1}"})
            with transaction.atomic():
                history.append(f"chain-{chain}", [change], by=None, via="form")
    for at in range(chains * length):
        access.keep("log_in", name=f"user{at}")


def tamper(chance: random.Random) -> str:
    """One edit, deletion, swap or truncation somewhere in either log; what it was."""
    model = chance.choice((ChangeRecord, AccessRecord))
    rows = list(model.objects.order_by("pk"))
    row = chance.choice(rows)
    kind = chance.choice(("edit", "delete", "swap", "truncate"))
    if kind == "edit":
        name = chance.choice(("by_name", "at", "previous_hash", "hash"))
        row_value = getattr(row, name)
        changed = row_value + timedelta(seconds=1) if name == "at" else f"{row_value[:-1]}#"[:60]
        model.objects.filter(pk=row.pk).update(**{name: changed})
    elif kind == "delete":
        row.delete()
    elif kind == "swap":
        chain = {"chain": row.chain} if model is ChangeRecord else {}
        other = chance.choice([one for one in model.objects.filter(**chain) if one.pk != row.pk])
        at, there = row.sequence, other.sequence
        model.objects.filter(pk=row.pk).update(sequence=10**6)
        model.objects.filter(pk=other.pk).update(sequence=at)
        model.objects.filter(pk=row.pk).update(sequence=there)
    else:
        chain = {"chain": row.chain} if model is ChangeRecord else {}
        model.objects.filter(sequence__gte=row.sequence, **chain).delete()
    return f"{kind} {model.__name__}"


def missed(times: int, seed: int = 46) -> list[str]:
    """What of so many tamperings was not found."""
    grow()
    history.anchor()
    assert history.faults() == []
    chance, found = random.Random(seed), []
    locks.uninstall()
    try:
        for _ in range(times):
            with transaction.atomic():
                what = tamper(chance)
                if not history.faults():
                    found.append(what)
                transaction.set_rollback(True)
    finally:
        locks.install()
    return found


def test_every_tampered_row_is_found():
    assert missed(50) == []


def test_without_an_anchor_what_is_cut_off_is_not_missed(monkeypatch):
    """The negative control: it is the anchor that finds a truncation."""
    grow(1)
    locks.uninstall()
    ChangeRecord.objects.filter(sequence__gt=3).delete()
    locks.install()
    assert history.faults() == []


def test_the_command_verifies_anchors_and_compares(tmp_path, capsys):
    grow(1)
    kept = tmp_path / "anchor.json"
    call_command("verify_history", "--anchor", "--write", str(kept))
    call_command("verify_history", "--against", str(kept))
    assert "核对无误" in capsys.readouterr().out
    locks.uninstall()
    AccessRecord.objects.filter(sequence__gt=3).delete()
    locks.install()
    with pytest.raises(CommandError, match="在第6条处与锚点不符"):
        call_command("verify_history", "--against", str(kept))


def test_the_auditor_reads_who_and_what_but_no_amounts():
    budget = make_budget()
    line = make_line(make_item(budget), "12300")
    budget.refresh_from_db()
    draft = DraftRow(budget=budget, cells={"amount": "12300", "economic": "30201"})
    holding = AssetHolding(budget=budget, kind="buildings", number=1, value=Decimal(12300))
    writing.write(budget, [writing.Add(draft), writing.Add(holding)], by=None, via="grid")
    how = {"by": make_user(Role.DEPARTMENT, "566"), "subject": "budget.line", "subject_uid": line.uid}
    comments.add(budget, text="从12,300.00减到 1 万元", **how)
    client = Client()
    client.force_login(make_user(Role.AUDITOR))
    seen = set()
    for record in ChangeRecord.objects.filter(chain=budget.chain):
        text = client.get(f"/admin/records/changerecord/{record.pk}/change/").text
        assert "12300" not in text and "12,300" not in text and "1 万元" not in text
        seen |= {record.subject} if "＊＊＊" in text else set()
    listed = client.get("/admin/records/changerecord/").text
    assert "12,300" not in listed and "从＊＊＊减到 ＊＊＊ 万元" in listed
    assert seen >= {"budget.line", "budget.draftrow", "budget.assetholding", "records.comment"}
    assert "30201" in client.get(f"/admin/records/changerecord/{_record_of('budget.draftrow')}/change/").text


def _record_of(subject: str) -> int:
    return ChangeRecord.objects.get(subject=subject).pk


# ---- delegation


def test_a_role_is_delegated_for_a_time_and_taken_back():
    budget = make_budget()
    reviewer, other = make_user(Role.REVIEWER, budget.unit), make_user(None)
    today = timezone.localdate()
    held = reviewer.memberships.get()
    given = rights.delegate(held, other, starts=today, ends=today + timedelta(days=7), by=reviewer)
    assert can(User.objects.get(pk=other.pk), "review", budget)
    assert other.notices.get().text.startswith(f"{reviewer}把“单位审核”")
    with pytest.raises(ValidationError, match="转委托"):
        rights.delegate(given, make_user(None), starts=today, ends=today, by=other)
    with pytest.raises(ValidationError, match="终止日期"):
        rights.delegate(held, make_user(None), starts=today, ends=None, by=reviewer)
    rights.take_back(given, by=reviewer)
    assert not can(User.objects.get(pk=other.pk), "review", budget)


def test_administrators_do_not_delegate():
    guard, today = make_user(Role.SECURITY_ADMIN), timezone.localdate()
    with pytest.raises(ValidationError, match="不能委托"):
        rights.delegate(guard.memberships.get(), make_user(None), starts=today, ends=today, by=guard)


def test_the_page_delegates_and_takes_back():
    reviewer, other = make_user(Role.REVIEWER, "566001"), make_user(None, username="zhao")
    client, today = Client(), timezone.localdate()
    client.force_login(reviewer)
    posted = {"held": reviewer.memberships.get().pk, "username": "zhao", "starts": today, "ends": today}
    assert client.post("/delegations/", {**posted, "username": "nobody"}).status_code == 422
    assert client.post("/delegations/", posted).status_code == 302
    given = Membership.objects.get(user=other)
    assert given.delegated_by == reviewer
    assert client.post("/delegations/", {"back": given.pk}).status_code == 302
    assert not Membership.objects.current().filter(user=other).exists()


def test_rights_end_in_the_middle_of_a_session():
    budget = make_budget()
    clerk = make_user(Role.CLERK, budget.unit)
    client = Client()
    client.force_login(clerk)
    assert client.get("/566001/2024/second/").status_code == 200
    rights.end(clerk.memberships.get(), by=None, via="admin")
    assert client.get("/566001/2024/second/").headers["Location"].startswith("/login/")
    client.force_login(User.objects.get(pk=clerk.pk))
    assert client.get("/566001/2024/second/").status_code == 404


def test_what_is_printed_is_told_by_the_browser():
    client = Client(REMOTE_ADDR="10.0.0.7")
    client.force_login(make_user(Role.CLERK, username="li"))
    page = client.get("/notices/").text
    assert 'data-address="/printed/"' in page
    assert client.post("/printed/", {"path": "/566001/2024/second/tables/expenditure/?row=total"}).status_code == 204
    last = AccessRecord.objects.order_by("sequence").last()
    assert (last.event, last.by_name, last.address) == ("print", "li", "10.0.0.7")
    assert last.path == "/566001/2024/second/tables/expenditure/?row=total"
    for path in ("", "https://example.org/", "//example.org/x", "/no/such/page/of/ours"):
        assert client.post("/printed/", {"path": path}).status_code == 400
    assert AccessRecord.objects.filter(event="print").count() == 1


# ---- kept for half a year and longer


def test_no_log_is_ever_deleted():
    """Law asks for six months (网络安全法 21 三); nothing of ours ends a log, and the database refuses who tries."""
    grow(1)
    history.anchor()
    client = Client()
    client.force_login(make_user(Role.AUDITOR))
    for model in (ChangeRecord, AccessRecord, HistoryAnchor):
        for attempt in (model.objects.all().delete, lambda rows=model.objects: rows.update(at=timezone.now())):
            with pytest.raises(DatabaseError, match="只增不改"), transaction.atomic():
                attempt()
        page = reverse(f"admin:records_{model._meta.model_name}_delete", args=[model.objects.first().pk])
        assert client.post(page, {"post": "yes"}).status_code == 403


def test_nothing_in_the_program_deletes_a_log():
    """Neither a command nor a job: whoever writes one fails here, and thinks of the six months."""
    root = Path(__file__).parents[2]
    deleting = re.compile(r"(ChangeRecord|AccessRecord|HistoryAnchor|Transition)\b.*delete\(")
    found = [
        f"{file.relative_to(root)}:{number}"
        for app in ("budget", "config", "organisation", "performance", "projects", "publication", "records")
        for file in (root / app).rglob("*.py")
        for number, line in enumerate(file.read_text("utf-8").splitlines(), 1)
        if deleting.search(line)
    ]
    assert [one for one in found if not one.startswith("publication/demo")] == []


def test_the_logs_are_written_to_files_for_another_machine(tmp_path):
    grow(1)
    call_command("export_logs", str(tmp_path / "logs.jsonl"))
    lines = [json.loads(line) for line in (tmp_path / "logs.jsonl").read_text("utf-8").splitlines()]
    assert len(lines) == ChangeRecord.objects.count() + AccessRecord.objects.count()
    assert {one["log"] for one in lines} == {"history", "access"}
    last = AccessRecord.objects.order_by("sequence").last()
    assert [one["hash"] for one in lines if one["log"] == "access"][-1] == last.hash
    call_command("export_logs", str(tmp_path / "later.jsonl"), since=timezone.localdate() + timedelta(days=1))
    assert (tmp_path / "later.jsonl").read_text("utf-8") == ""
    with pytest.raises(CommandError, match="已存在"):
        call_command("export_logs", str(tmp_path / "logs.jsonl"))
