"""What must not be true of a deployment's database."""

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.core.checks import Error, Tags, register
from django.db import connections

from organisation.models import User
from publication import demo


@register(Tags.database)
def no_demonstration_people(app_configs, databases, **kwargs):
    """Nobody logs in with the password that the demonstration tells everybody. Run by `migrate`, too."""
    found = []
    for name in () if settings.DEMO else databases or ():
        if User._meta.db_table not in connections[name].introspection.table_names():
            continue
        known = User.objects.using(name).filter(username__in=[one[0] for one in demo.PEOPLE], is_active=True)
        found += [user for user, password in known.values_list("username", "password") if _is_demo(password)]
    if not found:
        return []
    return [
        Error(
            f"数据库里有演示账户，密码众所周知：{'、'.join(sorted(found))}。",
            hint="停用这些账户或为其重设密码；仅供演示的系统请设置 DEMO=true。",
            id="mingzhang.E001",
        )
    ]


def _is_demo(password: str) -> bool:
    return check_password(demo.PASSWORD, password)
