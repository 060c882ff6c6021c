"""The settings of a deployment are strict, and those of a development machine keep no secret in the code."""

import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import connection

from config.settings.base import BASE_DIR, database, development_key
from publication import demo
from tests.factories import make_user

CONFIGURED = {
    "SECRET_KEY": "Kx7-fq2Lw9_Rz4Tn8Vb1Hc6Jd3Gm5Ps0Qy-Xa7Zu2Ew9Ri4To8Yp",
    "ALLOWED_HOSTS": "yusuan.example.gov.cn",
    "DATABASE_URL": "postgres://mingzhang@127.0.0.1:1/none",
}


def python(*arguments, **environment):
    """Runs Python with the production settings and nothing of this process's configuration."""
    clean = {name: os.environ[name] for name in ("PATH", "LANG", "HOME", "TMPDIR") if name in os.environ}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=BASE_DIR,
        env={**clean, "DJANGO_SETTINGS_MODULE": "config.settings.production", "PYTHONUTF8": "1", **environment},
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_a_deployment_passes_djangos_own_check():
    run = python("-W", "error", "manage.py", "check", "--deploy", "--fail-level", "WARNING", **CONFIGURED)
    assert run.returncode == 0, run.stdout + run.stderr


def test_django_finds_no_fault_on_this_database(db):
    """With the database named, a constraint that it would silently leave out is a fault too."""
    call_command("check", "--fail-level", "WARNING", "--database", "default")


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY"),
        ({"SECRET_KEY": "x" * 49}, "SECRET_KEY"),
        ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS"),
        ({"PASSWORD_POLICY": "none"}, "PASSWORD_POLICY"),
        ({"SECOND_FACTOR": "off"}, "SECOND_FACTOR"),
    ],
)
def test_a_half_configured_deployment_does_not_start(wrong, named):
    run = python("-c", "import config.settings.production", **{**CONFIGURED, **wrong})
    assert run.returncode != 0
    assert named in run.stderr and "ImproperlyConfigured" in run.stderr


def test_a_deployment_is_never_in_debug_and_guards_its_cookies():
    program = (
        "from config.settings import production as s;"
        "print(s.DEBUG, s.DEMO, s.SESSION_COOKIE_NAME, s.SESSION_COOKIE_SECURE, s.SESSION_COOKIE_HTTPONLY,"
        " s.CSRF_COOKIE_NAME, s.CSRF_COOKIE_SECURE, s.DATABASES['default']['OPTIONS'])"
    )
    run = python("-c", program, DEBUG="true", **CONFIGURED)
    options = "{'options': '-c lock_timeout=20s', 'pool': True}"
    wanted = f"False False __Host-sessionid True True __Host-csrftoken True {options}"
    assert run.stdout.strip() == wanted, run.stderr


def test_a_deployment_asks_administrators_for_a_second_factor():
    program = "from config.settings import production as s; print(s.SECOND_FACTOR, s.PASSWORD_POLICY)"
    assert python("-c", program, **CONFIGURED).stdout.strip() == "required mlps"
    assert python("-c", program, DEMO="true", **CONFIGURED).stdout.strip() == "optional mlps"


def test_a_deployment_refuses_the_people_of_the_demonstration(db, settings):
    user = make_user("clerk", username="jingban")
    user.set_password(demo.PASSWORD)
    user.save()
    call_command("check", "--database", "default")
    settings.DEMO = False
    with pytest.raises(SystemCheckError, match="jingban"):
        call_command("check", "--database", "default")
    user.set_password("Ling-yige-83")
    user.save()
    call_command("check", "--database", "default")


def test_the_development_key_is_made_once_and_is_its_owners_alone(tmp_path):
    path = tmp_path / "var" / "secret_key"
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(development_key, [path] * 8))
    assert keys == {path.read_text()}
    assert len(keys.pop()) >= 50
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(path.parent.iterdir()) == [path]
    assert development_key(tmp_path / "other") != path.read_text()


def test_sqlite_is_durable_and_its_transactions_begin_as_writers():
    options = database("sqlite:////tmp/some.sqlite3")["OPTIONS"]
    assert options["transaction_mode"] == "IMMEDIATE"
    assert "synchronous=FULL" in options["init_command"]


def test_the_test_database_works_as_the_real_one(db):
    if connection.vendor != "sqlite":
        pytest.skip("SQLite only")
    with connection.cursor() as cursor:
        found = {name: cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "foreign_keys")}
    assert found == {"journal_mode": "wal", "foreign_keys": 1}
    assert not connection.is_in_memory_db()


def test_pages_run_nothing_from_elsewhere_and_nothing_inline(client, db):
    policy = client.get("/admin/login/").headers["Content-Security-Policy"]
    directives = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert directives == {
        "default-src": "'self'",
        "img-src": "'self' data:",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
        "base-uri": "'none'",
    }


def test_the_product_speaks_chinese():
    assert settings.LANGUAGE_CODE == "zh-hans"
    assert settings.TIME_ZONE == "Asia/Shanghai"
