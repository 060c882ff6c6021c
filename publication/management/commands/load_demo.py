from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import transaction

from publication import demo


class Command(BaseCommand):
    help = "装载演示数据：焦作市解放区科技和工业信息化局2024年预算（566/566001，二上草稿）和各角色的演示用户。"

    def add_arguments(self, parser):
        parser.add_argument("--reset", action="store_true", help="删除已有的演示预算，重新装载")

    def handle(self, *args, reset: bool, **options):
        if demo.is_loaded() and not reset:
            self.stdout.write(f"演示预算已存在，未作改动（重新装载请加 --reset）：{demo.DEPARTMENT} {demo.NAME}")
        else:
            with transaction.atomic():
                if demo.is_loaded():
                    demo.remove()
                budget = demo.load(with_people=settings.DEMO)
            self.stdout.write(f"已装载演示预算：{budget.unit.code} {budget}（{budget.get_state_display()}）")
        if settings.DEMO:
            self._print_log_ins()

    def _print_log_ins(self) -> None:
        self.stdout.write(f"演示用户（密码均为 {demo.PASSWORD}）：")
        for username, name, role, unit in demo.PEOPLE:
            self.stdout.write(f"  {username:<10}{role.label}　{name}" + (f"（{unit}）" if unit else ""))
