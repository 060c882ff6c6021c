from django.core.management.base import BaseCommand

from budget.invariants import MOST, problems


class Command(BaseCommand):
    help = "检查整个数据库：合计、状态、变更记录、触发器、文件。全部正常时退出码为0。"

    def handle(self, *args, **options):
        wrong = 0
        for name, found in problems():
            self.stdout.write(f"{'有误' if found else '正常'}  {name}")
            for words in found[:MOST]:
                self.stdout.write(f"      {words}")
            if len(found) > MOST:
                self.stdout.write(f"      另有 {len(found) - MOST} 处")
            wrong += len(found)
        self.stdout.write(f"共发现 {wrong} 处问题。" if wrong else "账目完好。")
        if wrong:
            raise SystemExit(1)
