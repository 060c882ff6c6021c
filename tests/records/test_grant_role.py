"""The first security administrator comes from the command line, with history."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from organisation.models import Membership
from organisation.rights import can
from records.models import ChangeRecord
from tests.factories import make_unit, make_user

pytestmark = pytest.mark.django_db


def test_a_role_is_given_and_told_of():
    user = make_user(None, username="anquan")
    call_command("grant_role", "anquan", "security_admin", stdout=StringIO())
    assert can(user, "grant_roles")
    assert ChangeRecord.objects.get(chain="rights").via == "command"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("nobody", "clerk", "--unit", "566001"), "没有用户"),
        (("jingban", "clerk", "--unit", "999999"), "没有单位"),
        (("jingban", "clerk"), "须指定单位"),
        (("jingban", "auditor"), "不能与其他角色"),
    ],
)
def test_what_the_rules_forbid_is_refused_in_words(arguments, message):
    make_user("clerk", make_unit("566001"), username="jingban")
    with pytest.raises(CommandError, match=message):
        call_command("grant_role", *arguments)
    assert Membership.objects.count() == 1
