from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from organisation.models import Membership, Unit, User
from organisation.roles import Role
from records import rights


class Command(BaseCommand):
    help = "授予角色：新系统里的第一位安全管理员由此产生，其余任职由安全管理员在后台办理。"

    def add_arguments(self, parser):
        parser.add_argument("username", help="用户名（先用 createsuperuser 或由系统管理员建立）")
        parser.add_argument("role", choices=Role.values, help="角色")
        parser.add_argument("--unit", help="单位代码（单位、主管部门和业务处室的角色须指定）")

    def handle(self, *args, username: str, role: str, unit: str | None, **options):
        try:
            user = User.objects.get(username=username)
            where = Unit.objects.get(code=unit) if unit else None
        except User.DoesNotExist:
            raise CommandError(f"没有用户 {username}。") from None
        except Unit.DoesNotExist:
            raise CommandError(f"没有单位 {unit}。") from None
        membership = Membership(user=user, unit=where, role=role)
        try:
            rights.grant(membership, by=None, via="command")
        except ValidationError as error:
            raise CommandError("；".join(error.messages)) from None
        self.stdout.write(f"已授予：{membership}")
