"""What a password must be, under both policies; how old it may grow; which ones are not taken again."""

from datetime import timedelta

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from organisation.models import UsedPassword, User
from publication import demo
from tests.factories import PASSWORD, make_unit, make_user

pytestmark = pytest.mark.django_db
ALL_KINDS = "Aa1-"


def faults(password, user=None) -> str:
    try:
        validate_password(password, user)
    except ValidationError as error:
        return " ".join(error.messages)
    return ""


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("Qw9-rtpkz", "只有9个字符，至少要10个"),
        ("qw9rtpkzmv", "只有2种字符"),
        ("Yusuan2024", "除去年份、日期，密码只剩6个字符"),
        ("Bm-1990-01-01", "除去年份"),
        ("password123", "常见的密码"),
        (ALL_KINDS * 33, "132个字符，最多128个"),
        (ALL_KINDS * 32, ""),
        ("Qw9-rtpkzm", ""),
        ("qw9 rtp kzm 好", ""),
        (demo.PASSWORD, ""),
    ],
)
def test_mlps_asks_for_several_kinds(password, words):
    found = faults(password)
    assert words in found and bool(found) == bool(words)


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("qwrtpkzmvbx", "只有11个字符，至少要12个"),
        ("qwrtpkzmvbxc", ""),
        ("correct horse battery staple", ""),
        ("a" * 128, ""),
        ("a" * 129, "最多128个"),
        ("password1234", "常见的密码"),
    ],
)
def test_asvs_asks_for_length_only(settings, password, words):
    settings.PASSWORD_POLICY = "asvs"
    found = faults(password)
    assert words in found and bool(found) == bool(words)


def test_everything_wrong_is_told_at_once():
    found = faults("abc123")
    assert "至少要10个" in found and "只有2种字符" in found and "常见的密码" in found


@pytest.mark.parametrize(
    "password", ["Wangfang-83x", "x-83-WANGFANG", "Zk-566001-mq", "Kejiju-83-zmq", "王芳-Zk83-mq9w"]
)
def test_who_one_is_and_where_one_works_is_no_password(password):
    user = make_user("clerk", make_unit("566001", short_name="科技局"), username="wangfang", name="王芳")
    assert "不能有用户名" in faults(password, user)
    assert faults("Zk-83-mq-word", user) == ""


def test_the_last_five_are_not_taken_again():
    user = make_user(None)
    assert "最近用过" in faults(PASSWORD, user)
    for number in range(5):
        user.set_password(f"Lun-huan-{number}x")
        user.save()
        assert "最近用过" in faults(f"Lun-huan-{number}x", user)
    assert faults(PASSWORD, user) == ""
    assert "最近用过" in faults("Lun-huan-0x", user)
    kept = UsedPassword.objects.filter(user=user)
    assert kept.count() == 5 and not any("Lun" in one.password for one in kept)


def grow_old(user, days):
    User.objects.filter(pk=user.pk).update(password_set=timezone.now() - timedelta(days=days))


def log_in(user, password=PASSWORD):
    client = Client()
    return client, client.post("/login/", {"username": user.username, "password": password})


def test_after_ninety_days_the_next_log_in_asks_for_another(settings):
    settings.DEMO = False
    user = make_user("clerk")
    client, _ = log_in(user)
    grow_old(user, 91)
    assert client.get("/notices/").status_code == 200, "not in the middle of the work"
    client, _ = log_in(user)
    assert client.get("/notices/").headers["Location"] == "/password/"
    page = client.get("/password/").text
    assert "已用满90天" in page and "至少有三种" in page and 'id="id_new_password1_helptext"' in page
    new = "Huan-guo-de-1"
    same = {"old_password": PASSWORD, "new_password1": PASSWORD, "new_password2": PASSWORD}
    assert "最近用过" in client.post("/password/", same).text
    posted = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    assert client.post("/password/", posted).status_code == 302
    assert client.get("/notices/").status_code == 200


@pytest.mark.parametrize(("policy", "is_demo"), [("asvs", False), ("mlps", True)])
def test_neither_asvs_nor_the_demonstration_lets_one_grow_old(settings, policy, is_demo):
    settings.PASSWORD_POLICY, settings.DEMO = policy, is_demo
    user = make_user("clerk", last_login=timezone.now())
    grow_old(user, 89 if policy == "mlps" else 400)
    client, _ = log_in(user)
    assert client.get("/notices/").status_code == 200


def test_the_user_page_tells_the_policy(client):
    client.force_login(make_user("system_admin"))
    assert "至少有三种" in client.get("/admin/organisation/user/add/").text


def test_an_initial_password_is_good_for_seven_days():
    user = make_user("clerk", must_change_password=True)
    grow_old(user, 8)
    _, response = log_in(user)
    assert response.status_code == 200 and "初始密码已超过7天未用" in response.text
    assert "初始密码" not in log_in(user, "wrong")[1].text, "who does not know it is told nothing"
    grow_old(user, 6)
    client, response = log_in(user)
    assert response.status_code == 302 and client.get("/").headers["Location"] == "/password/"


def test_an_account_that_nobody_used_for_ninety_days_is_closed(settings):
    settings.DEMO = False
    user = make_user("clerk")
    grow_old(user, 91)
    User.objects.filter(pk=user.pk).update(last_login=timezone.now() - timedelta(days=91))
    assert "90天没有登录" in log_in(user)[1].text
    user.refresh_from_db()
    user.set_password("Chongshe-83-mq")
    user.save()
    assert log_in(user, "Chongshe-83-mq")[1].status_code == 302
