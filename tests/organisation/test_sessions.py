"""T-37 to T-39: sessions that end when they should, and guessing that locks out nobody but the one who guesses."""

import re
from time import time

import pytest
from django.contrib.sessions.models import Session
from django.test import Client, RequestFactory
from django.utils import timezone

from organisation.addresses import ClientAddressMiddleware, client_address
from organisation.models import User
from organisation.roles import ADMINISTRATORS, Role
from records import rights
from records.models import AccessRecord
from tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db
HERE, ELSEWHERE = "10.1.0.7", "203.0.113.9"


def log_in(username, password=PASSWORD, address=HERE, client=None, **more):
    client = client or Client()
    return client, client.post("/login/", {"username": username, "password": password}, REMOTE_ADDR=address, **more)


@pytest.fixture
def guarded(settings):
    settings.AXES_ENABLED = True


def test_five_wrong_passwords_lock_the_one_who_guesses_and_not_the_person(guarded):
    make_user("clerk", username="wang")
    answers = [log_in("wang", "wrong", ELSEWHERE)[1] for _ in range(5)]
    assert [one.status_code for one in answers] == [200] * 4 + [429]
    assert log_in("wang", PASSWORD, ELSEWHERE)[1].status_code == 429, "even the right one, from there"
    assert log_in("wang", PASSWORD, HERE)[1].status_code == 302


def test_a_name_that_nobody_has_is_answered_the_same(guarded):
    make_user("clerk", username="wang")
    User.objects.filter(pk=make_user("clerk", username="li").pk).update(is_active=False)

    def answers(name):
        texts = []
        for _ in range(6):
            client = Client()
            response = client.post("/login/", {"username": name, "password": "wrong"}, REMOTE_ADDR=ELSEWHERE)
            texts.append((response.status_code, response.text.split("<h1>")[1].split("<input")[0].split("csrf")[0]))
        return texts

    assert answers("wang") == answers("niemand") == answers("li")


def test_guessing_many_names_from_one_address_is_stopped(guarded, settings):
    settings.FAILURES_PER_ADDRESS = 8
    make_user("clerk", username="wang")
    statuses = [log_in(f"name{number}", "wrong", ELSEWHERE)[1].status_code for number in range(10)]
    assert statuses == [200] * 8 + [429] * 2
    assert log_in("wang", PASSWORD, ELSEWHERE)[1].status_code == 429
    assert log_in("wang", PASSWORD, HERE)[1].status_code == 302


@pytest.mark.parametrize(
    ("proxies", "heard", "address"),
    [
        (0, "1.2.3.4", "127.0.0.1"),
        (1, "1.2.3.4", "1.2.3.4"),
        (1, "6.6.6.6, 1.2.3.4", "1.2.3.4"),
        (2, "6.6.6.6, 1.2.3.4, 10.0.0.1", "1.2.3.4"),
        (2, "1.2.3.4", "127.0.0.1"),
        (1, "unknown", "127.0.0.1"),
        (1, "", "127.0.0.1"),
        (1, "2001:db8::1", "2001:db8::1"),
    ],
)
def test_only_what_our_own_proxies_say_is_believed(settings, proxies, heard, address):
    settings.TRUSTED_PROXIES = proxies
    request = RequestFactory().get("/", HTTP_X_FORWARDED_FOR=heard)
    ClientAddressMiddleware(lambda _: None).process_request(request)
    assert client_address(request) == address


def test_behind_a_proxy_the_lock_and_the_log_go_by_the_client(guarded, settings):
    settings.TRUSTED_PROXIES = 1
    make_user("clerk", username="wang")
    for number in range(6):
        forged = f"9.9.9.{number}, {ELSEWHERE}"
        response = log_in("wang", "wrong", "127.0.0.1", HTTP_X_FORWARDED_FOR=forged)[1]
    assert response.status_code == 429
    assert log_in("wang", PASSWORD, "127.0.0.1", HTTP_X_FORWARDED_FOR=HERE)[1].status_code == 302
    assert AccessRecord.objects.order_by("sequence").last().address == HERE


@pytest.mark.parametrize("role", Role.values)
def test_administrators_are_logged_out_sooner(role):
    user = make_user(role)
    client, _ = log_in(user.username)
    minutes = 15 if role in ADMINISTRATORS else 30
    left = (Session.objects.get().expire_date - timezone.now()).total_seconds() / 60
    assert minutes - 1 < left <= minutes
    session = client.session
    session["seen"] = int(time()) - 40  # so long ago, and not written since
    session.save()
    pages = ["/notices/", *(["/admin/"] if user.holds_a_role else [])]
    told = [int(re.search(r'data-lasts="(\d+)"', client.get(page).text)[1]) for page in pages]
    for lasts in (client.get("/stay/").json()["lasts"], *told):
        assert minutes * 60 - 60 < lasts <= minutes * 60 - 40


def test_staying_does_not_reach_beyond_twelve_hours():
    client, _ = log_in(make_user("clerk").username)
    session = client.session
    session["began"] = int(time()) - 12 * 3600 + 100
    session.save()
    assert 90 <= client.get("/stay/").json()["lasts"] <= 100


def test_the_session_has_another_name_after_the_log_in_and_is_gone_after_the_log_out():
    user, client = make_user("clerk"), Client()
    session = client.session
    session["x"] = 1
    session.save()
    client.cookies["sessionid"] = before = session.session_key
    log_in(user.username, client=client)
    after = client.cookies["sessionid"].value
    assert after != before and not Session.objects.filter(session_key=before).exists()
    client.post("/logout/")
    client.cookies["sessionid"] = after
    assert client.get("/notices/").status_code == 302


def _grant(user):
    rights.grant(type(user.memberships.get())(user=user, role=Role.PERFORMANCE_OFFICE), by=None, via="admin")


def _end(user):
    rights.end(user.memberships.get(), by=None, via="admin")


def _disable(user):
    User.objects.filter(pk=user.pk).update(is_active=False)


def _set_password(user):
    user.set_password("Chongshe-83-mq")
    user.save()


@pytest.mark.parametrize("happens", [_grant, _end, _disable, _set_password])
def test_all_sessions_end_at_the_next_request(happens):
    user, other = make_user("clerk"), make_user("clerk")
    clients = [log_in(user.username)[0] for _ in range(3)]
    bystander, _ = log_in(other.username)
    assert {one.get("/notices/").status_code for one in (*clients, bystander)} == {200}
    happens(user)
    assert {one.get("/notices/").status_code for one in clients} == {302}
    assert bystander.get("/notices/").status_code == 200
