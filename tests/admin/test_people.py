"""People and their roles: each administrator keeps what is theirs, and every change is in the history."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from budget.models import Budget
from organisation.models import Membership, User
from organisation.roles import Role
from records import rights
from records.history import broken
from records.models import ChangeRecord
from tests.factories import PASSWORD, fingerprint, make_unit, make_user

pytestmark = pytest.mark.django_db
USERS, ROLES_PAGE = reverse("admin:organisation_user_add"), reverse("admin:organisation_membership_add")


def errors(response) -> dict:
    return dict(response.context["adminform"].form.errors)


def given(user, role, unit=None, **more) -> dict:
    return {"user": user.pk, "role": role, "unit": unit.pk if unit else "", "starts": "2024-01-01", **more}


@pytest.fixture
def security(log_in):
    return log_in(Role.SECURITY_ADMIN)


@pytest.fixture
def system(log_in):
    return log_in(Role.SYSTEM_ADMIN)


def test_a_role_is_given_and_told(security):
    user, unit = make_user(None), make_unit("566001")
    assert security.post(ROLES_PAGE, given(user, "clerk", unit)).status_code == 302
    membership = Membership.objects.get(user=user)
    record = ChangeRecord.objects.get(chain="rights")
    assert (record.action, record.via, record.by, record.unit) == ("add", "admin", security.user, unit)
    assert record.after["role"] == "clerk"
    page = reverse("admin:organisation_membership_change", args=[membership.pk])
    posted = {"ends": "2024-12-31", "role": "finance_admin", "user": security.user.pk, "starts": "2020-01-01"}
    assert security.post(page, posted).status_code == 302
    stored = Membership.objects.get(pk=membership.pk)
    assert (stored.ends, stored.role, stored.user, stored.starts) == (
        dt.date(2024, 12, 31),
        "clerk",
        user,
        dt.date(2024, 1, 1),
    )
    record = ChangeRecord.objects.filter(chain="rights").last()
    assert (record.before, record.after) == ({"ends": None}, {"ends": "2024-12-31"})
    assert broken("rights") is None


@pytest.mark.parametrize(
    ("role", "unit", "words"),
    [
        ("clerk", False, "须指定单位"),
        ("auditor", True, "须指定单位"),
        ("nothing", False, "有效"),
    ],
)
def test_what_the_rules_forbid_is_not_given(security, role, unit, words):
    user = make_user(None)
    response = security.post(ROLES_PAGE, given(user, role, make_unit("566001") if unit else None))
    assert words in str(errors(response))
    assert not user.memberships.exists()
    assert not ChangeRecord.objects.filter(chain="rights").exists()


def test_an_administrator_is_given_no_second_role(security):
    clerk = make_user(Role.CLERK)
    assert "不能与其他角色" in str(errors(security.post(ROLES_PAGE, given(clerk, "auditor"))))
    assert "user" in errors(security.post(ROLES_PAGE, {"role": "auditor", "starts": "2024-01-01"}))


def test_nobody_gives_or_changes_roles_of_their_own(security):
    assert "本人" in str(errors(security.post(ROLES_PAGE, given(security.user, "finance_admin"))))
    own = security.user.memberships.get()
    page = reverse("admin:organisation_membership_change", args=[own.pk])
    assert "本人" in str(errors(security.post(page, {"ends": "2999-01-01"})))


def test_roles_are_ended_at_once_and_whole(security):
    first, second = make_user(Role.CLERK), make_user(Role.REVIEWER)
    today = Membership.objects.create(user=make_user(None), role=Role.AUDITOR, starts=timezone.localdate())
    chosen = [first.memberships.get().pk, second.memberships.get().pk, today.pk]
    asked = {"action": "end_selected", "_selected_action": chosen}
    page = reverse("admin:organisation_membership_changelist")
    own = security.user.memberships.get().pk
    with_own = {**asked, "_selected_action": [*chosen, own]}
    assert "本人" in security.post(page, with_own, follow=True).content.decode()
    security.post(page, asked)
    assert list(Membership.objects.current().values_list("pk", flat=True)) == [own]
    assert not Membership.objects.filter(pk=today.pk).exists()
    actions = ChangeRecord.objects.filter(chain="rights").values_list("action", flat=True)
    assert sorted(actions) == ["edit", "edit", "remove"]


def test_a_right_that_ended_is_refused_at_the_next_request(clerk, security):
    page = reverse("admin:budget_line_changelist")
    assert clerk.get(page).status_code == 200
    rights.end(clerk.user.memberships.get(), by=security.user, via="admin")
    assert clerk.get(page).status_code == 302
    clerk.force_login(User.objects.get(pk=clerk.user.pk))
    assert clerk.get(page).status_code == 403


def test_the_writer_of_rights_refuses_by_itself(db):
    by = make_user(Role.SECURITY_ADMIN)
    with pytest.raises(ValidationError):
        rights.grant(Membership(user=by, role=Role.FINANCE_ADMIN), by=by, via="admin")
    assert by.memberships.count() == 1


def test_a_user_is_made_with_a_password_for_one_log_in(system, client):
    posted = {"username": "xinren", "name": "新人", "is_active": "on", "initial_password": "Chushi-2024-x"}
    slipped = {"is_superuser": "on", "is_staff": "on", "password": "x", "must_change_password": ""}
    assert "initial_password" in errors(system.post(USERS, {**posted, "initial_password": ""}))
    assert "initial_password" in errors(system.post(USERS, {**posted, "initial_password": "12345678"}))
    assert system.post(USERS, {**posted, **slipped}).status_code == 302
    user = User.objects.get(username="xinren")
    assert (user.is_superuser, user.is_staff, user.must_change_password) == (False, False, True)
    assert user.check_password("Chushi-2024-x")
    record = ChangeRecord.objects.get(chain="organisation")
    assert "Chushi" not in str(record.after)
    assert user.password not in str(record.after)
    assert record.after["password"] == "已设为初始密码"


def test_a_password_set_anew_ends_the_sessions_and_is_told(system, log_in):
    clerk = log_in(Role.CLERK)
    page = reverse("admin:organisation_user_change", args=[clerk.user.pk])
    posted = {"username": clerk.user.username, "name": clerk.user.name, "is_active": "on"}
    before = fingerprint()
    assert system.post(page, posted).status_code == 302
    assert fingerprint() == before
    assert system.post(page, {**posted, "initial_password": "Chongshe-2024"}).status_code == 302
    user = User.objects.get(pk=clerk.user.pk)
    assert user.must_change_password
    assert not user.check_password(PASSWORD)
    assert clerk.get("/admin/").status_code == 302
    assert ChangeRecord.objects.get(chain="organisation").after["password"] == "已设为初始密码"
    assert "已设为初始密码" in system.get(reverse("admin:organisation_user_history", args=[user.pk])).content.decode()
    assert "重设了" in user.notices.get().text


def test_a_password_of_an_administrator_set_anew_is_told_to_the_security_administrators(system):
    guard, ended, clerk = make_user(Role.SECURITY_ADMIN), make_user(Role.SECURITY_ADMIN), make_user(Role.CLERK)
    ended.memberships.update(ends=dt.date(2020, 1, 2))
    for who in (clerk, make_user(Role.FINANCE_ADMIN, name="吴管理")):
        page = reverse("admin:organisation_user_change", args=[who.pk])
        posted = {"username": who.username, "name": who.name, "is_active": "on"}
        assert system.post(page, {**posted, "phone": "1"}).status_code == 302  # no password, nothing to tell
        assert system.post(page, {**posted, "initial_password": "Chongshe-2024"}).status_code == 302
        assert who.notices.count() == 1
    assert "重设了吴管理" in guard.notices.get().text and not ended.notices.exists()


def test_who_sets_a_password_of_their_own_has_done_what_was_asked(log_in):
    user = make_user(Role.CLERK, must_change_password=True)
    client = log_in(None, user=user)
    new = {"old_password": PASSWORD, "new_password1": "Ziji-gai-2024", "new_password2": "Ziji-gai-2024"}
    assert client.get("/admin/password_change/").status_code == 200
    assert client.post("/admin/password_change/", new).status_code == 302
    user = User.objects.get(pk=user.pk)
    assert user.check_password("Ziji-gai-2024")
    assert not user.must_change_password


def test_the_system_administrator_keeps_units(system, own):
    page = reverse("admin:organisation_unit_add")
    posted = {"code": "566009", "name": "新单位", "parent": own_department(own).pk, "kind": "1", "is_active": "on"}
    assert system.post(page, posted).status_code == 302
    unit = make_unit("566009")
    assert unit.path == "566/566009/"
    assert ChangeRecord.objects.filter(chain="organisation", subject="organisation.unit", action="add").exists()
    change = reverse("admin:organisation_unit_change", args=[unit.pk])
    assert "上级单位不能是" in str(errors(system.post(change, {**posted, "parent": unit.pk})))
    used = reverse("admin:organisation_unit_delete", args=[own_unit(own).pk])
    assert "条预算" in system.get(used).content.decode()
    assert system.post(used, {"post": "yes"}).status_code == 200
    assert system.post(reverse("admin:organisation_unit_delete", args=[unit.pk]), {"post": "yes"}).status_code == 302


def own_unit(own):
    return next(iter(own.values())).unit


def own_department(own):
    return own_unit(own).parent


def test_the_code_of_a_unit_with_a_submitted_budget_stays(system, own):
    unit = own_unit(own)
    Budget.objects.filter(unit=unit).update(state="submitted", submitted=timezone.now())
    posted = {"code": "566777", "name": "新名", "parent": unit.parent_id, "kind": "1", "is_active": "on"}
    page = reverse("admin:organisation_unit_change", args=[unit.pk])
    assert "不能再改" in str(errors(system.post(page, posted))["code"])
    assert system.post(page, {**posted, "code": unit.code}).status_code == 302


def test_the_three_administrators_meet_no_amount(log_in, own):
    for role in (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN):
        client = log_in(role)
        pages = [one["admin_url"] for app in client.get("/admin/").context["app_list"] for one in app["models"]]
        assert pages
        assert not any("18100" in client.get(page).content.decode() for page in pages)
        assert client.get(reverse("admin:budget_budget_changelist")).status_code == 403
        assert client.get("/admin/table-sets/").status_code == 403
    auditor = log_in(Role.AUDITOR)
    shown = auditor.get(reverse("admin:records_changerecord_changelist")).content.decode()
    assert "办公费" in shown
