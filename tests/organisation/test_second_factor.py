"""The second factor: RFC 6238, each code once, asked for before everything else, reset with its history."""

import base64
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from organisation import second_factor
from organisation.models import RecoveryCode, SecondFactor, User
from organisation.roles import ADMINISTRATORS, Role
from organisation.second_factor import STEP, accept, code_at
from records.models import AccessRecord, ChangeRecord
from tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db


def code_of(factor, clock, steps=0) -> str:
    return code_at(base64.b32decode(second_factor.secret_of(factor)), clock.now // STEP + steps)


def make_factor(user=None) -> SecondFactor:
    return SecondFactor.objects.create(
        user=user or make_user("clerk"), secret=second_factor.new_secret(), confirmed=timezone.now()
    )


def log_in(user) -> Client:
    client = Client()
    assert client.post("/login/", {"username": user.username, "password": PASSWORD}).status_code == 302
    return client


@pytest.mark.parametrize(
    ("seconds", "algorithm", "code"),
    [
        (59, "sha1", "94287082"),
        (1111111109, "sha1", "07081804"),
        (1111111111, "sha1", "14050471"),
        (1234567890, "sha1", "89005924"),
        (2000000000, "sha1", "69279037"),
        (20000000000, "sha1", "65353130"),
        (59, "sha256", "46119246"),
        (1111111109, "sha512", "25091201"),
    ],
)
def test_the_codes_are_those_of_rfc_6238(seconds, algorithm, code):
    length = {"sha1": 20, "sha256": 32, "sha512": 64}[algorithm]
    secret = (b"1234567890" * 7)[:length]
    assert code_at(secret, seconds // STEP, 8, algorithm) == code


def test_a_code_is_good_for_a_minute_and_a_half_and_once(clock):
    factor = make_factor()
    assert not accept(factor, code_of(factor, clock, -2)) and not accept(factor, code_of(factor, clock, 2))
    now = code_of(factor, clock)
    assert accept(factor, f" {now[:3]} {now[3:]} ")
    assert not accept(factor, now), "a second time"
    assert not accept(factor, code_of(factor, clock, -1)), "one from before"
    assert accept(factor, code_of(factor, clock, 1))
    clock.now += 10 * STEP
    assert accept(factor, code_of(factor, clock))


def test_a_recovery_code_is_good_once_and_its_digest_is_all_we_keep():
    factor = make_factor()
    codes = second_factor.give_recovery_codes(factor)
    assert len(set(codes)) == 10
    assert accept(factor, codes[0].upper()) and not accept(factor, codes[0])
    stored = str(list(RecoveryCode.objects.values_list("digest", flat=True)))
    assert not any(code.replace("-", "") in stored for code in codes)
    second_factor.give_recovery_codes(factor)
    assert not accept(factor, codes[1]), "one of those that were replaced"


def test_guessing_is_stopped_for_ten_minutes(clock):
    factor = make_factor()
    assert not any(accept(factor, "000000x") for _ in range(5))
    assert second_factor.is_locked(factor)
    assert not accept(factor, code_of(factor, clock)), "even the right one"
    SecondFactor.objects.update(locked_until=timezone.now() - timedelta(seconds=1))
    assert accept(factor, code_of(factor, clock))


def test_it_comes_before_everything_else_in_a_log_in(clock):
    user = make_user("clerk")
    factor, client = make_factor(user), log_in(user)
    for address in ("/", "/notices/", "/admin/", "/security/", "/password/", "/stay/"):
        assert client.get(address).headers["Location"].startswith("/second-factor/"), address
    assert client.post("/security/", {"do": "end"}).headers["Location"] == "/second-factor/"
    wrong = client.post("/second-factor/", {"code": "abc", "next": "/notices/"})
    assert wrong.status_code == 422 and "验证码不正确" in wrong.text
    last = AccessRecord.objects.order_by("sequence").last()
    assert (last.event, last.path, last.by) == ("failed", "/second-factor/", user)
    before = client.session.session_key
    posted = {"code": code_of(factor, clock), "next": "/notices/"}
    assert client.post("/second-factor/", posted).headers["Location"] == "/notices/"
    assert client.session.session_key != before
    assert client.get("/notices/").status_code == 200
    other = log_in(user)
    again = other.post("/second-factor/", {**posted, "next": "https://evil.example/"})
    assert again.status_code == 422, "the same code in another log-in"
    assert "evil" not in again.text


@pytest.mark.parametrize("role", Role.values)
def test_administrators_must_have_one_where_it_is_required(settings, role):
    settings.SECOND_FACTOR = "required"
    client = log_in(make_user(role))
    response = client.get("/notices/")
    if role in ADMINISTRATORS:
        assert response.headers["Location"] == "/security/"
        assert "必须启用第二因素" in client.get("/security/").text
    else:
        assert response.status_code == 200


def test_it_is_begun_confirmed_renewed_and_given_up(clock):
    user = make_user("clerk")
    client, elsewhere = log_in(user), log_in(user)
    assert client.post("/security/", {"do": "begin"}).status_code == 302
    factor = SecondFactor.objects.get(user=user)
    page = client.get("/security/").text
    assert "<svg" in page and second_factor.secret_of(factor) in page
    assert log_in(user).get("/notices/").status_code == 200, "not in force before it is confirmed"
    assert client.post("/security/", {"do": "confirm", "code": "1"}).status_code == 422
    done = client.post("/security/", {"do": "confirm", "code": code_of(factor, clock)})
    codes = done.context["codes"]
    assert len(codes) == 10 and all(code in done.text for code in codes)
    assert client.get("/notices/").status_code == 200 and elsewhere.get("/notices/").status_code == 302
    page = client.get("/security/").text
    assert codes[0] not in page and second_factor.secret_of(factor) not in page
    told = ChangeRecord.objects.filter(chain="rights", by=user).values_list("after", flat=True)
    assert len(told) == 1 and second_factor.secret_of(factor) not in str(list(told))
    renewed = client.post("/security/", {"do": "renew", "code": codes[0]}).context["codes"]
    assert not set(codes) & set(renewed)
    assert client.post("/security/", {"do": "end", "code": "1"}).status_code == 422
    assert client.post("/security/", {"do": "end", "code": renewed[0]}).status_code == 302
    assert not SecondFactor.objects.exists()
    actions = ChangeRecord.objects.filter(chain="rights", by=user).order_by("sequence").values_list("action", flat=True)
    assert list(actions)[-1] == "remove"


def test_who_must_have_one_does_not_give_it_up(settings, clock):
    settings.SECOND_FACTOR = "required"
    user = make_user("auditor")
    client = log_in(user)
    client.post("/security/", {"do": "begin"})
    factor = SecondFactor.objects.get()
    assert client.post("/security/", {"do": "confirm", "code": code_of(factor, clock)}).status_code == 200
    assert client.get("/admin/").status_code == 200
    refused = client.post("/security/", {"do": "end", "code": code_of(factor, clock, 1)})
    assert refused.status_code == 422 and "不能停用" in refused.text
    assert SecondFactor.objects.get().confirmed


def reset(by, user):
    client = log_in(by)
    asked = {"action": "reset_second_factor", "_selected_action": [user.pk]}
    return client.post("/admin/organisation/user/", asked, follow=True)


def test_the_security_administrator_resets_it():
    user, guard = make_user("clerk"), make_user("security_admin")
    client = log_in(user)
    make_factor(user)
    assert "已重置1个用户" in reset(guard, user).text
    assert not SecondFactor.objects.exists()
    assert client.get("/notices/").status_code == 302, "sessions end"
    record = ChangeRecord.objects.filter(chain="rights").last()
    assert (record.action, record.by, record.via) == ("remove", guard, "admin") and "secret" not in record.before


def test_nobody_else_resets_it_and_nobody_their_own():
    user, guard = make_user("clerk"), make_user("security_admin")
    make_factor(user)
    reset(make_user("system_admin"), user)
    assert SecondFactor.objects.count() == 1
    client = log_in(guard)
    make_factor(guard)
    asked = {"action": "reset_second_factor", "_selected_action": [guard.pk]}
    assert "本人" in client.post("/admin/organisation/user/", asked, follow=True).text
    assert SecondFactor.objects.count() == 2
    assert User.objects.get(pk=guard.pk).session_number == 0
