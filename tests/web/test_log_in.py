"""A log-in: how long it lasts, the password that must be changed, and what error pages are told."""

from datetime import timedelta
from time import time

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from organisation.models import User
from tests.web.conftest import AT

NEW = "xin-de-mima-2024"


@pytest.fixture
def session_of(clerk):
    def session():
        return Session.objects.get(session_key=clerk.session.session_key)

    return session


def test_a_log_in_ends_on_the_server_after_half_an_hour_without_a_request(clerk, session_of):
    left = session_of().expire_date - timezone.now()
    assert timedelta(minutes=29) < left <= timedelta(minutes=30)
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    response = clerk.get(AT)
    assert response.headers["Location"] == f"/login/?next={AT}"
    assert "没有操作会自动退出" in clerk.get(response.headers["Location"]).text


def test_pages_that_are_asked_for_keep_it_alive(clerk, session_of):
    session = clerk.session
    session["seen"] -= 1200
    session.save()
    Session.objects.update(expire_date=timezone.now() + timedelta(minutes=10))
    assert clerk.get(AT).status_code == 200
    assert session_of().expire_date - timezone.now() > timedelta(minutes=29)


def test_it_is_not_written_again_at_every_request(clerk, session_of):
    before = session_of().expire_date
    clerk.get(AT)
    assert session_of().expire_date == before


def test_it_ends_after_twelve_hours_in_any_case(clerk):
    session = clerk.session
    session["began"] = int(time()) - 12 * 3600 - 1
    session.save()
    assert clerk.get(AT).status_code == 302
    assert not Session.objects.exists() or "_auth_user_id" not in clerk.session


def test_a_password_that_must_be_changed_comes_before_everything(clerk):
    User.objects.filter(username="jingban").update(must_change_password=True)
    for address in ("/", AT, f"{AT}tables/expenditure/?format=xlsx", "/search/?q=1", "/notices/", "/admin/"):
        assert clerk.get(address).headers["Location"] == "/password/", address
    assert clerk.post("/preferences/amount-unit/", {"amount_unit": "元"}).headers["Location"] == "/password/"
    page = clerk.get("/password/")
    assert "您的密码由管理员设置" in page.text and "不改了" not in page.text
    wrong = clerk.post("/password/", {"old_password": "Mingzhang-2024", "new_password1": "123", "new_password2": "123"})
    assert "密码没有修改" in wrong.text and 'href="#id_new_password2"' in wrong.text
    right = {"old_password": "Mingzhang-2024", "new_password1": NEW, "new_password2": NEW}
    assert clerk.post("/password/", right).headers["Location"] == "/"
    user = User.objects.get(username="jingban")
    assert user.check_password(NEW) and not user.must_change_password
    assert "密码已修改" in clerk.get(AT).text


def test_other_log_ins_end_when_the_password_is_changed(clerk):
    other = Client()
    other.force_login(User.objects.get(username="jingban"))
    assert other.get(AT).status_code == 200
    clerk.post("/password/", {"old_password": "Mingzhang-2024", "new_password1": NEW, "new_password2": NEW})
    assert clerk.get(AT).status_code == 200
    assert other.get(AT).status_code == 302


def test_who_need_not_change_the_password_may(clerk):
    assert 'href="/password/"' in clerk.get(AT).text
    assert "不改了，回到首页" in clerk.get("/password/").text
    assert "旧密码" in clerk.get("/password/").text
