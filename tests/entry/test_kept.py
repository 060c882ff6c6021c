"""A log-in that has expired loses nothing that was typed."""

import re
from decimal import Decimal

import pytest
from django.test import Client

from budget.models import Line
from organisation.models import User
from publication.demo import PASSWORD
from tests.entry.pages import AT, Page
from tests.factories import fingerprint, make_user
from tests.organisation import test_second_factor as second_factor

NAME = ("年终一次性奖金，第1行", "金额")


@pytest.fixture
def expired(open_page):
    """A page with something typed, posted after the log-in has gone."""
    page = open_page()
    page[NAME] = "4.70"
    page.client.logout()
    return page


def kept_in(response) -> str:
    from html import unescape

    return unescape(re.search(r'name="kept" value="([^"]*)"', response.content.decode())[1])


def test_what_was_typed_is_there_after_the_log_in(expired):
    before = fingerprint()
    asked = expired.client.post(expired.address, expired.fields)
    assert asked.status_code == 403 and "没有丢失" in asked.content.decode()
    kept = kept_in(asked)
    wrong = expired.client.post(expired.address, {"kept": kept, "username": "jingban", "password": "wrong"})
    assert wrong.status_code == 403 and kept_in(wrong) == kept
    shown = Page(
        expired.client,
        expired.address,
        expired.client.post(expired.address, {"kept": kept, "username": "jingban", "password": PASSWORD}),
    )
    assert shown.status == 200 and "还没有保存" in shown.text
    assert shown[NAME] == "4.70"
    shown.saved()
    assert Line.objects.get(item__name="年终一次性奖金").amount == Decimal(47000)
    assert fingerprint() != before


def test_nothing_is_written_by_logging_in(expired, budget):
    kept = kept_in(expired.client.post(expired.address, expired.fields))
    expired.client.post(expired.address, {"kept": kept, "username": "jingban", "password": PASSWORD})
    assert Line.objects.get(item__name="年终一次性奖金").amount == Decimal(46000)


def test_another_person_sees_only_their_own(expired):
    make_user("clerk", "777001", username="fremd")
    kept = kept_in(expired.client.post(expired.address, expired.fields))
    User.objects.get(username="fremd").set_password(PASSWORD)
    fremd = User.objects.get(username="fremd")
    fremd.set_password(PASSWORD)
    fremd.save()
    answer = expired.client.post(expired.address, {"kept": kept, "username": "fremd", "password": PASSWORD})
    assert answer.status_code == 404


def test_without_a_log_in_nothing_is_shown(budget):
    client = Client()
    for path in ("basic/form/", "projects/new/"):
        assert client.get(AT + path).url.startswith("/login/")
        assert client.post(AT + path).url.startswith("/login/")


def test_a_log_in_in_another_window_loses_nothing(open_page):
    page = open_page()
    page[NAME] = "4.70"
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(User.objects.get(username="jingban"))
    fields = {**page.fields, "csrfmiddlewaretoken": "x" * 64}
    refused = strict.post(page.address, fields)
    assert refused.status_code == 403 and "已过期" in refused.content.decode()
    shown = strict.post(page.address, fields, headers={"origin": "http://testserver"})
    assert shown.status_code == 200
    assert Page(strict, page.address, shown)[NAME] == "4.70"
    assert Line.objects.get(item__name="年终一次性奖金").amount == Decimal(46000)
    strict.logout()
    asked = strict.post(page.address, fields, headers={"origin": "http://testserver"})
    assert "4.70" in kept_in(asked)
    elsewhere = strict.post(page.address, fields, headers={"origin": "http://evil.example"})
    assert elsewhere.status_code == 403 and "kept" not in elsewhere.content.decode()


def test_who_must_change_the_password_does_that_first_and_loses_nothing(expired):
    kept = kept_in(expired.client.post(expired.address, expired.fields))
    User.objects.filter(username="jingban").update(must_change_password=True)
    answer = expired.client.post(expired.address, {"kept": kept, "username": "jingban", "password": PASSWORD})
    assert answer.status_code == 403 and "/password/" in answer.content.decode()
    assert kept_in(answer) == kept
    again = expired.client.post(expired.address, {"kept": kept})
    assert again.status_code == 403 and kept_in(again) == kept
    assert expired.client.get(expired.address).status_code == 302
    User.objects.filter(username="jingban").update(must_change_password=False)
    shown = Page(expired.client, expired.address, expired.client.post(expired.address, {"kept": kept}))
    assert shown[NAME] == "4.70"


def test_nothing_is_shown_before_the_second_factor(expired, monkeypatch):
    kept = kept_in(expired.client.post(expired.address, expired.fields))
    second_factor.make_factor(User.objects.get(username="jingban"))
    answer = expired.client.post(expired.address, {"kept": kept, "username": "jingban", "password": PASSWORD})
    assert answer.status_code == 403 and "输入验证码" in answer.content.decode()
    assert "年终一次性奖金，第1行" not in answer.content.decode() and kept_in(answer) == kept
