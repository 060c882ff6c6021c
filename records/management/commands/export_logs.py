import json
from datetime import date
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.core.serializers.json import DjangoJSONEncoder

from records.models import AccessRecord, ChangeRecord

LOGS = {"history": ChangeRecord, "access": AccessRecord}


class Command(BaseCommand):
    help = "把变更记录和访问日志另存为文件（每行一条 JSON，含摘要），存放到别的机器。数据库里的日志不因此减少。"

    def add_arguments(self, parser):
        parser.add_argument("file", metavar="FILE", help="要写的文件，不覆盖已有的")
        parser.add_argument("--since", type=date.fromisoformat, metavar="DAY", help="只要这一天起的（如 2026-01-31）")

    def handle(self, *args, file: str, since: date | None = None, **options):
        number = 0
        try:
            with Path(file).open("x", encoding="utf-8") as out:
                for name, model in LOGS.items():
                    rows = model.objects.order_by("pk")
                    rows = rows.filter(at__date__gte=since) if since else rows
                    for row in rows.values().iterator():
                        out.write(json.dumps({"log": name, **row}, ensure_ascii=False, cls=DjangoJSONEncoder) + "\n")
                        number += 1
        except FileExistsError:
            raise CommandError(f"文件已存在：{file}。") from None
        except OSError as error:
            raise CommandError(f"文件写不了：{file}。") from error
        self.stdout.write(f"已写出 {number} 条。")
