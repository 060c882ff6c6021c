from django.core.management.base import BaseCommand, CommandError

from organisation import sealing, second_factor
from organisation.models import SecondFactor


class Command(BaseCommand):
    help = "以现在的 SECRET_KEY 重新加密各验证器的密钥；之后才可以从 SECRET_KEY_FALLBACKS 去掉旧密钥。"

    def handle(self, *args, **options):
        done, unreadable = 0, []
        for factor in SecondFactor.objects.select_related("user").order_by("user__username"):
            try:
                done += second_factor.reseal(factor)
            except sealing.Unreadable:
                unreadable.append(factor.user.username)
        self.stdout.write(f"已重新加密 {done} 个密钥。")
        if unreadable:
            raise CommandError(f"以下用户的密钥打不开，请由安全管理员重置其第二因素：{'、'.join(unreadable)}")
