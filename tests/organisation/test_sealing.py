"""Keys of authenticators in the database: sealed, opened after a change of the server's key, lost with it."""

import importlib
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection

from organisation import sealing, second_factor
from organisation.models import SecondFactor
from records.models import AccessRecord, ChangeRecord
from tests.factories import make_user
from tests.organisation.test_second_factor import code_of, log_in, make_factor

pytestmark = pytest.mark.django_db
OLD, NEW = "old-" + "x" * 60, "new-" + "y" * 60


@pytest.fixture
def old(settings):
    """A factor that was begun under the old key, with its recovery codes."""
    settings.SECRET_KEY = OLD
    factor = make_factor()
    factor.codes = second_factor.give_recovery_codes(factor)
    return factor


def rows() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM organisation_secondfactor")
        return cursor.fetchone()[0]


def test_the_database_does_not_tell_the_secret(old):
    secret = second_factor.secret_of(old)
    assert len(secret) == 32 and secret not in rows()
    other = make_factor()
    assert other.secret != old.secret and sealing.seal(secret) != old.secret


def test_a_changed_key_locks_nobody_out_while_the_old_one_is_a_fallback(old, settings, clock):
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW, [OLD]
    assert second_factor.accept(old, old.codes[0]), "a recovery code of before"
    before = rows()
    assert second_factor.accept(old, code_of(old, clock))
    assert rows() != before and sealing.is_current(rows()), "sealed anew at its first use"
    settings.SECRET_KEY_FALLBACKS = []
    old.refresh_from_db()
    assert second_factor.accept(old, code_of(old, clock, 1))


def test_the_command_seals_everything_anew(old, settings, clock):
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW, [OLD]
    said = StringIO()
    call_command("reseal", stdout=said)
    call_command("reseal", stdout=said)
    assert "已重新加密 1 个" in said.getvalue() and "已重新加密 0 个" in said.getvalue()
    settings.SECRET_KEY_FALLBACKS = []
    old.refresh_from_db()
    assert second_factor.accept(old, code_of(old, clock))


def test_without_the_key_it_says_whom_to_ask_and_the_reset_helps(old, settings):
    client = log_in(old.user)
    settings.SECRET_KEY = NEW
    client = log_in(old.user)
    page = client.post("/second-factor/", {"code": "123456"})
    assert page.status_code == 422 and "请联系安全管理员重置" in page.text
    assert AccessRecord.objects.filter(event="failed", by=old.user).exists()
    with pytest.raises(CommandError, match=old.user.username):
        call_command("reseal", stdout=StringIO())
    with pytest.raises(CommandError, match="没有第二因素"):
        call_command("reset_second_factor", make_user(None).username)
    call_command("reset_second_factor", old.user.username, stdout=StringIO())
    assert log_in(old.user).get("/notices/").status_code == 200
    record = ChangeRecord.objects.filter(chain="rights").last()
    assert (record.action, record.by, record.via) == ("remove", None, "command")


def test_a_key_that_was_begun_and_cannot_be_read_is_begun_again(settings):
    settings.SECRET_KEY = OLD
    factor = make_factor()
    SecondFactor.objects.update(confirmed=None)
    settings.SECRET_KEY = NEW
    client = log_in(factor.user)
    assert "开始启用" in client.get("/security/").text
    client.post("/security/", {"do": "begin"})
    assert "<svg" in client.get("/security/").text


def test_what_was_kept_open_is_sealed_by_the_migration():
    factor = make_factor()
    SecondFactor.objects.update(secret="JBSWY3DPEHPK3PXP")
    migration = importlib.import_module("organisation.migrations.0006_sealed_secrets")
    migration._each(apps, sealing.seal)
    factor.refresh_from_db()
    assert factor.secret != "JBSWY3DPEHPK3PXP" and second_factor.secret_of(factor) == "JBSWY3DPEHPK3PXP"
    migration._each(apps, sealing.opened)
    assert rows() == "JBSWY3DPEHPK3PXP"
