from django.core.management.base import BaseCommand, CommandError

from organisation.models import SecondFactor
from records import factors


class Command(BaseCommand):
    help = "重置一个用户的第二因素：没有别的安全管理员可以办理时用（如服务器密钥遗失）。记入变更记录。"

    def add_arguments(self, parser):
        parser.add_argument("username", help="用户名")

    def handle(self, *args, username: str, **options):
        factor = SecondFactor.objects.filter(user__username=username).select_related("user").first()
        if factor is None:
            raise CommandError(f"用户 {username} 没有第二因素。")
        factors.reset(factor, by=None, via="command")
        self.stdout.write(f"已重置 {username} 的第二因素，下次登录须重新启用。")
