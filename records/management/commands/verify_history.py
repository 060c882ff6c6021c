import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from records import history


class Command(BaseCommand):
    help = "核对变更记录和访问日志的摘要链；可同时记下各链末端（锚点），供以后查出被截断的日志。每天运行一次。"

    def add_arguments(self, parser):
        parser.add_argument("--anchor", action="store_true", help="核对无误后记下一个锚点")
        parser.add_argument("--write", metavar="FILE", help="把锚点另存为文件，应存放到别的机器或打印保存")
        parser.add_argument("--against", metavar="FILE", help="与以前另存的锚点文件核对")

    def handle(self, *args, anchor: bool, write: str | None, against: str | None, **options):
        kept = None
        if against:
            try:
                kept = json.loads(Path(against).read_text("utf-8"))["heads"]
            except (OSError, ValueError, KeyError, TypeError) as error:
                raise CommandError(f"锚点文件读不出：{against}。") from error
        if found := history.faults(kept):
            raise CommandError("日志核对不符：\n" + "\n".join(found))
        self.stdout.write(f"日志核对无误：{len(history.heads())} 条链。")
        if anchor or write:
            made = history.anchor()
            self.stdout.write(f"锚点 {made.at:%Y-%m-%d %H:%M} {made.digest}")
            if write:
                text = json.dumps({"at": made.at.isoformat(), "digest": made.digest, "heads": made.heads})
                Path(write).write_text(text, "utf-8")
